"""Constants of nature: SI definitions, relations between them, names and symbols."""

import pytest

from labhand.tools.contract import NotFoundError, Quantity, catalogue, validate_tool
from labhand.tools.quantities.physical_constant import physical_constant


def _get(name: str) -> Quantity:
    return physical_constant(name=name).quantities[0]


def _value(name: str) -> float:
    return float(str(_get(name).value))


def test_contract() -> None:
    validate_tool(physical_constant)


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [  # defining constants of the SI (BIPM 2019)
        ("Planck constant", 6.62607015e-34, "J/Hz"),
        ("Avogadro's number", 6.02214076e23, "mol^-1"),
        ("k_B", 1.380649e-23, "J/K"),
        ("elementary charge", 1.602176634e-19, "C"),
        ("speed of light", 299792458.0, "m/s"),
    ],
)
def test_defining_constants_are_exact(name: str, value: float, unit: str) -> None:
    found = _get(name)
    assert (found.value, found.unit, found.nature) == (value, unit, "defined")
    assert found.uncertainty is None
    assert "CODATA 20" in str(found.source)


def test_measured_constants_carry_their_uncertainty() -> None:
    found = _get("electron mass")
    assert found.nature == "measured"
    assert found.uncertainty is not None
    assert 0 < found.uncertainty < 1e-8 * float(str(found.value))


def test_relations_between_constants() -> None:
    assert _value("R") == pytest.approx(_value("N_A") * _value("k_B"), rel=1e-12)
    assert _value("F") == pytest.approx(_value("N_A") * _value("e"), rel=1e-9)
    energy = _value("hbar") ** 2 / (_value("m_e") * _value("a0") ** 2)
    assert _value("hartree") == pytest.approx(energy, rel=1e-8)


def test_symbols_keep_their_case() -> None:
    assert _get("G").entity == "Newtonian constant of gravitation"
    assert _get("g").entity == "standard acceleration of gravity"
    assert _get("h").entity == "Planck constant"


def test_every_way_of_naming_finds_its_constant() -> None:
    for key, words in physical_constant.frames().choices["constant"].items():
        for word in (key, *words):
            assert _get(word).entity == key, word


def test_prints_the_digits_that_are_known() -> None:
    spec = catalogue()["constant_value"]
    assert spec.format_number(_value("R")) == "8.314462618"
    assert spec.format_number(_value("F")) == "96485.33212"


def test_unknown_names_are_not_guessed() -> None:
    with pytest.raises(NotFoundError):
        physical_constant(name="foo")
    with pytest.raises(NotFoundError) as caught:
        physical_constant(name="plank constant")
    assert "Planck" in caught.value.remedy
