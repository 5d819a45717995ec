"""What counts as evidence in a turn: what the person gave, and what the tools observed.

Text that a model wrote is never evidence, and neither are the worked examples of a
prompt.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ..tools.contract import Observation, ToolRegistry


@functools.cache
def _house_tools() -> ToolRegistry:
    return ToolRegistry()


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence a gate may look at.

    Attributes:
        given: texts by the person: the question, earlier questions, attachments.
        observations: the ledger of the session by id.
        registry: the tools that made them; by it the gate knows which arguments are numbers.
    """

    given: tuple[str, ...] = ()
    observations: Mapping[str, Observation] = field(default_factory=dict)
    registry: ToolRegistry = field(default_factory=_house_tools)

    @classmethod
    def of(
        cls,
        given: Iterable[str],
        observations: Iterable[Observation],
        registry: ToolRegistry | None = None,
    ) -> Evidence:
        """Evidence from texts and observations."""
        by_id = {o.id: o for o in observations}
        return cls(tuple(given), by_id, registry or _house_tools())

    def observation(self, identifier: str) -> Observation | None:
        """The observation of this id, if the session has it."""
        return self.observations.get(identifier)
