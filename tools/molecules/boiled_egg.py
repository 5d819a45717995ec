"""BOILED-Egg: passive gastrointestinal absorption and brain access."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..contract import Finding, Quantity, Smiles, tool
from ._rdkit import average_mass, canonical, crippen, parse_smiles, structure_warnings, version
from .descriptors import LOGP_SD

if TYPE_CHECKING:
    from rdkit.Chem import Mol

DAINA = "Daina & Zoete, ChemMedChem 2016, 11, 1117, doi:10.1002/cmdc.201600182"


@dataclass(frozen=True)
class Ellipse:
    """An ellipse in the plane of TPSA (Å², abscissa) and WLOGP (ordinate).

    ``width`` and ``height`` are full axes; ``angle`` is in degrees, anticlockwise.
    """

    x: float
    y: float
    width: float
    height: float
    angle: float

    def level(self, tpsa: float, wlogp: float) -> float:
        """Below 1 inside, 1 on the rim, above 1 outside."""
        turn = math.radians(self.angle)
        dx, dy = tpsa - self.x, wlogp - self.y
        along = dx * math.cos(turn) + dy * math.sin(turn)
        across = dy * math.cos(turn) - dx * math.sin(turn)
        return (2 * along / self.width) ** 2 + (2 * across / self.height) ** 2

    def contains(self, tpsa: float, wlogp: float) -> bool:
        """True inside or on the rim."""
        return self.level(tpsa, wlogp) <= 1


WHITE = Ellipse(71.051, 2.292, 142.081, 8.740, -1.031325)
YOLK = Ellipse(38.117, 3.177, 82.061, 5.557, -0.171887)


@tool(
    yields=(
        "gastrointestinal_absorption",
        "blood_brain_barrier",
        "logp",
        "tpsa_with_s_and_p",
    ),
    method="BOILED-Egg: WLOGP and TPSA (S and P counted) by RDKit, published ellipses",
    reference=DAINA,
)
def boiled_egg(smiles: Smiles) -> Finding:
    """BOILED-Egg: is passive gut absorption likely, and does it cross the blood-brain barrier?

    A point inside the white ellipse of the plane of polar surface and log P is predicted to be
    absorbed from the gut, one inside the yolk to enter the brain. Passive diffusion alone:
    transporters (P-glycoprotein, amino-acid carriers) are not considered. The authors found
    93 % (white) and 90 % (yolk) of their compounds classified rightly. Meant for neutral,
    drug-sized organic molecules.

    >>> from labhand.tools.molecules.boiled_egg import boiled_egg
    >>> [q.value for q in boiled_egg(smiles="CN1C(=O)CN=C(c2ccccc2)c2cc(Cl)ccc21").quantities[:2]]
    [True, True]

    Raises:
        ToolInputError: the SMILES is not valid.
    """
    from rdkit import Chem
    from rdkit.Chem import rdMolDescriptors

    mol = parse_smiles(smiles)
    entity = canonical(mol)
    wlogp = crippen(mol)[0]
    tpsa = float(rdMolDescriptors.CalcTPSA(mol, includeSandP=True))
    gut, brain = WHITE.contains(tpsa, wlogp), YOLK.contains(tpsa, wlogp)
    values = (
        ("gastrointestinal_absorption", gut, None, None),
        ("blood_brain_barrier", brain, None, None),
        ("logp", wlogp, None, LOGP_SD),
        ("tpsa_with_s_and_p", tpsa, "angstrom^2", None),
    )
    quantities = tuple(
        Quantity(
            property=name,
            value=value,
            unit=unit,
            entity=entity,
            uncertainty=spread,
            nature="calculated" if name == "tpsa_with_s_and_p" else "predicted",
            source=f"{version()}; {DAINA}",
        )
        for name, value, unit, spread in values
    )
    warnings = ["predictions of passive diffusion; active transport is not considered."]
    plain = float(rdMolDescriptors.CalcTPSA(mol))
    if (WHITE.contains(plain, wlogp), YOLK.contains(plain, wlogp)) != (gut, brain):
        warnings.append("without S and P in the polar surface the prediction would be another.")
    if min(abs(e.level(tpsa, wlogp) - 1) for e in (WHITE, YOLK)) < 0.1:
        warnings.append("the molecule lies close to the rim of an ellipse: a borderline case.")
    warnings += _outside_of_validity(mol)
    if Chem.GetFormalCharge(mol):
        warnings.append("the model is meant for the neutral form.")
    return Finding(
        quantities,
        summary=(
            f"Passive gut absorption predicted {'high' if gut else 'low'}; brain access "
            f"{'likely' if brain else 'unlikely'}."
        ),
        method=f"BOILED-Egg ellipses, WLOGP and TPSA by {version()}",
        warnings=tuple(warnings),
    )


def _outside_of_validity(mol: Mol) -> list[str]:
    found = [w for w in structure_warnings(mol) if "components" in w]
    mass = average_mass(mol)
    if not 100 <= mass <= 900:
        found.append("the molecule is not of drug size (100 to 900 g/mol): an extrapolation.")
    return found
