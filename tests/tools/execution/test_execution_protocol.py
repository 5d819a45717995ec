"""Frames and findings cross a pipe unchanged, in pieces of any size."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract import Finding, NewFile, Quantity
from labhand.tools.execution.environment import worker_environment
from labhand.tools.execution.protocol import FrameReader, ProtocolError, encode
from labhand.tools.execution.records import finding_from_dict, finding_to_dict

_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(frames=st.lists(st.dictionaries(st.text(), _plain), max_size=4), piece=st.integers(1, 1000))
def test_frames_survive_being_cut_anywhere(frames: list[dict[str, object]], piece: int) -> None:
    data = b"".join(map(encode, frames))
    reader = FrameReader()
    found = [f for i in range(0, len(data), piece) for f in reader.feed(data[i : i + piece])]
    assert found == frames


@pytest.mark.parametrize("body", [b"nonsense", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_bytes_that_are_no_frame(body: bytes) -> None:
    with pytest.raises(ProtocolError):
        FrameReader().feed(struct.pack(">I", len(body)) + body)


def test_a_length_that_cannot_be_meant() -> None:
    with pytest.raises(ProtocolError, match="4294967295 bytes"):
        FrameReader().feed(b"\xff\xff\xff\xff")


_values = st.one_of(
    st.booleans(),
    st.integers(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(),
    st.lists(st.integers() | st.text(), max_size=4),
)


@given(
    values=st.lists(_values, max_size=4),
    words=st.text(),
    warnings=st.lists(st.text(), max_size=3),
    content=st.binary() | st.text(),
)
def test_a_finding_survives(
    values: list[object], words: str, warnings: list[str], content: bytes | str
) -> None:
    finding = Finding(
        quantities=tuple(
            Quantity(property="p", value=v, conditions={"at": words}, uncertainty=0.5)  # type: ignore[arg-type]
            for v in values
        ),
        summary=words,
        method="m",
        reference="r",
        warnings=tuple(warnings),
        files=(NewFile("n", content, "text/x", words),),
    )
    (record,) = FrameReader().feed(encode(finding_to_dict(finding)))
    again = finding_from_dict(record)
    assert again == finding
    assert [type(q.value) for q in again.quantities] == [type(q.value) for q in finding.quantities]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("OPENAI_API_KEY", False),
        ("HF_TOKEN", False),
        ("AWS_SECRET_ACCESS_KEY", False),
        ("my_secret", False),
        ("DB_PASSWORD", False),
        ("TOKENIZERS_PARALLELISM", True),
        ("PATH", True),
        ("JAVA_HOME", True),
        ("KEYBOARD", True),
    ],
)
def test_secrets_stay_with_the_program(name: str, kept: bool) -> None:
    assert (name in worker_environment({name: "x"})) is kept
