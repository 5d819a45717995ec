"""Drug-likeness: rule of five, Veber, Ghose, QED, PAINS and Brenk alerts."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field

from ..contract import Finding, Quantity, Smiles, tool
from ._rdkit import average_mass, canonical, crippen, parse_smiles, structure_warnings, version
from .descriptors import BICKERTON, LIPINSKI, LOGP_SD, REFRACTIVITY_SD, WILDMAN

if TYPE_CHECKING:
    from rdkit.Chem import Mol

VEBER = "Veber et al., J. Med. Chem. 2002, 45, 2615, doi:10.1021/jm020017n"
GHOSE = "Ghose et al., J. Comb. Chem. 1999, 1, 55, doi:10.1021/cc9800071"
PAINS = "Baell & Holloway, J. Med. Chem. 2010, 53, 2719, doi:10.1021/jm901137j"
BRENK = "Brenk et al., ChemMedChem 2008, 3, 435, doi:10.1002/cmdc.200700139"


@dataclass(frozen=True)
class Values:
    """What the rules look at; molar mass in g/mol, TPSA in Å², refractivity in cm³/mol."""

    molar_mass: float
    logp: float
    lipinski_donors: int
    lipinski_acceptors: int
    rotatable_bonds: int
    tpsa: float
    molar_refractivity: float
    atoms: int

    def lipinski_violations(self) -> list[str]:
        """The limits of the rule of five that are exceeded, in words."""
        limits = {
            "molar mass above 500": self.molar_mass > 500,
            "log P above 5": self.logp > 5,
            "more than 5 N-H and O-H": self.lipinski_donors > 5,
            "more than 10 N and O": self.lipinski_acceptors > 10,
        }
        return [words for words, exceeded in limits.items() if exceeded]

    def veber(self) -> bool:
        """Veber's rule."""
        return self.rotatable_bonds <= 10 and self.tpsa <= 140

    def ghose(self) -> bool:
        """Ghose's filter (its qualifying range, which covers 80 % of known drugs)."""
        return (
            160 <= self.molar_mass <= 480
            and -0.4 <= self.logp <= 5.6
            and 40 <= self.molar_refractivity <= 130
            and 20 <= self.atoms <= 70
        )


Rule = Literal["all", "lipinski", "veber", "ghose", "qed", "pains", "brenk"]
#: What each rule judges by: its verdicts, then the values it looks at.
_OF_RULE: dict[str, tuple[str, ...]] = {
    "lipinski": (
        "lipinski_pass",
        "lipinski_violations",
        "molar_mass",
        "logp",
        "lipinski_donors",
        "lipinski_acceptors",
    ),
    "veber": ("veber_pass", "rotatable_bonds", "tpsa"),
    "ghose": ("ghose_pass", "molar_mass", "logp", "molar_refractivity", "atoms"),
    "qed": ("qed",),
    "pains": ("pains_alerts",),
    "brenk": ("brenk_alerts",),
}


@tool(
    yields=(
        "lipinski_pass",
        "lipinski_violations",
        "qed",
        "veber_pass",
        "ghose_pass",
        "pains_alerts",
        "brenk_alerts",
        "molar_mass",
        "logp",
        "lipinski_donors",
        "lipinski_acceptors",
        "rotatable_bonds",
        "tpsa",
        "molar_refractivity",
        "atoms",
    ),
    method="rule of five, Veber, Ghose, QED, PAINS and Brenk filters (RDKit)",
    reference="; ".join((LIPINSKI, VEBER, GHOSE, PAINS, BRENK, BICKERTON)),
)
def drug_likeness(
    smiles: Smiles,
    rule: Annotated[
        Rule, Field(description="one rule alone, or 'all' (default) to judge drug-likeness")
    ] = "all",
) -> Finding:
    """Drug-likeness by two readings, the rule of five and QED, with Veber, Ghose and alerts.

    With ``rule`` one of them alone is answered, with the values that it looks at.
    The rule of five is met with at most one violation, as in the original paper, which raises
    its alert at two. Donors and acceptors are counted Lipinski's way (N-H and O-H; N and O),
    log P is Crippen's where the paper had CLOGP. PAINS and Brenk alerts name the substructures
    that match. All of these are rules of thumb for oral drugs, not verdicts; natural products
    and transported drugs break them.

    >>> from labhand.tools.molecules.drug_likeness import drug_likeness
    >>> found = drug_likeness(smiles="CC(C)Cc1ccc(cc1)C(C)C(=O)O").quantities
    >>> [q.value for q in found[:2]]
    [True, 0]

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    from rdkit.Chem import QED

    mol = parse_smiles(smiles)
    entity = canonical(mol)
    values = values_of(mol)
    violated = values.lipinski_violations()
    judgements: dict[str, Any] = {
        "lipinski_pass": len(violated) <= 1,
        "lipinski_violations": len(violated),
        "qed": float(QED.qed(mol)),
        "veber_pass": values.veber(),
        "ghose_pass": values.ghose(),
        "pains_alerts": alerts(mol, "PAINS"),
        "brenk_alerts": alerts(mol, "BRENK"),
    }
    quantities = [
        Quantity(property=name, value=value, entity=entity, source=_SOURCES.get(name, version()))
        for name, value in judgements.items()
    ]
    quantities += _used(values, entity)
    wanted = _OF_RULE.get(rule)
    allowed = "; rule of five with one violation allowed" if rule in ("all", "lipinski") else ""
    return Finding(
        tuple(q for q in quantities if wanted is None or q.property in wanted),
        summary=_summary(violated, values, rule),
        method=version() + allowed,
        warnings=tuple(_warnings(mol, rule)),
    )


_SOURCES = {
    "lipinski_pass": LIPINSKI,
    "lipinski_violations": LIPINSKI,
    "qed": BICKERTON,
    "veber_pass": VEBER,
    "ghose_pass": GHOSE,
    "pains_alerts": PAINS,
    "brenk_alerts": BRENK,
    "logp": WILDMAN,
    "molar_refractivity": WILDMAN,
}
_UNITS = {"molar_mass": "g/mol", "tpsa": "angstrom^2", "molar_refractivity": "cm^3/mol"}
_SPREADS = {"logp": LOGP_SD, "molar_refractivity": REFRACTIVITY_SD}


def values_of(mol: Mol) -> Values:
    """The values that the rules look at."""
    from rdkit.Chem import rdMolDescriptors

    logp, refractivity = crippen(mol)
    return Values(
        molar_mass=average_mass(mol),
        logp=logp,
        lipinski_donors=rdMolDescriptors.CalcNumLipinskiHBD(mol),
        lipinski_acceptors=rdMolDescriptors.CalcNumLipinskiHBA(mol),
        rotatable_bonds=rdMolDescriptors.CalcNumRotatableBonds(mol),
        tpsa=float(rdMolDescriptors.CalcTPSA(mol)),
        molar_refractivity=refractivity,
        atoms=rdMolDescriptors.CalcNumAtoms(mol),
    )


def alerts(mol: Mol, catalogue: str) -> list[str]:
    """Names of the patterns of a catalogue (``PAINS``, ``BRENK``) that match, sorted."""
    return sorted({entry.GetDescription() for entry in _catalogue(catalogue).GetMatches(mol)})


@functools.cache
def _catalogue(name: str) -> Any:
    from rdkit.Chem import FilterCatalog

    parameters = FilterCatalog.FilterCatalogParams()
    parameters.AddCatalog(getattr(FilterCatalog.FilterCatalogParams.FilterCatalogs, name))
    return FilterCatalog.FilterCatalog(parameters)


def _used(values: Values, entity: str) -> list[Quantity]:
    return [
        Quantity(
            property=name,
            value=getattr(values, name),
            unit=_UNITS.get(name),
            entity=entity,
            uncertainty=_SPREADS.get(name),
            nature="predicted" if name in _SPREADS else "calculated",
            source=_SOURCES.get(name, version()),
        )
        for name in Values.__dataclass_fields__
    ]


def _summary(violated: list[str], values: Values, rule: Rule) -> str:
    why = f" ({'; '.join(violated)})" if violated else ""
    met = {True: "met", False: "not met"}
    verdicts = {
        "lipinski": f"rule of five {met[len(violated) <= 1]}{why}",
        "veber": f"Veber's rule {met[values.veber()]}",
        "ghose": f"Ghose's filter {met[values.ghose()]}",
    }
    shown = "; ".join(text for name, text in verdicts.items() if rule in ("all", name))
    return f"{shown[0].upper()}{shown[1:]}." if shown else ""


def _warnings(mol: Mol, rule: Rule) -> list[str]:
    warnings: list[str] = []
    if rule == "all":
        warnings.append(
            "'drug-like' has two readings here, the rule of five and QED; both are given, and "
            "neither says that a molecule is active or safe."
        )
    if several := [w for w in structure_warnings(mol) if "components" in w]:
        warnings += several
        warnings.append("the rules are meant for the parent molecule without its counter-ions.")
    return warnings
