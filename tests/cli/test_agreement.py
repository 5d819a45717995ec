import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.agents.reply import EvidencedQuantity, Reply
from labhand.cli.agreement import agreement, same_value
from labhand.tools.contract import PropertySpec


def reply(*quantities, status="answered"):
    return Reply(question="q", status=status, quantities=list(quantities))


def mass(value, unit="g/mol", entity="CCO", name="molar_mass", **more):
    return EvidencedQuantity(
        property=name, value=value, unit=unit, entity=entity, evidence="o1", **more
    )


def verdict(one, other):
    return agreement(["a", "b"], [one, other])


def test_values_in_other_units_agree():
    assert verdict(reply(mass(46.069)), reply(mass(0.046069, "kg/mol")))["agree"] is True


def test_who_disagrees_is_said():
    found = verdict(reply(mass(46.069)), reply(mass(46.042)))
    (point,) = found["disagreements"]
    assert found["agree"] is (point["agree"])
    assert point["values"] == {"a": 46.069, "b": 46.042}
    assert point["unit"] == "g/mol"


@pytest.mark.parametrize(
    "other",
    [
        mass(46.069, entity="CCN"),
        mass(46.042, name="monoisotopic_mass", unit="Da"),
        mass(46.069, conditions={"temperature": "298.15 K"}),
    ],
)
def test_different_things_are_not_compared(other):
    found = verdict(reply(mass(46.069)), reply(other))
    assert found["agree"] is None
    assert [sorted(p["missing"]) for p in found["given_by_one_model"]] == [["b"], ["a"]]


def test_several_values_have_no_order():
    one, two = mass("C[C@H](N)C(=O)O", None), mass("C[C@@H](N)C(=O)O", None)
    assert verdict(reply(one, two), reply(two, one))["agree"] is True
    assert verdict(reply(one, two), reply(one, one))["agree"] is False
    assert verdict(reply(one, two), reply(one))["agree"] is False


def test_units_that_do_not_convert_disagree():
    assert verdict(reply(mass(46.069)), reply(mass(46.069, "K")))["agree"] is False


def test_statuses_are_reported():
    found = verdict(reply(status="abstained"), reply(mass(1.0)))
    assert found["statuses"] == {"a": "abstained", "b": "answered"}
    assert found["agree"] is None


SPEC = PropertySpec(name="p", label="p", description="", relative_tolerance=0.01)


@given(st.floats(1e-6, 1e6), st.floats(0, 0.009))
def test_within_the_tolerance_is_the_same_either_way_round(value, share):
    other = value * (1 + share)
    assert same_value(value, other, SPEC)
    assert same_value(other, value, SPEC)


@given(st.floats(1e-6, 1e6), st.floats(0.02, 1))
def test_beyond_the_tolerance_is_not(value, share):
    assert not same_value(value, value * (1 + share), SPEC)


def test_booleans_are_no_numbers_and_counts_are_exact():
    assert not same_value(True, 1, SPEC)
    assert not same_value(1000, 1001, None)
    assert same_value([1.0, 2.0], [1.0, 2.0], None)
    assert not same_value([1.0, 2.0], [1.0], None)
