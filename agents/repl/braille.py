"""A molecule drawn in braille dots: two by four dots a character, any terminal can show it.

RDKit's 2-D coordinates give the places; bonds are lines of dots, carbon atoms have no label
unless they stand alone, and every other atom has its symbol with its hydrogens and charge.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ...tools.contract.errors import NotApplicableError, ToolInputError

#: Bit of each dot of U+2800 by (row, column) within the character.
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
#: H₂O and HCl, but NH₃ and CH₄, as formulas of the hydrides are written.
_HYDROGENS_FIRST = frozenset({"O", "S", "Se", "Te", "F", "Cl", "Br", "I"})
MOST_ATOMS = 120
#: Dots between the two ends of an average bond; rings stay open at this size.
DOTS_A_BOND = 11.0


@dataclass(frozen=True, slots=True)
class Atom:
    """A labelled point; ``x`` and ``y`` in units of the drawing, y upwards.

    ``anchor`` is the sign of the label that stands on the point (the N of ``H₂N``).
    """

    label: str
    x: float
    y: float
    anchor: int = 0


@dataclass(frozen=True, slots=True)
class Bond:
    """Two atom indices, counted from zero, and 1, 2 or 3 lines; 0 is a dotted line."""

    begin: int
    end: int
    lines: int


def draw_smiles(smiles: str, width: int = 60) -> str:
    """The molecule of a SMILES as text, at most ``width`` characters wide.

    Raises:
        ToolInputError: the SMILES does not parse.
        NotApplicableError: the molecule is too large to be readable.
    """
    atoms, bonds = layout(smiles)
    if len(atoms) > MOST_ATOMS:
        raise NotApplicableError(
            f"a molecule of {len(atoms)} atoms is too large for a drawing in text.",
            f"At most {MOST_ATOMS} heavy atoms can be drawn.",
        )
    return draw(atoms, bonds, width)


def layout(smiles: str) -> tuple[list[Atom], list[Bond]]:
    """Labels, 2-D coordinates and bonds of a molecule, aromatic rings in a Kekulé form.

    Raises:
        ToolInputError: the SMILES does not parse.
    """
    from rdkit import Chem, rdBase
    from rdkit.Chem import rdDepictor

    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(smiles)
        if mol is None or mol.GetNumAtoms() == 0:
            raise ToolInputError(f"{smiles[:80]!r} is not a SMILES that can be drawn.")
        Chem.Kekulize(mol, clearAromaticFlags=True)
        rdDepictor.Compute2DCoords(mol)
        rdDepictor.StraightenDepiction(mol)
    places = mol.GetConformer().GetPositions()
    atoms = [_atom(atom, places) for atom in mol.GetAtoms()]  # type: ignore[call-arg]
    bonds = [
        Bond(b.GetBeginAtomIdx(), b.GetEndAtomIdx(), round(b.GetBondTypeAsDouble()) % 4)
        for b in mol.GetBonds()
    ]
    return atoms, bonds


def _atom(atom: Any, places: Any) -> Atom:
    x, y = (float(c) for c in places[atom.GetIdx()][:2])
    symbol, charge, isotope = atom.GetSymbol(), atom.GetFormalCharge(), atom.GetIsotope()
    plain = symbol == "C" and not charge and not isotope and not atom.GetNumRadicalElectrons()
    neighbours = [float(places[n.GetIdx()][0]) for n in atom.GetNeighbors()]
    if plain and neighbours:
        return Atom("", x, y)
    count = atom.GetTotalNumHs()
    hydrogens = ("H" + (str(count) if count > 1 else "").translate(_SUBSCRIPT)) if count else ""
    sign = {0: "", 1: "⁺", -1: "⁻"}.get(charge)
    if sign is None:
        sign = str(abs(charge)).translate(_SUPERSCRIPT) + ("⁺" if charge > 0 else "⁻")
    own = (str(isotope).translate(_SUPERSCRIPT) if isotope else "") + symbol
    if neighbours:
        # The hydrogens stand on the side that is free: HO– on the left, –OH on the right.
        hydrogens_first = sum(neighbours) / len(neighbours) > x + 0.1
    else:
        hydrogens_first = symbol in _HYDROGENS_FIRST and not charge
    if hydrogens_first:
        return Atom(hydrogens + own + sign, x, y, anchor=len(hydrogens))
    return Atom(own + hydrogens + sign, x, y)


def draw(atoms: Sequence[Atom], bonds: Sequence[Bond], width: int = 60) -> str:
    """Draw atoms and bonds; equal scales in x and y (a dot is about as wide as high)."""
    canvas = _Canvas.around(atoms, bonds, width)
    for bond in bonds:
        canvas.bond(canvas.place(atoms[bond.begin]), canvas.place(atoms[bond.end]), bond.lines)
    for atom in atoms:
        canvas.label(canvas.place(atom), atom.label, atom.anchor)
    return canvas.text()


class _Canvas:
    """A grid of characters of 2 × 4 dots, with labels on top."""

    def __init__(self, columns: int, rows: int, scale: float, left: float, top: float) -> None:
        self._dots = [[0] * columns for _ in range(rows)]
        self._labels: dict[tuple[int, int], str] = {}
        self._scale, self._left, self._top = scale, left, top

    @classmethod
    def around(cls, atoms: Sequence[Atom], bonds: Sequence[Bond], width: int) -> _Canvas:
        xs, ys = [a.x for a in atoms], [a.y for a in atoms]
        margin = 2 + max((len(a.label) for a in atoms), default=0)
        lengths = [
            math.hypot(atoms[b.begin].x - atoms[b.end].x, atoms[b.begin].y - atoms[b.end].y)
            for b in bonds
        ]
        natural = DOTS_A_BOND / (sum(lengths) / len(lengths)) if lengths else DOTS_A_BOND / 1.5
        room = max(width - 2 * margin, 4) * 2
        scale = min(natural, room / max(max(xs) - min(xs), 1e-6))
        columns = int((max(xs) - min(xs)) * scale / 2) + 2 * margin + 1
        rows = int((max(ys) - min(ys)) * scale / 4) + 3
        return cls(columns, rows, scale, min(xs) - 2 * margin / scale, max(ys) + 4 / scale)

    def place(self, atom: Atom) -> tuple[float, float]:
        """Dot coordinates of an atom, rows downwards."""
        return (atom.x - self._left) * self._scale, (self._top - atom.y) * self._scale

    def bond(self, a: tuple[float, float], b: tuple[float, float], lines: int) -> None:
        length = math.hypot(b[0] - a[0], b[1] - a[1])
        if length == 0:
            return
        normal = (-(b[1] - a[1]) / length, (b[0] - a[0]) / length)
        offsets = {2: (-1.3, 1.3), 3: (-2.4, 0.0, 2.4)}.get(lines, (0.0,))
        steps = max(int(length * 1.5), 1)
        for offset in offsets:
            for step in range(0, steps + 1, 3 if lines == 0 else 1):
                t = step / steps
                self._dot(
                    a[0] + (b[0] - a[0]) * t + normal[0] * offset,
                    a[1] + (b[1] - a[1]) * t + normal[1] * offset,
                )

    def _dot(self, x: float, y: float) -> None:
        column, row = int(x) // 2, int(y) // 4
        if 0 <= row < len(self._dots) and 0 <= column < len(self._dots[0]):
            self._dots[row][column] |= _BITS[int(y) % 4][int(x) % 2]

    def label(self, place: tuple[float, float], text: str, anchor: int) -> None:
        column, row = int(place[0]) // 2 - anchor, int(place[1]) // 4
        for offset, sign in enumerate(text):
            self._labels[row, column + offset] = sign

    def text(self) -> str:
        lines = [
            "".join(
                self._labels.get((r, c), chr(0x2800 + dots) if dots else " ")
                for c, dots in enumerate(row)
            ).rstrip()
            for r, row in enumerate(self._dots)
        ]
        filled = [line for line in lines if line.strip()]
        indent = min((len(line) - len(line.lstrip()) for line in filled), default=0)
        while lines and not lines[0].strip():
            lines.pop(0)
        while lines and not lines[-1].strip():
            lines.pop()
        return "\n".join(line[indent:] for line in lines)
