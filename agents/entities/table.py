"""The session's placeholders: which number stands for which text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .types import Entity, Label, Reading

#: As a model may write a placeholder back: any case, detail dropped or kept.
#: A caret asks for a capital, where a sentence begins: ``⟨^MOL1:name⟩``.
_WRITTEN = re.compile(r"⟨\s*(?P<capital>\^?)([A-Za-z]+)\s*(\d{1,9})(?::[A-Za-z_]*)?\s*⟩")


class EntityTable:
    """Numbers entities so that a placeholder means the same text in every turn."""

    def __init__(self) -> None:
        self._by_surface: dict[tuple[str, str], Entity] = {}
        self._by_number: dict[tuple[str, int], Entity] = {}

    def __len__(self) -> int:
        return len(self._by_number)

    def entity(
        self,
        label: Label,
        surface: str,
        detail: str = "",
        start: int = 0,
        end: int = 0,
        readings: tuple[Reading, ...] = (),
    ) -> Entity:
        """The entity for this text; the same label and text always get the same number."""
        known = self._by_surface.get((label, surface))
        if known is None:
            number = 1 + sum(1 for kept, _ in self._by_number if kept == label)
            known = Entity(label, number, surface, detail, start, end, readings)
            self._by_surface[label, surface] = known
            self._by_number[label, number] = known
        return Entity(label, known.number, surface, detail, start, end, readings)

    def find(self, label: str, number: int) -> Entity | None:
        """The entity of this label and number, or ``None``."""
        return self._by_number.get((label, number))

    def entities(self) -> tuple[Entity, ...]:
        """Every entity of the session, in the order of its first appearance."""
        return tuple(self._by_number.values())


def mask(text: str, entities: Iterable[Entity]) -> str:
    """The text with each entity's span replaced by its placeholder."""
    pieces: list[str] = []
    position = 0
    for entity in sorted(entities, key=lambda e: e.start):
        if entity.start < position or entity.end <= entity.start:
            continue
        pieces += [text[position : entity.start], entity.placeholder]
        position = entity.end
    return "".join([*pieces, text[position:]])


def unmask(value: Any, table: EntityTable) -> Any:
    """A text, or a JSON value with texts in it, with placeholders replaced by what they mean.

    A placeholder that the table does not know stays as it is, and what a placeholder
    unmasks to is not searched again.
    """
    if isinstance(value, str):
        return _WRITTEN.sub(lambda m: _surface(m, table), value) if "⟨" in value else value
    if isinstance(value, list):
        return [unmask(v, table) for v in value]
    if isinstance(value, tuple):
        return tuple(unmask(v, table) for v in value)
    if isinstance(value, dict):
        return {k: unmask(v, table) for k, v in value.items()}
    return value


#: Plain words take a capital at the head of a sentence; "tert-butanol" and "pH" do not.
_PLAIN = re.compile(r"[a-z]{3,}(?![\w-])")


def _surface(match: re.Match[str], table: EntityTable) -> str:
    found = table.find(match.group(2).upper(), int(match.group(3)))
    if found is None:
        return match.group()
    if match["capital"] and _PLAIN.match(found.surface):
        return found.surface[0].upper() + found.surface[1:]
    return found.surface
