"""Amounts of a species: mass, amount of substance, or volume of an ideal gas → mol."""

from __future__ import annotations

from dataclasses import dataclass

from ..contract import ToolInputError
from ..quantities._parse import dimensionality, parse_in, parse_quantity
from ._equation import Species
from ._weights import molar_mass_of

#: Molar gas constant [J/(mol K)], exact since 2019.
GAS_CONSTANT = 8.31446261815324

_MOST = 1e100  # in any unit: beyond it products of doubles overflow
_MASS = {"[mass]": 1.0}
_SUBSTANCE = {"[substance]": 1.0}
_VOLUME = {"[length]": 3.0}


@dataclass(frozen=True, slots=True)
class GasState:
    """Temperature [K] and pressure [Pa] at which volumes of gases are meant."""

    temperature: float
    pressure: float

    def volume(self, amount: float) -> float:
        """Volume [L] of so many moles of ideal gas: V = nRT/p."""
        return 1000.0 * amount * GAS_CONSTANT * self.temperature / self.pressure

    def amount(self, volume: float) -> float:
        """Moles in a volume [L] of ideal gas: n = pV/(RT)."""
        return volume * self.pressure / (1000.0 * GAS_CONSTANT * self.temperature)

    @property
    def conditions(self) -> dict[str, str]:
        """As conditions of a quantity."""
        return {
            "temperature": f"{self.temperature:g} K",
            "pressure": f"{self.pressure:g} Pa",
            "model": "ideal gas",
        }


def gas_state(temperature: str | None, pressure: str | None) -> GasState | None:
    """The state of the gases, ``None`` where neither is given.

    Raises:
        ToolInputError: only one of both is given, or one is not positive.
    """
    if temperature is None and pressure is None:
        return None
    if temperature is None or pressure is None:
        raise ToolInputError(
            "the volume of a gas needs both a temperature and a pressure.",
            "Give for example temperature='25 °C' and pressure='1 atm'.",
        )
    kelvin = parse_in(temperature, "K", "temperature")
    pascal = parse_in(pressure, "Pa", "pressure")
    if kelvin <= 0 or pascal <= 0:
        raise ToolInputError("temperature and pressure of a gas are positive.", "Check the signs.")
    return GasState(kelvin, pascal)


def moles(text: str, species: Species, gas: GasState | None) -> float:
    """The amount of substance [mol] that a text means for a species.

    Raises:
        ToolInputError: the text is no amount, is not positive, or is a volume without
            the temperature and pressure that it needs.
    """
    parsed = parse_quantity(text)
    if parsed.value <= 0:
        raise ToolInputError(
            f"the amount {text.strip()!r} is not positive.", "Give what is really there."
        )
    if parsed.value > _MOST:
        raise ToolInputError(
            f"the amount {text.strip()!r} is out of range.", "Check its power of ten."
        )
    dimension = dimensionality(parsed.unit)
    if dimension == _SUBSTANCE:
        return parsed.to("mol")
    if dimension == _MASS:
        return parsed.to("g") / molar_mass_of(species.readings[0], species.text)
    if dimension == _VOLUME:
        return _moles_of_gas(text, parsed.to("L"), species, gas)
    raise ToolInputError(
        f"{text.strip()!r} is no amount of {species.text}.",
        "Give a mass (g), an amount of substance (mol), or the volume of a gas (L).",
    )


def _moles_of_gas(text: str, litres: float, species: Species, gas: GasState | None) -> float:
    if species.state and species.state.lower() not in ("g", "gas", "vap"):
        raise ToolInputError(
            f"{text.strip()!r} of {species.shown} is no volume of a gas.",
            "Give its mass or its amount of substance.",
        )
    if gas is None:
        raise ToolInputError(
            f"the volume {text.strip()!r} is an amount of {species.text} only at a known "
            "temperature and pressure.",
            "Give both (a gas at 0 °C and 1 bar, say), or the mass.",
        )
    return gas.amount(litres)


def fraction(text: str) -> float:
    """A percent yield as a fraction from 0 to 1 (``85%``, ``85``, ``0.85``).

    Raises:
        ToolInputError: it is not between 0 and 100 %.
    """
    parsed = parse_quantity(text)
    if dimensionality(parsed.unit):
        raise ToolInputError(f"{text.strip()!r} is not a percentage.", "Write it as in '85%'.")
    value = parsed.to("")
    if not parsed.unit.pint and value > 1:
        value /= 100.0
    if not 0 < value <= 1:
        raise ToolInputError(
            f"a yield of {text.strip()!r} is impossible.",
            "It lies above 0 and at most at 100 %; more means that the product is not pure or dry.",
        )
    return value
