"""Boiling points at other pressures than one atmosphere."""

from __future__ import annotations

from collections.abc import Callable

from ..contract import NotApplicableError, NotFoundError, ToolInputError
from ._at_temperature import covered_range, sources_of
from ._sources import data_set
from ._values import Value

_STEPS = 60  # halvings: 2^-60 of the range is far below a microkelvin


def boiling_at(cas: str, pressure: float) -> list[Value]:
    """Temperatures [K] at which the vapour pressure equals ``pressure`` [Pa], by each curve.

    Raises:
        ToolInputError: the pressure is not positive.
        NotFoundError: no vapour pressure curve is known.
        NotApplicableError: the curves do not reach the pressure.
    """
    if pressure <= 0:
        raise ToolInputError("a pressure is positive.", "Check its sign.")
    curves = covered_range(cas)
    if not curves:
        raise NotFoundError(
            f"no data set here has a vapour pressure curve of {cas}.",
            f"Looked at: {', '.join(sources_of('vapour_pressure'))}.",
        )
    wanted = pressure / 1000.0  # the curves are in kPa
    conditions = {"pressure": f"{pressure:.7g} Pa"}
    values = [
        Value(_solve(curve, wanted, *limits), data_set(source), conditions)
        for source, limits, curve in curves
        if curve(limits[0]) <= wanted <= curve(limits[1])
    ]
    if not values:
        low = min(curve(limits[0]) for _, limits, curve in curves)
        high = max(curve(limits[1]) for _, limits, curve in curves)
        raise NotApplicableError(
            f"the vapour pressure of {cas} is known only from {low:.3g} to {high:.4g} kPa.",
            "Ask for a pressure in that range; curves are not extrapolated.",
        )
    return values


def _solve(curve: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Bisection on a rising curve."""
    for _ in range(_STEPS):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if curve(middle) < wanted else (low, middle)
    return 0.5 * (low + high)
