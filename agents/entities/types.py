"""What the recogniser finds in a text, and the placeholders that stand for it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Label = Literal["MOL", "QTY", "UNIT", "NUM", "EQN", "EXPR", "FILE"]

#: ``⟨MOL1:name⟩``, ``⟨QTY2:mass⟩``, ``⟨EQN1⟩``: label, number, optional detail.
PLACEHOLDER = re.compile(r"⟨(?P<label>[A-Z]+)(?P<number>\d+)(?::(?P<detail>[a-z_]+))?⟩")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand an ambiguous entity (``CO``: the gas, or methanol as SMILES)."""

    detail: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of the question that means something to a tool.

    Attributes:
        label: coarse kind; decides which slots it can fill (``frames.SLOTS``).
        number: counts from one within the label and the session, so that a
            placeholder means the same thing in every turn.
        detail: finer kind. MOL: ``name``, ``smiles``, ``cas``, ``inchi``, ``inchikey``,
            ``formula``, ``ambiguous``. QTY and UNIT: the dimension (``mass``,
            ``temperature``, ``energy``, ``substance``, …) or empty.
        surface: the text as the person wrote it; what the placeholder unmasks to.
        start, end: character offsets in the question (0, 0 when taken from context).
        readings: every reading, when there is more than one.
    """

    label: Label
    number: int
    surface: str
    detail: str = ""
    start: int = 0
    end: int = 0
    readings: tuple[Reading, ...] = field(default=())

    @property
    def placeholder(self) -> str:
        """``⟨MOL1:name⟩``."""
        suffix = f":{self.detail}" if self.detail else ""
        return f"⟨{self.label}{self.number}{suffix}⟩"
