"""The tree of errors: drawn once, complete, and able to cross a process boundary."""

from __future__ import annotations

import inspect
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import errors
from labhand.tools.contract.errors import (
    LabhandError,
    ModelMayRetry,
    ModelMustAdapt,
    PersonMustAct,
    ProgrammerMustFix,
    ToolFailedError,
    error_from_dict,
)

CLASSES = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, LabhandError)
]
_plain = st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())


@pytest.mark.parametrize("kind", CLASSES)
@given(
    message=st.text(),
    remedy=st.text(),
    data=st.dictionaries(st.sampled_from(["tool", "value", "near"]), _plain),
)
def test_every_error_survives_a_round_trip_through_json(
    kind: type[LabhandError], message: str, remedy: str, data: dict[str, object]
) -> None:
    again = error_from_dict(json.loads(json.dumps(kind(message, remedy, **data).to_dict())))
    assert type(again) is kind
    assert (again.message, again.remedy, again.data) == (message, remedy, data)


def test_data_that_is_not_plain_stays_behind() -> None:
    error = ToolFailedError("it failed.", value=object(), tool="t")
    assert error.to_dict()["data"] == {"tool": "t"}
    assert "value" in error.data


def test_a_class_that_this_version_does_not_know_becomes_the_base() -> None:
    error = error_from_dict({"error": "FutureError", "message": "m."})
    assert type(error) is LabhandError
    assert str(error) == "m."


def test_the_drawing_at_the_head_of_the_file_is_the_tree() -> None:
    drawn = set(re.findall(r"[├└]── (\w+)", errors.__doc__ or "")) | {"LabhandError"}
    assert drawn == {kind.__name__ for kind in CLASSES}


def test_every_error_has_an_addressee() -> None:
    heads = {
        ModelMayRetry: "model_retry",
        ModelMustAdapt: "model_adapt",
        PersonMustAct: "person",
        ProgrammerMustFix: "programmer",
    }
    for kind in CLASSES:
        if kind is not LabhandError:
            (head,) = [h for h in heads if issubclass(kind, h)]
            assert kind.addressee == heads[head]


def test_the_text_is_message_and_remedy() -> None:
    assert str(LabhandError("It is broken.", "Mend it.")) == "It is broken. Mend it."
    assert str(LabhandError("It is broken.")) == "It is broken."
