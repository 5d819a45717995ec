"""What counts as evidence in a turn: what the person gave, and what the tools observed.

Text that a model wrote is never evidence, and neither are the worked examples of a
prompt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..tools.contract import Observation


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence a gate may look at.

    Attributes:
        given: texts by the person: the question, earlier questions, attachments.
        observations: the ledger of the session by id.
    """

    given: tuple[str, ...] = ()
    observations: Mapping[str, Observation] = field(default_factory=dict)

    @classmethod
    def of(cls, given: Iterable[str], observations: Iterable[Observation]) -> Evidence:
        """Evidence from texts and observations."""
        return cls(tuple(given), {o.id: o for o in observations})

    def observation(self, identifier: str) -> Observation | None:
        """The observation of this id, if the session has it."""
        return self.observations.get(identifier)
