"""Dilute a stock solution: c1 V1 = c2 V2."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from ..contract import Finding, Kind, Quantity, QuantityText, ToolInputError, tool
from ._parse import Parsed, dimensionality, finite, parse_quantity

Stock = Annotated[
    QuantityText, Kind("quantity"), Field(description="concentration of the stock, e.g. '1 M'")
]
Target = Annotated[
    QuantityText, Kind("quantity"), Field(description="wanted concentration, e.g. '50 mM'")
]
Volume = Annotated[
    QuantityText, Kind("quantity"), Field(description="wanted final volume, e.g. '100 mL'")
]
_CONCENTRATIONS = (
    {"[substance]": 1.0, "[length]": -3.0},
    {"[mass]": 1.0, "[length]": -3.0},
    {},
)


@tool(
    yields=("stock_volume", "solvent_volume", "dilution_factor"),
    method="c1 V1 = c2 V2; volumes taken as additive",
    where="inline",
)
def dilution(stock: Stock, target: Target, volume: Volume) -> Finding:
    """How much stock solution and how much solvent make a diluted solution of a given volume.

    Both concentrations are of one kind: molar (M), mass (g/L) or a share (%, ppm).

    >>> from labhand.tools.quantities.dilution import dilution
    >>> dilution(stock="1 M", target="50 mM", volume="100 mL").quantities[0].value
    5.0

    Raises:
        ToolInputError: the concentrations differ in kind, or the stock is the weaker one.
    """
    first, second, final = (_read(t) for t in (stock, target, volume))
    kind = dimensionality(first.unit)
    if kind not in _CONCENTRATIONS or dimensionality(second.unit) != kind:
        raise ToolInputError(
            f"{stock.strip()!r} and {target.strip()!r} are not concentrations of one kind.",
            "Give both in mol/L, both in g/L, or both in %.",
        )
    if dimensionality(final.unit) != {"[length]": 3.0}:
        raise ToolInputError(f"{volume.strip()!r} is no volume.", "Give it in mL or L.")
    factor = finite(first.to(second.unit.pint) / second.value)
    if factor < 1:
        raise ToolInputError(
            f"a stock of {stock.strip()} is weaker than {target.strip()}.",
            "Diluting cannot concentrate it: exchange the two, or make a stronger stock.",
        )
    unit = final.unit.symbol
    taken = float(f"{final.value / factor:.12g}")
    rest = float(f"{final.value - taken:.12g}")
    entity = f"{stock.strip()} to {volume.strip()} of {target.strip()}"
    values = (
        Quantity(property="stock_volume", value=taken, unit=unit, entity=entity),
        Quantity(property="solvent_volume", value=rest, unit=unit, entity=entity),
        Quantity(property="dilution_factor", value=float(f"{factor:.12g}"), entity=entity),
    )
    notes = (*first.unit.notes, *second.unit.notes, *final.unit.notes)
    return Finding(values, warnings=tuple(dict.fromkeys(notes)))


def _read(text: str) -> Parsed:
    parsed = parse_quantity(text)
    if parsed.value <= 0:
        raise ToolInputError(f"{text.strip()!r} is not positive.", "Check the number.")
    return parsed
