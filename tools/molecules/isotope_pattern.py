"""Isotope pattern of a molecule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ..contract import Finding, NotApplicableError, Quantity, Smiles, tool
from ._rdkit import canonical, parse_smiles, structure_warnings
from .monoisotopic_mass import ELECTRON_MASS

if TYPE_CHECKING:
    from rdkit.Chem import Mol

LEAST_ABUNDANCE = 0.01  # per cent of the tallest peak
MOST_PEAKS = 30


@tool(
    yields=("isotope_masses", "isotope_abundances", "most_abundant_mass"),
    method="polynomial expansion of isotope abundances (molmass)",
    reference=(
        "Meija et al., Pure Appl. Chem. 2016, 88, 293, doi:10.1515/pac-2015-0503; "
        "molmass, C. Gohlke, doi:10.5281/zenodo.7135495"
    ),
)
def isotope_pattern(smiles: Smiles) -> Finding:
    """Isotope pattern: masses (Da) and relative abundances (tallest peak = 100 percent).

    Peaks of one nominal mass are merged, as a low-resolution mass spectrometer shows them.
    The pattern is that of the molecule or ion itself, not of an adduct.
    Peaks below 0.01 percent are left out.

    >>> from labhand.tools.molecules.isotope_pattern import isotope_pattern
    >>> masses, abundances, tallest = isotope_pattern(smiles="CBr").quantities
    >>> [round(a) for a in abundances.value[::2]]      # 79Br : 81Br is about 1 : 1
    [100, 97]

    Raises:
        ToolInputError: the SMILES is not valid.
        NotApplicableError: an element has no natural isotopic composition.
    """
    import molmass
    from rdkit import Chem

    mol = parse_smiles(smiles)
    entity = canonical(mol)
    try:
        spectrum = molmass.Formula(_labelled_formula(mol)).spectrum(min_intensity=LEAST_ABUNDANCE)
        peaks = sorted(spectrum.values(), key=lambda peak: peak.mass)
        tallest = max(peaks, key=lambda peak: peak.intensity)
    except (molmass.FormulaError, ValueError, KeyError) as error:
        raise NotApplicableError(
            "the isotope pattern of this molecule cannot be computed: an element in it has no "
            "natural isotopic composition, or there is no atom.",
            "Label the atom with an isotope, such as [99Tc].",
            engine_message=str(error),
        ) from error
    warnings = [w for w in structure_warnings(mol) if "components" in w]
    if len(peaks) > MOST_PEAKS:
        peaks = sorted(sorted(peaks, key=lambda p: -p.intensity)[:MOST_PEAKS], key=lambda p: p.mass)
        warnings.append(f"only the {MOST_PEAKS} tallest peaks are given.")
    electrons = Chem.GetFormalCharge(mol) * ELECTRON_MASS
    quantities = (
        Quantity(
            property="isotope_masses",
            value=[round(peak.mass - electrons, 5) for peak in peaks],
            unit="Da",
            entity=entity,
        ),
        Quantity(
            property="isotope_abundances",
            value=[round(peak.intensity, 3) for peak in peaks],
            unit="percent",
            entity=entity,
        ),
        Quantity(
            property="most_abundant_mass",
            value=float(tallest.mass - electrons),
            unit="Da",
            entity=entity,
        ),
    )
    return Finding(
        quantities,
        summary=f"{len(peaks)} peaks above {LEAST_ABUNDANCE} percent of the tallest.",
        method=f"molmass {molmass.__version__}, nominal-mass peaks",
        warnings=tuple(warnings),
    )


def _labelled_formula(mol: Mol) -> str:
    """The formula as molmass reads it: isotopes as ``[13C]``, no charge."""
    counts: Counter[str] = Counter()
    for atom in mol.GetAtoms():
        label = atom.GetIsotope()
        symbol = atom.GetSymbol() if atom.GetAtomicNum() else ""
        if symbol:
            counts[f"[{label}{symbol}]" if label else symbol] += 1
        counts["H"] += atom.GetTotalNumHs()
    return "".join(f"{key}{n}" for key, n in counts.items() if n)
