"""Entities of a question: found by form and by name, masked for models that know no chemistry."""

from __future__ import annotations

from .names import NameLookup, NoNames
from .recogniser import MAX_CHARACTERS, Recogniser
from .table import EntityTable, mask, unmask
from .types import PLACEHOLDER, Entity, Label, Reading
from .vocabulary import frame_words

__all__ = [
    "MAX_CHARACTERS",
    "PLACEHOLDER",
    "Entity",
    "EntityTable",
    "Label",
    "NameLookup",
    "NoNames",
    "Reading",
    "Recogniser",
    "frame_words",
    "mask",
    "unmask",
]
