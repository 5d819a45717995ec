"""A prompting strategy: how a model is asked to work, as data that can be compared."""

from __future__ import annotations

import hashlib
import json
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from .templates import variables_of
from .texts import reasoning_text, rules_text

#: Part of every hash; raised when the rendering of a strategy changes its meaning.
FORMAT = 1

ExampleMode = Literal["none", "fixed", "nearest"]
Reasoning = Literal["direct", "chain_of_thought", "react", "plan_first"]

#: The variables that a strategy's ``system`` template uses; ``examples`` only where the
#: strategy has some.
VARIABLES = ("persona", "rules", "reasoning", "tools")


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class ExampleText(_Strict):
    """A worked example written by hand: a question, the calls, and the answer."""

    question: str = Field(min_length=1)
    calls: tuple[str, ...] = ()
    answer: str = Field(min_length=1)


class Examples(_Strict):
    """Which worked examples the model sees.

    Attributes:
        mode: none; fixed (the same for every question); nearest (to the question).
        count: how many.
        seed: which ones are drawn from the tools' frames, for ``fixed``.
        list: written by hand; they come first and count.
    """

    mode: ExampleMode = "none"
    count: int = Field(default=0, ge=0, le=50)
    seed: int = 0
    list: tuple[ExampleText, ...] = ()

    @model_validator(mode="after")
    def _fits(self) -> Examples:
        if self.mode == "none" and (self.count or self.list):
            raise ValueError("mode 'none' has neither a count nor a list")
        if self.mode != "none" and self.count < 1:
            raise ValueError(f"mode {self.mode!r} needs a count of at least 1")
        if len(self.list) > self.count:
            raise ValueError("there are more examples in the list than the count")
        return self


class Strategy(_Strict):
    """A prompting strategy, read from ``prompts/strategies/<name>.toml``.

    Attributes:
        name: the file's name.
        description: one sentence for the list of strategies.
        persona: who the model is asked to be.
        system: template of the system prompt (see ``VARIABLES``).
        examples: which worked examples it shows.
        reasoning: whether the model answers directly, thinks step by step, alternates
            thought and action, or writes its plan first.
        samples: independent answers that are compared (self-consistency); 1 is none.
        temperature: asked of the model; more than one sample needs one above 0.
        refine_rounds: times that the model revises its answer.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    description: str = Field(min_length=1, max_length=300)
    persona: str = Field(min_length=1)
    system: str = Field(min_length=1)
    examples: Examples = Examples()
    reasoning: Reasoning = "direct"
    samples: int = Field(default=1, ge=1, le=50)
    temperature: float | None = Field(default=None, ge=0.0, le=2.0)
    refine_rounds: int = Field(default=0, ge=0, le=10)

    @field_validator("persona")
    @classmethod
    def _plain(cls, persona: str) -> str:
        # StrategyError is no ValueError, so it passes through pydantic unchanged.
        if variables_of(persona):
            raise ValueError("the persona is plain text, without variables")
        return persona

    @model_validator(mode="after")
    def _uses_its_variables(self) -> Strategy:
        used, wanted = set(variables_of(self.system)), set(self.variables)
        if wanted - used:
            raise ValueError(f"the system template lacks {{{{{min(wanted - used)}}}}}")
        if used - wanted:
            raise ValueError(
                f"the system template uses {{{{{min(used - wanted)}}}}}, which it is not given"
            )
        if self.samples > 1 and not self.temperature:
            raise ValueError("more than one sample needs a temperature above 0")
        return self

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that its system template is given."""
        return VARIABLES if self.examples.mode == "none" else (*VARIABLES, "examples")

    @property
    def hash(self) -> str:
        """SHA-256 of the strategy's content and of the shared texts it is rendered with.

        Two runs with the same hash, tools and question read the same prompt.
        """
        content = {
            "format": FORMAT,
            "strategy": self.model_dump(mode="json"),
            "rules": rules_text(),
            "reasoning": reasoning_text(self.reasoning),
        }
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()
