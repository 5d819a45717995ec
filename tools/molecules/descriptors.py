"""Molecular descriptors from the structure alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from ..contract import Finding, Quantity, Smiles, tool
from ._rdkit import canonical, crippen, parse_smiles, structure_warnings, version

if TYPE_CHECKING:
    from rdkit.Chem import Mol

Descriptor = Literal[
    "logp",
    "tpsa",
    "hydrogen_bond_donors",
    "hydrogen_bond_acceptors",
    "rotatable_bonds",
    "fraction_csp3",
    "qed",
    "sa_score",
    "heavy_atoms",
    "atoms",
    "heteroatoms",
    "rings",
    "aromatic_rings",
    "aliphatic_rings",
    "heterocycles",
    "formal_charge",
    "stereocentres",
    "amide_bonds",
    "molar_refractivity",
    "valence_electrons",
    "complexity",
    "labute_asa",
    "lipinski_donors",
    "lipinski_acceptors",
]
ALL: list[Descriptor] = []

WILDMAN = "Wildman & Crippen, J. Chem. Inf. Comput. Sci. 1999, 39, 868, doi:10.1021/ci990307l"
ERTL_TPSA = "Ertl et al., J. Med. Chem. 2000, 43, 3714, doi:10.1021/jm000942e"
BICKERTON = "Bickerton et al., Nat. Chem. 2012, 4, 90, doi:10.1038/nchem.1243"
ERTL_SA = "Ertl & Schuffenhauer, J. Cheminf. 2009, 1, 8, doi:10.1186/1758-2946-1-8"
LIPINSKI = "Lipinski et al., Adv. Drug Deliv. Rev. 2001, 46, 3, doi:10.1016/S0169-409X(00)00129-0"
LABUTE = "Labute, J. Mol. Graph. Model. 2000, 18, 464, doi:10.1016/S1093-3263(00)00068-1"
BERTZ = "Bertz, J. Am. Chem. Soc. 1981, 103, 3599, doi:10.1021/ja00402a071"

#: Standard deviations that Wildman and Crippen give for their training sets.
LOGP_SD, REFRACTIVITY_SD = 0.68, 1.43


@dataclass(frozen=True)
class _Recipe:
    function: str
    source: str
    unit: str | None = None
    spread: float | None = None

    def value(self, mol: Mol) -> float | int:
        return _functions()[self.function](mol)


_RECIPES: dict[str, _Recipe] = {
    "logp": _Recipe("MolLogP", WILDMAN, None, LOGP_SD),
    "tpsa": _Recipe("CalcTPSA", ERTL_TPSA, "angstrom^2"),
    "hydrogen_bond_donors": _Recipe("CalcNumHBD", "RDKit's donor pattern"),
    "hydrogen_bond_acceptors": _Recipe("CalcNumHBA", "RDKit's acceptor pattern"),
    "rotatable_bonds": _Recipe("CalcNumRotatableBonds", "RDKit's strict pattern"),
    "fraction_csp3": _Recipe(
        "CalcFractionCSP3", "Lovering et al., J. Med. Chem. 2009, 52, 6752, doi:10.1021/jm901241e"
    ),
    "qed": _Recipe("qed", BICKERTON),
    "sa_score": _Recipe("sa_score", ERTL_SA),
    "heavy_atoms": _Recipe("CalcNumHeavyAtoms", "count"),
    "atoms": _Recipe("CalcNumAtoms", "count"),
    "heteroatoms": _Recipe("CalcNumHeteroatoms", "count"),
    "rings": _Recipe("CalcNumRings", "smallest set of smallest rings"),
    "aromatic_rings": _Recipe("CalcNumAromaticRings", "RDKit's aromaticity model"),
    "aliphatic_rings": _Recipe("CalcNumAliphaticRings", "RDKit's aromaticity model"),
    "heterocycles": _Recipe("CalcNumHeterocycles", "smallest set of smallest rings"),
    "formal_charge": _Recipe("GetFormalCharge", "sum of formal charges"),
    "stereocentres": _Recipe("CalcNumAtomStereoCenters", "RDKit's stereo perception"),
    "amide_bonds": _Recipe("CalcNumAmideBonds", "RDKit's amide pattern"),
    "molar_refractivity": _Recipe("MolMR", WILDMAN, "cm^3/mol", REFRACTIVITY_SD),
    "valence_electrons": _Recipe("NumValenceElectrons", "count"),
    "complexity": _Recipe("BertzCT", BERTZ),
    "labute_asa": _Recipe("CalcLabuteASA", LABUTE, "angstrom^2"),
    "lipinski_donors": _Recipe("CalcNumLipinskiHBD", LIPINSKI),
    "lipinski_acceptors": _Recipe("CalcNumLipinskiHBA", LIPINSKI),
}


@tool(
    yields=tuple(_RECIPES),
    method="descriptors of the molecular graph (RDKit)",
    reference="; ".join((WILDMAN, ERTL_TPSA, BICKERTON, ERTL_SA)),
    seconds=60.0,  # Bertz's index of a chain of 2,000 atoms takes 10 s
)
def descriptors(
    smiles: Smiles,
    which: Annotated[
        list[Descriptor],
        Field(description="the descriptors wanted; all of them when empty", max_length=30),
    ] = ALL,
) -> Finding:
    """Descriptors: log P, polar surface area, donors, acceptors, rotatable bonds, QED, …

    log P and molar refractivity are predictions of atom contributions for the neutral molecule
    (standard deviation 0.68 log units and 1.43 cm³/mol on the authors' training sets); they
    are not measured values. The polar surface area counts N and O only. Donors and acceptors
    follow RDKit's patterns; the rule of five counts them differently, as ``lipinski_donors``
    and ``lipinski_acceptors``. QED and SA score were fitted to organic, drug-sized molecules.

    >>> from labhand.tools.molecules.descriptors import descriptors
    >>> ibuprofen = "CC(C)Cc1ccc(cc1)C(C)C(=O)O"
    >>> round(descriptors(smiles=ibuprofen, which=["tpsa"]).quantities[0].value, 1)
    37.3

    Raises:
        ToolInputError: the SMILES is not valid, or a descriptor is unknown.
    """
    mol = parse_smiles(smiles)
    names: list[str] = [*dict.fromkeys(which)] or [*_RECIPES]
    entity = canonical(mol)
    quantities = tuple(_quantity(name, mol, entity) for name in names)
    return Finding(quantities, method=version(), warnings=tuple(_warnings(mol, names)))


def _quantity(name: str, mol: Mol, entity: str) -> Quantity:
    recipe = _RECIPES[name]
    return Quantity(
        property=name,
        value=recipe.value(mol),
        unit=recipe.unit,
        entity=entity,
        uncertainty=recipe.spread,
        nature="predicted" if recipe.spread is not None else "calculated",
        source=f"{version()}; {recipe.source}",
    )


def _warnings(mol: Mol, names: list[str]) -> list[str]:
    from rdkit import Chem

    warnings = [w for w in structure_warnings(mol) if "components" in w]
    fitted = {"logp", "molar_refractivity", "qed", "sa_score"} & set(names)
    organic = {1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 53}
    outside = sorted({a.GetSymbol() for a in mol.GetAtoms() if a.GetAtomicNum() not in organic})
    if fitted and (outside or not any(a.GetAtomicNum() == 6 for a in mol.GetAtoms())):
        what = f"contains {', '.join(outside)}" if outside else "has no carbon"
        warnings.append(
            f"the molecule {what}, outside the organic molecules that "
            f"{', '.join(sorted(fitted))} were fitted to."
        )
    if "logp" in names and (
        Chem.GetFormalCharge(mol) or any(a.GetFormalCharge() for a in _free_charges(mol))
    ):
        warnings.append("log P is meant for the neutral form; this structure carries charges.")
    return warnings


def _free_charges(mol: Mol) -> list:
    """Charged atoms that are not part of a neutral group such as nitro or N-oxide."""
    return [
        atom
        for atom in mol.GetAtoms()
        if atom.GetFormalCharge()
        and not any(n.GetFormalCharge() * atom.GetFormalCharge() < 0 for n in atom.GetNeighbors())
    ]


def _functions() -> dict[str, Callable[[Mol], float | int]]:
    from rdkit import Chem
    from rdkit.Chem import QED, Descriptors, GraphDescriptors, rdMolDescriptors

    return {
        "MolLogP": lambda mol: crippen(mol)[0],
        "MolMR": lambda mol: crippen(mol)[1],
        "qed": QED.qed,
        "sa_score": _sa_score,
        "GetFormalCharge": Chem.GetFormalCharge,
        "NumValenceElectrons": Descriptors.NumValenceElectrons,
        "BertzCT": GraphDescriptors.BertzCT,
        **{n: f for n, f in vars(rdMolDescriptors).items() if n.startswith("Calc")},
    }


def _sa_score(mol: Mol) -> float:
    import importlib

    sascorer = importlib.import_module("rdkit.Contrib.SA_Score.sascorer")
    return min(max(float(sascorer.calculateScore(mol)), 1.0), 10.0)
