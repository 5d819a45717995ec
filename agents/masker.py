"""The masker of a session: one entity table for all its turns."""

from __future__ import annotations

from typing import Any

from .entities import EntityTable, Recogniser, mask, unmask


class Masker:
    """Replaces what the recogniser finds by placeholders, and back.

    The table is filled in the order of the questions, so that replaying a session
    gives every entity the same number again.
    """

    def __init__(self, recogniser: Recogniser) -> None:
        self._recogniser = recogniser
        self._table = EntityTable()
        self._masked: dict[str, str] = {}

    def mask_text(self, text: str) -> str:
        """A question with its entities replaced; the same text gives the same result."""
        if text not in self._masked:
            self._masked[text] = mask(text, self._recogniser.recognise(text, self._table))
        return self._masked[text]

    def mask_known(self, value: Any) -> Any:
        """What a model said earlier, with known surfaces replaced where they stand alone."""
        if isinstance(value, str):
            return self._placeholders().get(value, value)
        if isinstance(value, list):
            return [self.mask_known(v) for v in value]
        if isinstance(value, dict):
            return {k: self.mask_known(v) for k, v in value.items()}
        return value

    def unmask(self, value: Any) -> Any:
        """Placeholders replaced by what the person wrote, in texts, lists and tables."""
        return unmask(value, self._table)

    def _placeholders(self) -> dict[str, str]:
        return {e.surface: e.placeholder for e in self._table.entities()}
