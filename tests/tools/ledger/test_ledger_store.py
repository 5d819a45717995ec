"""The ledger: append-only, numbered, hashed, and there after a crash."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labhand.tools.contract import Artifact, NotFoundError, Observation, Quantity
from labhand.tools.contract.errors import ProgrammerMustFix, StorageError
from labhand.tools.ledger import Damage, Ledger


@pytest.fixture
def ledger(tmp_path: Path):
    ledger = Ledger(tmp_path / "s.sqlite", busy_seconds=0.1)
    yield ledger
    ledger.close()


def _observation(identifier: str, value: float = 18.015, call_id: str = "") -> Observation:
    mass = Quantity(property="molar_mass", value=value, unit="g/mol", entity="O")
    return Observation(
        id=identifier, tool="molar_mass", quantities=(mass,), text="Wasser: H₂O", call_id=call_id
    )


def test_what_goes_in_comes_out(ledger: Ledger) -> None:
    full = _observation(ledger.reserve(), call_id="c1").model_copy(
        update={
            "artifacts": (Artifact(path="a.svg", sha256="0" * 64, bytes=3),),
            "warnings": ("careful",),
            "arguments": {"smiles": "O", "list": [1, 2.5, None]},
            "cached": True,
        }
    )
    ledger.append(full)
    assert ledger.get("o1") == full
    assert ledger.all() == [full]
    assert "o1" in ledger
    assert "o2" not in ledger
    assert len(ledger) == 1


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    value=st.one_of(
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(),
        st.lists(st.text(), max_size=5),
    )
)
def test_every_value_survives(ledger: Ledger, value: object) -> None:
    quantity = Quantity(property="p", value=value)  # type: ignore[arg-type]
    observation = Observation(id=ledger.reserve(), tool="t", quantities=(quantity,))
    ledger.append(observation)
    again = ledger.get(observation.id).quantities[0].value
    assert again == quantity.value
    assert type(again) is type(quantity.value)


def test_an_unknown_id(ledger: Ledger) -> None:
    for identifier in ("o1", "o0", "x", "", "o1; DROP TABLE observations"):
        assert identifier not in ledger
        with pytest.raises(NotFoundError, match="no observation"):
            ledger.get(identifier)


def test_an_id_of_another_form_is_refused(ledger: Ledger) -> None:
    with pytest.raises(ProgrammerMustFix):
        ledger.append(_observation("x1"))


def test_ids_are_never_given_twice(ledger: Ledger) -> None:
    assert [ledger.reserve() for _ in range(3)] == ["o1", "o2", "o3"]
    ledger.append(_observation("o7"))
    again = Ledger(ledger.path)
    assert again.reserve() == "o8"
    assert ledger.reserve() == "o9"
    again.close()


def test_threads_get_unique_ids(ledger: Ledger) -> None:
    found: list[str] = []

    def work() -> None:
        for _ in range(50):
            identifier = ledger.reserve()
            ledger.append(_observation(identifier))
            found.append(identifier)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 200
    assert [o.id for o in ledger.all()] == [f"o{i}" for i in range(1, 201)]


def test_two_programs_share_a_ledger(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    program = f"""
        from pathlib import Path
        from labhand.tools.contract import Observation
        from labhand.tools.ledger import Ledger
        ledger = Ledger(Path({str(path)!r}))
        for _ in range(100):
            ledger.append(Observation(id=ledger.reserve(), tool="t"))
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    processes = [subprocess.Popen(command) for _ in range(3)]
    assert [p.wait(60) for p in processes] == [0, 0, 0]
    ledger = Ledger(path)
    assert [o.id for o in ledger.all()] == [f"o{i}" for i in range(1, 301)]
    ledger.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE observations SET record = '{}'",
        "DELETE FROM observations",
        "INSERT OR REPLACE INTO observations (number, call_id, record, sha256) "
        "VALUES (1, '', '{}', '')",
    ],
)
def test_no_program_can_change_a_row(ledger: Ledger, statement: str) -> None:
    ledger.append(_observation("o1"))
    with (
        sqlite3.connect(ledger.path) as other,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        other.execute(statement)
    assert ledger.get("o1") == _observation("o1")


def test_an_observation_is_not_written_twice(ledger: Ledger) -> None:
    ledger.append(_observation("o1"))
    with pytest.raises(ProgrammerMustFix, match="append-only"):
        ledger.append(_observation("o1", value=19.0))
    assert ledger.get("o1").quantities[0].value == 18.015


def test_a_call_is_found_by_its_id(ledger: Ledger) -> None:
    assert ledger.for_call("c") is None
    ledger.append(_observation("o1"))
    assert ledger.for_call("") is None
    ledger.append(_observation("o2", call_id="c"))
    ledger.append(_observation("o3", call_id="d"))
    assert ledger.for_call("c") == _observation("o2", call_id="c")


def _forge(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TRIGGER observations_update")
        connection.execute(sql)


def test_a_forged_row_is_found_and_not_used(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        ledger.append(_observation(f"o{number}"))
    assert ledger.verify() == []
    _forge(
        ledger.path,
        "UPDATE observations SET record = replace(record, '18.015', '28.015') WHERE number = 2",
    )
    assert ledger.verify() == [Damage("o2", "its content does not fit its SHA-256")]
    with pytest.raises(StorageError, match="o2"):
        ledger.get("o2")
    assert ledger.get("o3").id == "o3"


def test_a_truncated_ledger(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    ledger = Ledger(path)
    for _ in range(200):
        ledger.append(_observation(ledger.reserve()))
    ledger.close()
    path.write_bytes(path.read_bytes()[:-8000])
    with pytest.raises(StorageError, match="damaged"):
        Ledger(path)


def test_what_was_appended_survives_kill_9(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    program = f"""
        from pathlib import Path
        from labhand.tools.contract import Observation
        from labhand.tools.ledger import Ledger
        ledger = Ledger(Path({str(path)!r}))
        while True:
            identifier = ledger.reserve()
            ledger.append(Observation(id=identifier, tool="t", call_id=identifier))
            print(identifier, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(100)]
        os.kill(process.pid, signal.SIGKILL)
        said += process.stdout.read().split()
    ledger = Ledger(path)
    assert ledger.verify() == []
    assert {o.id for o in ledger.all()} >= set(said)
    assert ledger.for_call(said[0]) is not None
    ledger.close()
