"""Drawings of molecules: in braille signs for a terminal, as SVG for a file."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from ._rdkit import parse_smiles

if TYPE_CHECKING:
    from rdkit.Chem import Mol

#: Bit of the braille block for each of the 2 × 4 dots of a sign: [row][column].
_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BLANK = 0x2800
_DOTS_PER_ANGSTROM = 7.0  # about five signs a bond: readable, and small molecules stay small
_MARGIN = 6  # dots, room for labels at the rim
_GAP = 1.8  # dots between the lines of a multiple bond
NARROWEST, WIDEST = 12, 200


def braille(smiles: str, width: int = 48) -> str:
    """A drawing of at most ``width`` signs a line; heteroatoms are labelled with their hydrogens.

    >>> from labhand.tools.molecules.depiction import braille
    >>> braille("O")
    'OH₂'

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    mol = _drawable(smiles)
    width = min(max(width, NARROWEST), WIDEST)
    points, columns, rows = _layout(mol, width)
    canvas = _Canvas(columns, rows)
    labels = {atom.GetIdx(): _label(atom) for atom in mol.GetAtoms()}
    for bond in mol.GetBonds():
        ends = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        start, end = (points[i] for i in ends)
        canvas.bond(start, end, bond, tuple(bool(labels[i]) for i in ends))
    for index, label in labels.items():
        if label:
            canvas.write(points[index], label)
    return canvas.text()


def svg(smiles: str, width: int = 480, height: int = 360) -> str:
    """The molecule as an SVG drawing by RDKit, with stereo labels.

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    from rdkit.Chem.Draw import rdMolDraw2D

    mol = parse_smiles(smiles)
    drawer = rdMolDraw2D.MolDraw2DSVG(width, height)
    drawer.drawOptions().addStereoAnnotation = True
    rdMolDraw2D.PrepareAndDrawMolecule(drawer, mol)
    drawer.FinishDrawing()
    return drawer.GetDrawingText()


def _drawable(smiles: str) -> Mol:
    """The molecule with alternating double bonds and coordinates in the plane."""
    from rdkit import Chem
    from rdkit.Chem import rdDepictor

    mol = Chem.Mol(parse_smiles(smiles))
    Chem.Kekulize(mol, clearAromaticFlags=True)
    rdDepictor.Compute2DCoords(mol, canonOrient=True)
    Chem.WedgeMolBonds(mol, mol.GetConformer())
    return mol


def _layout(mol: Mol, width: int) -> tuple[list[tuple[float, float]], int, int]:
    """Atoms in dots from the upper left corner, and the size of the drawing in signs."""
    conformer = mol.GetConformer()
    places = [conformer.GetAtomPosition(i) for i in range(mol.GetNumAtoms())]
    left, right = min(p.x for p in places), max(p.x for p in places)
    low, high = min(p.y for p in places), max(p.y for p in places)
    room = 2 * width - 2 * _MARGIN
    scale = min(_DOTS_PER_ANGSTROM, room / max(right - left, 1e-6))
    points = [((p.x - left) * scale + _MARGIN, (high - p.y) * scale + 4) for p in places]
    columns = min(width, math.ceil(((right - left) * scale + 2 * _MARGIN) / 2) + 2)
    rows = math.ceil(((high - low) * scale + 8) / 4)
    return points, columns, rows


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SUPERSCRIPTS = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")


def _label(atom: Any) -> str:
    """What stands at an atom: nothing for a carbon of the skeleton, ``NH₂``, ``O⁻``, ``¹³C``."""
    charge, isotope = atom.GetFormalCharge(), atom.GetIsotope()
    radical = atom.GetNumRadicalElectrons()
    plain = atom.GetSymbol() == "C" and atom.GetDegree() and not (charge or isotope or radical)
    if plain:
        return ""
    hydrogens = atom.GetTotalNumHs()
    text = str(isotope).translate(_SUPERSCRIPTS) if isotope else ""
    text += atom.GetSymbol()
    if hydrogens:
        text += "H" + (str(hydrogens).translate(_SUBSCRIPTS) if hydrogens > 1 else "")
    if charge:
        size = str(abs(charge)) if abs(charge) > 1 else ""
        text += (size + ("+" if charge > 0 else "-")).translate(_SUPERSCRIPTS)
    return text + "•" * radical


class _Canvas:
    """A raster of braille signs on which labels are written over dots."""

    def __init__(self, columns: int, rows: int) -> None:
        self._columns, self._rows = columns, rows
        self._bits = [[0] * columns for _ in range(rows)]
        self._letters: dict[tuple[int, int], str] = {}

    def dot(self, x: float, y: float) -> None:
        column, row = int(x) // 2, int(y) // 4
        if 0 <= column < self._columns and 0 <= row < self._rows:
            self._bits[row][column] |= _DOTS[int(y) % 4][int(x) % 2]

    def bond(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        bond: Any,
        labelled: tuple[bool, ...],
    ) -> None:
        """Draw a bond, cut short where it runs into a label; a hashed wedge is dashed."""
        from rdkit.Chem import BondDir

        (x1, y1), (x2, y2) = start, end
        length = math.hypot(x2 - x1, y2 - y1)
        if length < 1:
            return
        ux, uy = (x2 - x1) / length, (y2 - y1) / length
        first = 3.0 if labelled[0] else 0.0
        last = length - (3.0 if labelled[1] else 0.0)
        dashed, solid = (
            bond.GetBondDir() == BondDir.BEGINDASH,
            bond.GetBondDir() == BondDir.BEGINWEDGE,
        )
        for offset in _offsets(bond.GetBondTypeAsDouble()):
            shift = 0.0 if not offset else 1.0  # the inner lines of a double bond are shorter
            at, step = first + shift, 0
            while at <= last - shift:
                if not (dashed and step // 2 % 2):
                    self.dot(x1 + ux * at - uy * offset, y1 + uy * at + ux * offset)
                    if solid and at > length / 2:
                        self.dot(x1 + ux * at - uy, y1 + uy * at + ux)
                at, step = at + 0.7, step + 1

    def write(self, point: tuple[float, float], label: str) -> None:
        row = min(max(int(point[1]) // 4, 0), self._rows - 1)
        column = max(0, min(int(point[0]) // 2, self._columns - len(label)))
        for place, sign in enumerate(label):
            self._letters[row, column + place] = sign

    def text(self) -> str:
        lines = []
        for row, bits in enumerate(self._bits):
            signs = [chr(_BLANK + b) if b else " " for b in bits]
            for column in range(self._columns):
                signs[column] = self._letters.get((row, column), signs[column])
            lines.append("".join(signs).rstrip())
        while lines and not lines[0]:
            lines.pop(0)
        while lines and not lines[-1]:
            lines.pop()
        indent = min((len(x) - len(x.lstrip()) for x in lines if x), default=0)
        return "\n".join(line[indent:] for line in lines)


def _offsets(order: float) -> tuple[float, ...]:
    """Where the lines of a bond run, in dots beside its axis."""
    if order == 2:
        return (-_GAP / 2 - 0.4, _GAP / 2 + 0.4)
    if order >= 3:
        return (-_GAP - 0.6, 0.0, _GAP + 0.6)
    return (0.0,)
