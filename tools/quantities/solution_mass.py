"""How much of a solid to weigh in for a solution."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..contract import Finding, Kind, Quantity, QuantityText, ToolInputError, tool
from ._parse import dimensionality, finite, parse_quantity


@tool(
    yields=("solute_mass", "solute_amount"),
    method="m = c V M",
    where="inline",
)
def solution_mass(
    concentration: Annotated[
        QuantityText, Kind("quantity"), Field(description="concentration, e.g. '0.1 M' or '5 g/L'")
    ],
    volume: Annotated[QuantityText, Kind("quantity"), Field(description="volume, e.g. '250 mL'")],
    molar_mass: Annotated[
        float, Kind("number"), Field(gt=0, lt=1e9, description="molar mass in g/mol")
    ],
) -> Finding:
    """Mass and amount of solute in a volume of solution of a given concentration: what to weigh
    in to prepare it. Hydrates weigh more than the anhydrous salt: give their molar mass.

    >>> from labhand.tools.quantities.solution_mass import solution_mass
    >>> found = solution_mass(concentration="0.1 M", volume="250 mL", molar_mass=58.44)
    >>> round(found.quantities[0].value, 3)
    1.461

    Raises:
        ToolInputError: the concentration or the volume is of another dimension, or not positive.
    """
    strength, space = parse_quantity(concentration), parse_quantity(volume)
    if dimensionality(space.unit) != {"[length]": 3.0} or space.value <= 0:
        raise ToolInputError(f"{volume.strip()!r} is no volume.", "Give it in mL or L.")
    kind = dimensionality(strength.unit)
    if strength.value <= 0 or kind not in (
        {"[substance]": 1.0, "[length]": -3.0},
        {"[mass]": 1.0, "[length]": -3.0},
    ):
        raise ToolInputError(
            f"{concentration.strip()!r} is no concentration per volume.",
            "Give it in mol/L (M) or g/L; per cent and molality need the density of the solution.",
        )
    litres = space.to("L")
    if "[substance]" in kind:
        moles = finite(strength.to("mol/L") * litres)
    else:
        moles = finite(strength.to("g/L") * litres / molar_mass)
    entity = f"{volume.strip()} of {concentration.strip()}"
    values = (
        Quantity(property="solute_mass", value=finite(moles * molar_mass), unit="g", entity=entity),
        Quantity(property="solute_amount", value=moles, unit="mol", entity=entity),
    )
    return Finding(values, warnings=(*strength.unit.notes, *space.unit.notes))
