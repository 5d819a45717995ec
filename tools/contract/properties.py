"""The property catalogue: what each name of a quantity means, stated once.

Every domain folder of ``tools/`` keeps a ``properties.toml``::

    [molar_mass]
    label = "molar mass"                # as it stands in a sentence
    unit = "g/mol"                      # canonical unit; leave out where there is none
    minimum = 1.0                       # physical bounds in that unit
    decimals = 3                        # how it is printed (or: significant = 4)
    relative_tolerance = 0.001          # what counts as the same value
    description = "average mass of one mole, natural isotopic composition"
    not_to_be_confused_with = ["monoisotopic_mass"]

    [smiles]
    label = "SMILES"
    kind = "smiles"                     # see kinds.py; lets tools be chained
    description = "..."
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from .errors import ToolDefinitionError, ToolInputError
from .quantity import Quantity

TOOLS_FOLDER = Path(__file__).resolve().parent.parent


class PropertySpec(BaseModel):
    """What a property is, how it is printed, and what is physically possible.

    Attributes:
        kind: semantic kind of a text value (``smiles``, ``cas``, …), else ``None``.
        minimum, maximum: physical bounds in ``unit``, inclusive.
        decimals: digits after the point when printed; or
        significant: significant figures when printed (default 4).
        relative_tolerance, absolute_tolerance: two values closer than this are the
            same value of this property (evaluation, grounding).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    label: str
    description: str
    unit: str | None = None
    kind: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    decimals: int | None = Field(default=None, ge=0, le=12)
    significant: int | None = Field(default=None, ge=1, le=15)
    relative_tolerance: float | None = Field(default=None, gt=0, lt=1)
    absolute_tolerance: float | None = Field(default=None, gt=0)
    not_to_be_confused_with: tuple[str, ...] = ()

    def format_number(self, value: float) -> str:
        """The number as this property prints it.

        >>> from labhand.tools.contract import PropertySpec
        >>> mass = PropertySpec(name="m", label="mass", description="", decimals=3)
        >>> mass.format_number(194.19400000000002)
        '194.194'
        >>> mass.format_number(-0.0001)
        '0.000'
        """
        if isinstance(value, int):  # a boolean is one, too
            return str(value)
        if self.decimals is not None:
            return _plain_zero(f"{value:.{self.decimals}f}")
        return format_significant(value, self.significant or 4)

    def violation(self, value: float) -> str | None:
        """Why this value (in the canonical unit) is physically impossible, or ``None``."""
        if self.minimum is not None and value < self.minimum:
            return f"{self.label} cannot be below {self.minimum:g}"
        if self.maximum is not None and value > self.maximum:
            return f"{self.label} cannot be above {self.maximum:g}"
        return None


def format_significant(value: float, figures: int) -> str:
    """A number with so many significant figures, without exponent where it reads well.

    >>> from labhand.tools.contract.properties import format_significant
    >>> [format_significant(x, 4) for x in (383.7457, 0.00012345, 6.02214076e23, 1000.0)]
    ['383.7', '0.0001234', '6.022e+23', '1000']
    """
    if value == 0:
        return "0"
    if 1e-4 <= abs(value) < 1e7:
        import math

        digits = figures - 1 - math.floor(math.log10(abs(value)))
        rounded = round(value, digits)
        return f"{rounded:.{max(digits, 0)}f}"
    return f"{value:.{figures - 1}e}"


def format_spread(value: float, spread: float, shown: str) -> str:
    """A number with its uncertainty, to no more digits than the uncertainty justifies.

    Args:
        spread: one standard deviation, in the unit of ``value``.
        shown: the number as its property prints it; more digits than these are given only
            where the first digit of the uncertainty needs them.

    >>> from labhand.tools.contract.properties import format_spread
    >>> format_spread(373.1243, 0.0205, "373.124"), format_spread(1738.15, 36.8, "1738.15")
    ('373.12 ± 0.02', '1740 ± 40')
    >>> format_spread(34.28, 0.13, "34.3"), format_spread(70.0, 0.004, "70.0")
    ('34.3 ± 0.1', '70.000 ± 0.004')
    """
    import math

    if not (spread > 0 and math.isfinite(spread)) or "e" in shown:
        return f"{shown} ± {format_significant(spread, 2)}"
    own = len(shown.partition(".")[2])
    # Two digits of an uncertainty that rounds to 1, else one; 0.096 becomes 0.10.
    rounded = f"{spread:.0e}"
    order = math.floor(math.log10(float(rounded)))
    digits = -order + rounded.startswith("1")
    if digits > own:
        digits = max(own, -order)
    if digits < 0:
        return f"{round(value, digits):.0f} ± {round(spread, digits):.0f}"
    return f"{_plain_zero(f'{value:.{digits}f}')} ± {spread:.{digits}f}"


def _plain_zero(text: str) -> str:
    """No minus sign on a number that rounds to zero."""
    return text.lstrip("-") if not text.strip("-0.") else text


class PropertyCatalogue:
    """The known properties by name."""

    def __init__(self, specs: dict[str, PropertySpec]) -> None:
        self._specs = specs

    def __getitem__(self, name: str) -> PropertySpec:
        try:
            return self._specs[name]
        except KeyError:
            raise ToolDefinitionError(
                f"the property {name!r} stands in no properties.toml.",
                "Add it to the properties.toml of the tool's folder.",
                property=name,
            ) from None

    def __contains__(self, name: str) -> bool:
        return name in self._specs

    def __iter__(self) -> Iterator[PropertySpec]:
        return iter(self._specs.values())

    def get(self, name: str) -> PropertySpec | None:
        """The property, or ``None``."""
        return self._specs.get(name)

    def add(self, spec: PropertySpec) -> None:
        """Add a property of a third-party tool; the same name must mean the same thing."""
        known = self._specs.get(spec.name)
        if known is not None and known != spec:
            raise ToolDefinitionError(
                f"the property {spec.name!r} is defined twice, differently.",
                "Give the new property a name of its own.",
            )
        self._specs[spec.name] = spec

    def checked(self, quantity: Quantity) -> Quantity:
        """The quantity with its flag set if its value is physically impossible.

        The unit is compared in the canonical unit of the property, by pint.

        Raises:
            ToolDefinitionError: the property is unknown, or the unit has another
                dimension than the property.
        """
        spec = self[quantity.property]
        if not quantity.is_number or spec.unit is None:
            bounded = quantity.is_number and spec.unit is None and quantity.unit is None
            problem = spec.violation(float(quantity.value)) if bounded else None  # type: ignore[arg-type]
        else:
            problem = spec.violation(_in_unit(quantity, spec.unit))
        return quantity.model_copy(update={"flag": problem}) if problem else quantity


def _in_unit(quantity: Quantity, unit: str) -> float:
    if quantity.unit == unit:
        return float(quantity.value)  # type: ignore[arg-type]
    from .units import convert

    try:
        return convert(float(quantity.value), quantity.unit or "", unit)  # type: ignore[arg-type]
    except ToolInputError as error:
        # The tool's mistake, not that of the model which called it.
        raise ToolDefinitionError(
            f"{quantity.property} does not come in {quantity.unit or 'no unit'!r}: {error.message}",
            f"Return it in {unit}, or in a unit of the same dimension.",
            property=quantity.property,
        ) from error


@functools.cache
def catalogue() -> PropertyCatalogue:
    """The catalogue of this program: the house's properties, and those of tools by others."""
    return read_catalogue()


def read_catalogue() -> PropertyCatalogue:
    """The house's own properties, read from every ``tools/*/properties.toml``."""
    specs: dict[str, PropertySpec] = {}
    for path in sorted(TOOLS_FOLDER.glob("*/properties.toml")):
        for name, table in tomllib.loads(path.read_text("utf-8")).items():
            if name in specs:
                raise ToolDefinitionError(f"{path.name}: the property {name!r} is defined twice.")
            try:
                specs[name] = PropertySpec(name=name, **table)
            except ValidationError as error:
                raise ToolDefinitionError(f"{path}: [{name}] {error}") from error
    return PropertyCatalogue(specs)
