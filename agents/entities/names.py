"""What the recogniser needs to know about names of molecules: whether there is such a name."""

from __future__ import annotations

from typing import Protocol


class NameLookup(Protocol):
    """A store of compound names; ``tools.molecules.name_index.NameIndex`` is the real one."""

    def contains(self, name: str) -> bool:
        """True if some compound is known under this name (any case)."""
        ...


class NoNames:
    """A store without names: only spellings that show what they are will be recognised."""

    def contains(self, name: str) -> bool:
        """Always False."""
        del name
        return False
