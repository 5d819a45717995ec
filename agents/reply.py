"""The reply: the stable JSON that scripts rely on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..tools.contract import Observation, Quantity

Status = Literal["answered", "abstained", "refused", "failed"]
Label = Literal[
    "GIVEN",
    "OBSERVED",
    "DERIVED",
    "BACKGROUND",
    "INVALID",
    "CONTRADICTED",
    "MISATTRIBUTED",
    "LEAKED",
    "FABRICATED",
    "PHANTOM_ACTION",
    "BAD_CITATION",
    "UNCHECKABLE",
]


class EvidencedQuantity(Quantity):
    """A quantity that answers the question, with the observation it comes from."""

    evidence: str


class Citation(BaseModel):
    """A passage of a paper that supports the answer."""

    model_config = ConfigDict(frozen=True)

    key: str
    file: str
    page: int | None = None
    quote: str
    evidence: str


class Claim(BaseModel):
    """A checkable statement of the answer and its label."""

    model_config = ConfigDict(frozen=True)

    text: str
    label: Label
    evidence: str | None = None


class Usage(BaseModel):
    """What the turn cost: model calls, tokens, and money where a price is known."""

    model_config = ConfigDict(frozen=True)

    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_usd: float | None = None

    @classmethod
    def total(cls, every: Sequence[Usage]) -> Usage:
        """The sum; the cost is that of the turns whose price is known."""
        costs = [u.cost_usd for u in every if u.cost_usd is not None]
        return cls(
            calls=sum(u.calls for u in every),
            input_tokens=sum(u.input_tokens for u in every),
            output_tokens=sum(u.output_tokens for u in every),
            cost_usd=sum(costs) if costs else None,
        )


class Reply(BaseModel):
    """What came of a question.

    ``quantities`` holds what answers the question, not everything that was computed;
    ``observations`` holds all that this turn ran or that the answer refers to;
    ``reason`` says why the turn abstained, refused, failed, or stopped early.
    """

    model_config = ConfigDict(frozen=True)

    question: str
    status: Status
    answer: str = ""
    quantities: list[EvidencedQuantity] = Field(default_factory=list)
    citations: list[Citation] = Field(default_factory=list)
    claims: list[Claim] = Field(default_factory=list)
    observations: list[Observation] = Field(default_factory=list)
    reason: str | None = None
    model: str = ""
    strategy: str = ""
    session: str = ""
    usage: Usage = Field(default_factory=Usage)
    seconds: float = 0.0

    def to_json(self, **keys: Any) -> str:
        """One line of JSON; more keys (of a batch's line) are put first and handed back."""
        import json

        return json.dumps({**keys, **self.model_dump(mode="json")}, ensure_ascii=False)
