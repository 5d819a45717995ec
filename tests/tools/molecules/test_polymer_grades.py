"""A polymer with its mean molar mass behind the name is still no single compound."""

from __future__ import annotations

import pytest

from labhand.tools.contract import NotApplicableError
from labhand.tools.molecules.resolve_compound import resolve_compound


@pytest.mark.parametrize(
    "name", ["PEG 400", "PEG-4000", "polyethylene glycol 400", "polystyrene 100 kDa"]
)
def test_grades_of_polymers_are_refused(name: str) -> None:
    with pytest.raises(NotApplicableError, match="polymer"):
        resolve_compound(compound=name)


@pytest.mark.parametrize("name", ["2,4,6-trinitrotoluene", "ethanol", "carbon-13"])
def test_numbers_in_other_names_do_no_harm(name: str) -> None:
    assert resolve_compound(compound=name).quantities
