"""A quantity: the only form in which a value crosses a boundary of labhand."""

from __future__ import annotations

import builtins
import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Scalar = bool | int | float | str
Value = Scalar | list[Scalar]
Nature = Literal["measured", "calculated", "predicted", "tabulated", "defined", "identified"]


class Quantity(BaseModel):
    """One property of one entity, with all that is needed to use it rightly.

    Attributes:
        property: the name in the property catalogue (``molar_mass`` is not
            ``monoisotopic_mass``).
        value: a number, a text, a boolean, or a list of them; never NaN or infinite.
        unit: a unit that pint knows, e.g. ``g/mol``; ``None`` where there is none
            (texts, booleans, counts, ratios).
        entity: what the value belongs to: a SMILES for a molecule, the surface
            text for anything else.
        conditions: what else was held fixed, as readable texts with units
            (``{"temperature": "298.15 K"}``).
        uncertainty: one standard deviation, in ``unit``; ``None`` if unknown.
        nature: how the value came to be. A prediction is not a measurement.
        source: the table and row, or the model, that this very value comes from.
        flag: set when the value lies outside the physical bounds of its
            property; such a value is never reported as fact.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    property: str
    value: Value
    unit: str | None = None
    entity: str | None = None
    conditions: dict[str, str] = Field(default_factory=dict)
    uncertainty: float | None = None
    nature: Nature = "calculated"
    source: str | None = None
    flag: str | None = None

    @model_validator(mode="after")
    def _finite(self) -> Quantity:
        numbers = self.value if isinstance(self.value, list) else [self.value]
        for number in [*numbers, self.uncertainty]:
            if isinstance(number, float) and not math.isfinite(number):
                raise ValueError(f"{self.property} is not a finite number: {number}")
        return self

    @builtins.property  # the field above hides the plain name
    def is_number(self) -> bool:
        """True for a single int or float (a boolean is not a number)."""
        return isinstance(self.value, int | float) and not isinstance(self.value, bool)
