"""What counts as a statement in a text, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.agents.claims import extract


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It melts at 122.4 °C [o1].", ["122.4 °C"]),
        ("194.19 g/mol", ["194.19 g/mol"]),
        ("3.2 kJ mol-1 and 3.2 kJ·mol⁻¹", ["3.2 kJ mol-1", "3.2 kJ·mol⁻¹"]),
        ("1,234.5 kg/m3", ["1,234.5 kg/m3"]),
        ("6.022×10^23 mol^-1", ["6.022×10^23 mol^-1"]),
        ("-0.348 eV", ["-0.348 eV"]),
        ("5-10 Å²", ["5", "10 Å²"]),
        ("between 3 and 5", ["3", "5"]),
        ("5 in total", ["5"]),
        ("CAS 65-85-0", ["65-85-0"]),
        ("RYYVLZVUVIJVGH-UHFFFAOYSA-N", ["RYYVLZVUVIJVGH-UHFFFAOYSA-N"]),
        ("formula C8H10N4O2", ["C8H10N4O2"]),
        ("CC(=O)Oc1ccccc1C(=O)O is aspirin", ["CC(=O)Oc1ccccc1C(=O)O"]),
        ("about 50% of it", ["50%"]),
        ("volume 3 cm^3", ["3 cm^3"]),
        ("mass,12.5 g", ["12.5 g"]),
        ("name,mass\nethanol,46.07,78.4\n", ["46.07", "78.4"]),
        ('"sodium chloride",58.44,801', ["58.44", "801"]),
        ("water,-0.5,1e-3", ["-0.5", "1e-3"]),
        ("1,234.5,12.5", ["1,234.5", "12.5"]),
        ("mass,1,234.5 g", ["1,234.5 g"]),
    ],
)
def test_statements_are_found(text: str, expected: list[str]) -> None:
    assert [f.text for f in extract(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "2,4,6-trinitrotoluene and N,N-dimethylformamide",
        "2,4-D, 1,2-dichloroethane, N,2-dimethylaniline and alpha,2-dimethylstyrene",
        "N,N,2-trimethylpropan-1-amine; 1,1'-biphenyl; bicyclo[2,2,1]heptane and 3',5'-cyclic AMP",
        "sp3 carbon, GFN2-xTB, B3LYP, vitamin B12",
        "1. first\n2. second",
        "see [o1] and [o12]",
        "{o1.molar_mass} and {o2.smiles[2]:x|y}",
        "the 1st, 2nd and 3rd",
        "no numbers at all",
    ],
)
def test_what_is_no_statement_is_left_out(text: str) -> None:
    assert extract(text) == []


def test_value_unit_and_printed_precision() -> None:
    (found,) = extract("1.20e-3 mol/L")
    assert (found.value, found.unit, found.decimals) == (pytest.approx(1.2e-3), "mol/L", 5)


@given(st.text(max_size=200))
def test_never_raises_and_offsets_are_right(text: str) -> None:
    for found in extract(text):
        assert text[found.start : found.end] == found.text


@given(st.floats(0.001, 1e6), st.sampled_from(["g/mol", "eV", "K", "kJ/mol", "nm"]))
def test_a_printed_quantity_is_read_back(value: float, unit: str) -> None:
    (found,) = extract(f"the value is {value:.3f} {unit}, we think")
    assert found.value == pytest.approx(float(f"{value:.3f}"))
    assert found.unit == unit
