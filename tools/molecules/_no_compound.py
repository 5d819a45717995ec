"""Names that stand for no single compound: polymers, mixtures, biological macromolecules."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..contract.errors import NotApplicableError
from .name_index import NameIndex
from .name_keys import normalise

_POLY = "poly"


@dataclass(frozen=True, slots=True)
class Kind:
    """A sort of thing that is no compound: what it is, and what to ask instead."""

    what: str
    remedy: str


_GRADE = re.compile(r"[\s-]*\d[\d,.]*\s*(?:k|k?da|g/mol)?$", re.IGNORECASE)


def refuse_what_is_no_compound(text: str, index: NameIndex) -> None:
    """Refuse a polymer, mixture or macromolecule by name.

    The tables list ``polystyrene`` among the names of styrene; its molar mass would be given
    for that of the plastic.

    Raises:
        NotApplicableError: the text names no single compound.
    """
    kind = _known().get(normalise(text)) or _grade_of_polymer(text)
    if kind is None and _is_polymer_of_its_own_monomer(text, index):
        kind = _sorts()["polymer"]
    if kind is not None:
        raise NotApplicableError(f"{text} is {kind.what}.", kind.remedy, compound=text[:200])


def _grade_of_polymer(text: str) -> Kind | None:
    """``PEG 400``, ``polystyrene 100 kDa``: a polymer with its mean molar mass."""
    name = _GRADE.sub("", text.strip())
    kind = _known().get(normalise(name)) if name != text.strip() else None
    return kind if kind == _sorts()["polymer"] else None


def _is_polymer_of_its_own_monomer(text: str, index: NameIndex) -> bool:
    """``poly(x)``, where a table calls by this name the very compound that it calls ``x``."""
    key = normalise(text)
    if not key.startswith(_POLY):
        return False
    monomer = key.removeprefix(_POLY).strip("()[]")
    if len(monomer) < 4:
        return False
    called = {e.cas for e in index.lookup(text) if e.match == "synonym"}
    return bool(called & {e.cas for e in index.lookup(monomer)})


@functools.cache
def _sorts() -> dict[str, Kind]:
    return {name: Kind(entry["what"], entry["remedy"]) for name, entry in _table().items()}


@functools.cache
def _known() -> dict[str, Kind]:
    return {
        normalise(name): _sorts()[sort]
        for sort, entry in _table().items()
        for name in entry["names"]
    }


@functools.cache
def _table() -> dict[str, dict]:
    return tomllib.loads(Path(__file__).with_name("no_compound.toml").read_text("utf-8"))
