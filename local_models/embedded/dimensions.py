"""Whether a unit measures what a placeholder's detail says."""

from __future__ import annotations

import functools

#: A unit of each dimension that a target unit may have, to check it against a property's.
_REPRESENTATIVE = {
    "mass": "g", "length": "m", "time": "s", "temperature": "K", "substance": "mol",
    "volume": "m^3", "energy": "J", "pressure": "Pa", "force": "N", "power": "W",
    "frequency": "Hz", "charge": "C", "voltage": "V", "concentration": "mol/m^3",
    "area": "m^2", "velocity": "m/s", "wavenumber": "1/m", "density": "kg/m^3",
    "molar_mass": "g/mol", "molar_energy": "J/mol", "molar_entropy": "J/mol/K",
    "specific_energy": "J/kg", "specific_heat": "J/kg/K", "molar_volume": "m^3/mol",
    "molality": "mol/kg", "viscosity": "Pa*s", "surface_tension": "N/m",
}  # fmt: skip


@functools.cache
def same_dimension(unit: str, detail: str) -> bool:
    """True if a unit is of the dimension that a placeholder's detail names."""
    representative = _REPRESENTATIVE.get(detail)
    if representative is None:
        return False
    from ...tools.contract import ToolInputError
    from ...tools.contract.units import convert

    try:
        convert(1.0, unit, representative)
    except ToolInputError:
        return False
    return True
