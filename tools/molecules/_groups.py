"""The catalogue of functional groups (groups.toml) and how a molecule is searched for them."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rdkit.Chem import Mol

_MOST_MATCHES = 1000
METHOD_NOTE = "substructure search (SMARTS) in labhand's catalogue of functional groups"


@dataclass(frozen=True)
class FunctionalGroup:
    """A group: its key, how it reads in a sentence, and its SMARTS."""

    name: str
    label: str
    smarts: str

    def matches(self, mol: Mol) -> list[tuple[int, ...]]:
        """Atom indices of every occurrence, each once."""
        found = mol.GetSubstructMatches(_pattern(self.smarts), maxMatches=_MOST_MATCHES)
        return [tuple(match) for match in found]


@functools.cache
def groups() -> dict[str, FunctionalGroup]:
    """Every known group by name, in the order of the catalogue."""
    path = Path(__file__).with_name("groups.toml")
    table = tomllib.loads(path.read_text("utf-8"))
    return {name: FunctionalGroup(name, **entry) for name, entry in table.items()}


@functools.cache
def _pattern(smarts: str) -> Mol:
    from rdkit import Chem

    pattern = Chem.MolFromSmarts(smarts)
    if pattern is None:
        raise ValueError(f"not a SMARTS: {smarts}")
    return pattern


def described(mol: Mol, match: tuple[int, ...]) -> str:
    """The atoms of an occurrence, counted from one in the SMILES as written: ``C2 O3 O4``."""
    return " ".join(f"{mol.GetAtomWithIdx(i).GetSymbol()}{i + 1}" for i in sorted(match))
