"""The data sets: citations and natures, read from ``data_sources.toml``."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path

from ..contract.quantity import Nature


@dataclass(frozen=True, slots=True)
class DataSet:
    """A data set.

    Attributes:
        independent: False for collections that copy others, for estimates, and for
            calculated values; those do not count when the spread is judged.
    """

    code: str
    label: str
    citation: str
    nature: Nature
    independent: bool


@functools.cache
def _all() -> dict[str, DataSet]:
    text = Path(__file__).with_name("data_sources.toml").read_text("utf-8")
    return {code: DataSet(code=code, **entry) for code, entry in tomllib.loads(text).items()}


def data_set(code: str) -> DataSet:
    """The data set of this code; ``KeyError`` if it is not described."""
    return _all()[code]


#: Sets that hold mostly estimates for these properties, whatever they hold for others.
_ESTIMATED = {("YAWS", "enthalpy_of_formation_gas"), ("YAWS", "standard_entropy_gas")}


def nature_of(source: DataSet, property_name: str) -> Nature:
    """How the values of this property in this data set came to be."""
    return "predicted" if (source.code, property_name) in _ESTIMATED else source.nature


#: What 68 % of Joback's estimates are off by at most, in the property's canonical unit, found by
#: comparing them with the measured values of the tables here (242 to 852 compounds each).
_JOBACK_ERRORS = {
    "boiling_point": 26.0,
    "melting_point": 68.0,
    "critical_temperature": 27.0,
    "critical_pressure": 0.22,
    "critical_volume": 21.0,
    "heat_of_fusion": 4.2,
    "enthalpy_of_formation_gas": 53.0,
}


def error_of_estimate(source: DataSet, property_name: str) -> float | None:
    """One standard deviation of an estimate, where it was compared with measurements."""
    return _JOBACK_ERRORS.get(property_name) if source.code == "JOBACK" else None
