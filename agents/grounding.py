"""The grounding gate: no number reaches a person without a source.

The gate renders references from the ledger, labels everything else that the answer
states, and tells the model what has no evidence. What still has none after the
allowed retries is struck: the number itself is taken out and the place is marked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .claims import Labelled, label_answer
from .evidence import Evidence
from .rendering import Broken, Resolved, Segment
from .reply import Claim, EvidencedQuantity

#: "80.2 °C [o2] (80.2 °C [o2])": a conversion to the unit that stands there already.
_REPEATED = re.compile(r"(\S[^()\n]{0,80}?\[o\d+\]) \(\1\)")
STRUCK = "[struck: no evidence]"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the gate says of one answer.

    Attributes:
        text: the answer as a person may read it: rendered, unsupported claims struck.
        claims: every claim with its label.
        quantities: what the answer refers to, once each, in order.
        unsupported: the claims that were struck.
        cited: ids of the observations referred to, in order.
    """

    text: str
    claims: tuple[Labelled, ...]
    quantities: tuple[EvidencedQuantity, ...]
    unsupported: tuple[Labelled, ...]
    cited: tuple[str, ...]

    @property
    def grounded(self) -> bool:
        """True if nothing had to be struck."""
        return not self.unsupported

    def feedback(self) -> str:
        """What the model is told when something has no evidence."""
        lines = [f"- {c.text}: {c.problem or 'no evidence holds it'}" for c in self.unsupported]
        return (
            "These statements of your answer have no evidence in this session:\n"
            + "\n".join(lines)
            + "\nWrite the answer again. Refer to evidence as {o1.property} instead of typing "
            "values, call a tool for what is missing, or leave it out."
        )

    def to_claims(self) -> list[Claim]:
        """The claims as the reply carries them."""
        return [Claim(text=c.text, label=c.label, evidence=c.evidence) for c in self.claims]


def judge(answer: str, evidence: Evidence) -> Judgement:
    """Render and label an answer against the evidence."""
    parts, claims = label_answer(answer, evidence)
    unsupported = tuple(c for c in claims if not c.supported)
    text = "".join(_shown(part, i, unsupported) for i, part in enumerate(parts))
    return Judgement(
        text=_REPEATED.sub(r"\1", text).strip(),
        claims=tuple(claims),
        quantities=_quantities(parts, unsupported),
        unsupported=unsupported,
        cited=_cited(parts, claims),
    )


def _shown(part: Segment, index: int, unsupported: Sequence[Labelled]) -> str:
    here = [c for c in unsupported if c.segment == index]
    if isinstance(part, Broken):
        return STRUCK
    if isinstance(part, Resolved):
        return STRUCK if here else part.text
    text = part.text
    for claim in sorted(here, key=lambda c: -(c.found.start if c.found else 0)):
        if claim.found is not None:
            text = text[: claim.found.start] + STRUCK + text[claim.found.end :]
    return text


def _quantities(
    parts: Sequence[Segment], unsupported: Sequence[Labelled]
) -> tuple[EvidencedQuantity, ...]:
    struck = {c.segment for c in unsupported}
    found: dict[str, EvidencedQuantity] = {}
    for index, part in enumerate(parts):
        if not isinstance(part, Resolved) or part.quantity is None or index in struck:
            continue
        if part.quantity.flag:
            continue
        quantity = EvidencedQuantity(**part.quantity.model_dump(), evidence=part.observation.id)
        found.setdefault(quantity.model_dump_json(), quantity)
    return tuple(found.values())


def _cited(parts: Sequence[Segment], claims: Sequence[Labelled]) -> tuple[str, ...]:
    ids = [p.observation.id for p in parts if isinstance(p, Resolved)]
    ids += [c.evidence for c in claims if c.evidence]
    return tuple(dict.fromkeys(ids))


class BlockGate:
    """Lets a streamed answer through block by block, each one only when it is grounded.

    A block ends at an empty line. Once a block holds something unsupported, nothing
    more passes: the gate at the end of the turn decides.
    """

    def __init__(self) -> None:
        self._buffer = ""
        self._blocked = False
        self.passed = ""

    def feed(self, text: str, evidence: Evidence) -> str:
        """Take a piece of the answer; return what may be shown now (rendered)."""
        self._buffer += text
        shown = ""
        while not self._blocked and (cut := self._buffer.find("\n\n")) >= 0:
            block, self._buffer = self._buffer[: cut + 2], self._buffer[cut + 2 :]
            if not block.strip():
                continue
            judgement = judge(block, evidence)
            if not judgement.grounded:
                self._blocked = True
                break
            shown += judgement.text + "\n\n"
        self.passed += shown
        return shown

    def rest(self, final: str) -> str | None:
        """What of the final text was not shown yet; ``None`` if what was shown is no part of it."""
        shown = self.passed.strip()
        return final[len(shown) :].lstrip() if final.startswith(shown) else None
