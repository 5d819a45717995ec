"""Constants of nature, by CODATA."""

from __future__ import annotations

import difflib
import re
from typing import Annotated

from pydantic import Field

from ..contract import Finding, Kind, NotFoundError, Quantity, ToolInputError, tool
from ._units import read_unit


@tool(
    yields=("constant_value", "constant_name"),
    method="CODATA recommended values in scipy.constants",
    reference="Mohr, Newell, Taylor, Tiesinga, CODATA Recommended Values of the Fundamental "
    "Physical Constants: 2022, https://physics.nist.gov/constants",
)
def physical_constant(
    name: Annotated[
        str,
        Kind("choice"),
        Field(
            min_length=1,
            max_length=80,
            description="name or symbol of the constant, e.g. 'Planck constant', 'R', 'k_B'",
        ),
    ],
) -> Finding:
    """Value, unit and standard uncertainty of a constant of nature (CODATA): Planck, Avogadro,
    Boltzmann, Faraday and gas constant, masses of particles, Bohr radius and 350 more.

    Symbols are case-sensitive (``G`` is gravitation, ``g`` the standard acceleration).

    >>> from labhand.tools.quantities.physical_constant import physical_constant
    >>> found = physical_constant(name="Faraday").quantities[0]
    >>> found.value, found.unit, found.nature
    (96485.33212331001, 'C/mol', 'defined')

    Raises:
        NotFoundError: no constant has this name; near ones are given.
    """
    import scipy
    from scipy.constants import physical_constants

    key = _key(name.strip(), tuple(physical_constants))
    value, unit_text, uncertainty = physical_constants[key]
    unit = _unit(key, unit_text)
    year = _codata_year()
    result = Quantity(
        property="constant_value",
        value=float(value),
        unit=unit,
        entity=key,
        uncertainty=float(uncertainty) or None,
        nature="measured" if uncertainty else "defined",
        source=f"CODATA {year}, as in scipy {scipy.__version__}",
    )
    label = Quantity(property="constant_name", value=key, entity=key, nature="identified")
    exact = () if uncertainty else ("exact by the definitions of the SI",)
    return Finding((result, label), method=f"CODATA {year} (scipy.constants)", warnings=exact)


def _key(name: str, known: tuple[str, ...]) -> str:
    """The CODATA name that a name or symbol means; symbols keep their case."""
    ways = physical_constant.frames().choices["constant"]
    exact = {key: key for key in known}
    exact.update({word: key for key, words in ways.items() for word in (key, *words)})
    if name in exact:
        return exact[name]
    plain = re.sub(r"^the\s+", "", re.sub(r"[’']s?\b", "", name)).strip()
    folded: dict[str, set[str]] = {}
    for word, key in exact.items():
        folded.setdefault(_folded(word), set()).add(key)
    for candidate in (plain, f"{plain} constant"):
        found = folded.get(_folded(candidate), set())
        if len(found) == 1:
            return found.pop()
    near = difflib.get_close_matches(plain, list(exact), n=3, cutoff=0.6)
    raise NotFoundError(
        f"no constant of the CODATA list is called {name!r}.",
        f"Did you mean {', '.join(near)}?" if near else "Give its full name, as CODATA has it.",
        name=name,
    )


def _folded(word: str) -> str:
    return re.sub(r"[\s_\-.]+", " ", word).casefold().strip()


def _unit(key: str, text: str) -> str | None:
    if not text:
        return None
    try:
        return read_unit(text).symbol
    except ToolInputError as error:
        raise NotFoundError(
            f"the unit {text!r} of the {key} is not one that can be used further here.",
            "Ask for the same constant in SI units.",
        ) from error


def _codata_year() -> str:
    """The year of the adjustment that this version of scipy carries."""
    import scipy.constants

    found = re.search(r"CODATA\s?(\d{4})", scipy.constants.__doc__ or "")
    return found.group(1) if found else "recommended values"
