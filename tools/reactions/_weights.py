"""Molar masses of formulas from standard atomic weights.

The weights are RDKit's, the same as those of the tool ``molar_mass``, so that two tools
never give two masses for one compound.
"""

from __future__ import annotations

from ..contract import ToolInputError
from ._formula import Reading

REFERENCE = (
    "IUPAC standard atomic weights, abridged to conventional values: Prohaska et al., "
    "Pure Appl. Chem. 2022, 94, 573, doi:10.1515/pac-2019-0603"
)
_HYDROGEN_ISOTOPES = {"D": 2, "T": 3}


def method() -> str:
    """Software and version behind the weights."""
    import rdkit

    return f"standard atomic weights of RDKit {rdkit.__version__}'s periodic table"


def molar_mass_of(reading: Reading, text: str) -> float:
    """Average molar mass [g/mol]; labelled atoms count with their isotope's mass.

    The mass of the electrons that an ion lacks or has in excess (0.0005 g/mol each) is
    left out, as it is in tables of molar masses.

    >>> from labhand.tools.reactions._formula import composition
    >>> from labhand.tools.reactions._weights import molar_mass_of
    >>> round(molar_mass_of(composition("CuSO4·5H2O"), "CuSO4·5H2O"), 2)
    249.68

    Raises:
        ToolInputError: there are no atoms to weigh (an electron).
    """
    if not reading.atoms:
        raise ToolInputError(
            f"{text} has no atoms, so grams of it have no meaning.", "Give its amount in mol."
        )
    return sum(float(n) * _atomic_weight(symbol, text) for symbol, n in reading.atoms)


def _atomic_weight(symbol: str, text: str) -> float:
    from rdkit.Chem import GetPeriodicTable

    table = GetPeriodicTable()
    element = symbol.lstrip("0123456789")
    label = symbol[: len(symbol) - len(element)]
    if element in _HYDROGEN_ISOTOPES:
        element, label = "H", str(_HYDROGEN_ISOTOPES[element])
    if not label:
        return float(table.GetAtomicWeight(element))
    mass = float(table.GetMassForIsotope(element, int(label)))
    if mass <= 0:
        raise ToolInputError(
            f"{element} has no isotope {label} (in {text}).", "Check the mass number."
        )
    return mass
