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
