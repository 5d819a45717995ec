"""One call from arguments to the ledger."""

from __future__ import annotations

import csv
import hashlib
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from labhand.testing.executor import InlineExecutor
from labhand.testing.tools import example_registry
from labhand.tools.contract.errors import (
    NotFoundError,
    StorageError,
    ToolCancelledError,
    ToolDefinitionError,
    ToolFailedError,
    ToolInputError,
    ToolTimeoutError,
    UnknownToolError,
)
from labhand.tools.execution import CancelToken, LocalExecutor, ToolExecutor
from labhand.tools.ledger import Ledger, ToolCache


@pytest.fixture(scope="module")
def executor(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("session")
    cache = ToolCache(folder / "c.sqlite")
    ledger = Ledger(folder / "s.sqlite")
    executor = LocalExecutor(example_registry(), ledger, folder / "files", cache=cache)
    yield executor
    executor.close()
    cache.close()
    ledger.close()


@pytest.fixture(params=["local", "inline"])
def either(request: pytest.FixtureRequest, executor: LocalExecutor) -> ToolExecutor:
    """What must hold for the executor and for its double."""
    return executor if request.param == "local" else InlineExecutor(executor.registry)


def test_a_call_is_observed(either: ToolExecutor) -> None:
    observation = either.run("slow_length", {"text": "abc"}, call_id="observed")
    assert observation.quantities[0].value == 3
    assert observation.arguments == {"text": "abc", "seconds": 0.0}, "defaults are filled in"
    assert observation.method == "counting"
    assert observation.call_id == "observed"
    assert observation.text == "The text was counted."
    assert observation.seconds > 0
    assert not observation.cached


def test_ids_count_up(either: ToolExecutor) -> None:
    first, second = (either.run("text_length", {"text": t}).id for t in ("a", "b"))
    assert int(second[1:]) == int(first[1:]) + 1


def test_a_wrong_call(either: ToolExecutor) -> None:
    with pytest.raises(UnknownToolError, match="Did you mean text_length"):
        either.run("text_lenght", {})
    with pytest.raises(ToolInputError, match="'text' is missing"):
        either.run("text_length", {})
    with pytest.raises(ToolInputError, match="'txt'"):
        either.run("text_length", {"text": "a", "txt": "b"})


def test_errors_of_tools(either: ToolExecutor) -> None:
    with pytest.raises(NotFoundError, match="unobtainium"):
        either.run("unknown_name", {"name": "unobtainium"})
    for name in ("fail", "fail_in_worker"):
        with pytest.raises(ToolFailedError, match=f"{name} failed: no convergence") as caught:
            either.run(name, {"text": "no convergence"})
        assert caught.value.data["engine_message"] == "ValueError: no convergence"


def test_a_finished_call_is_not_run_again(either: ToolExecutor) -> None:
    first = either.run("process_id", {}, call_id="once")
    assert either.run("process_id", {}, call_id="once") == first
    other = either.run("text_length", {"text": "x"}, call_id="once")
    assert other.tool == "text_length", "an id that a model uses twice hides no call"
    assert either.run("process_id", {}).id != first.id


def test_an_impossible_value_is_flagged_and_warned_of(either: ToolExecutor) -> None:
    good = either.run("share", {"value": 99.0})
    assert good.quantities[0].flag is None
    assert good.warnings == ()
    for value, unit in ((101.0, "percent"), (1.2, "dimensionless"), (-1.0, "percent")):
        bad = either.run("share", {"value": value, "unit": unit})
        assert bad.quantities[0].flag
        assert "not physical" in bad.warnings[0]
        assert "NOT PHYSICAL" in bad.for_model()


def test_a_tool_that_breaks_its_contract(either: ToolExecutor) -> None:
    with pytest.raises(ToolDefinitionError, match=r"test_items.*yields"):
        either.run("stray", {})
    with pytest.raises(ToolDefinitionError, match="measure different things"):
        either.run("share", {"value": 1.0, "unit": "kg"})


def test_a_cancelled_call_does_not_start(either: ToolExecutor) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(ToolCancelledError):
        either.run("text_length", {"text": "a"}, cancel=cancel)


def test_failed_calls_leave_no_observation(executor: LocalExecutor) -> None:
    before = len(executor.ledger)
    with pytest.raises(ToolTimeoutError):
        executor.run("hang", {})
    with pytest.raises(ToolDefinitionError):
        executor.run("stray", {})
    last = executor.run("text_length", {"text": "a"})
    assert len(executor.ledger) == before + 1
    assert executor.ledger.get(last.id) == last


def test_a_pure_call_is_cached_with_its_original_seconds(executor: LocalExecutor) -> None:
    first = executor.run("pure_length", {"text": "cached"})
    second = executor.run("pure_length", {"text": "cached"})
    assert not first.cached
    assert second.cached
    assert second.seconds == pytest.approx(first.seconds)
    assert second.id != first.id
    assert second.quantities == first.quantities
    assert not executor.run("slow_length", {"text": "c"}).cached
    assert not executor.run("slow_length", {"text": "c"}).cached


def test_failures_are_not_cached(executor: LocalExecutor) -> None:
    for _ in range(2):
        with pytest.raises(NotFoundError):
            executor.run("unknown_name", {"name": "x"})


def test_a_broken_cache_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite"
    path.write_text("not a cache")
    ledger = Ledger(tmp_path / "s.sqlite")
    executor = LocalExecutor(example_registry(), ledger, tmp_path / "files", cache=ToolCache(path))
    assert executor.run("text_length", {"text": "abc"}).quantities[0].value == 3
    assert str(path) in (executor.take_notice() or "")
    assert executor.take_notice() is None
    executor.close()


def test_files_are_kept_inside_and_hashed(executor: LocalExecutor) -> None:
    for expected in (False, True):
        observation = executor.run("make_files", {"text": "hello"})
        assert observation.cached is expected
        names = [Path(a.path).name for a in observation.artifacts]
        assert names == ["note.txt", "note-2.txt", "bytes.bin"]
        for artifact in observation.artifacts:
            path = Path(artifact.path)
            assert path.parent == executor.files / observation.id
            assert hashlib.sha256(path.read_bytes()).hexdigest() == artifact.sha256
            assert path.stat().st_size == artifact.bytes
        assert Path(observation.artifacts[2].path).read_bytes() == bytes(range(256))
        assert not list((executor.files / observation.id).glob(".*"))


def test_a_long_list_goes_to_a_file(executor: LocalExecutor) -> None:
    short = executor.run("long_list", {"count": 50})
    assert short.artifacts == ()
    assert len(short.quantities[0].value) == 50  # type: ignore[arg-type]
    long = executor.run("long_list", {"count": 51})
    (quantity,) = long.quantities
    assert quantity.value == list(range(20))
    assert quantity.conditions == {"shown": "first 20 of 51"}
    assert "first 20 of 51" in long.text
    assert "values.csv" in long.text
    with Path(long.artifacts[0].path).open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["value"]) for row in rows] == list(range(51))
    assert [int(row["item"]) for row in rows] == list(range(1, 52))


def test_many_values_go_to_a_file(executor: LocalExecutor) -> None:
    few = executor.run("many_values", {"count": 30})
    assert len(few.quantities) == 30
    many = executor.run("many_values", {"count": 5000})
    assert [q.value for q in many.quantities] == list(range(20))
    assert "20 of 5000 results" in many.text
    assert len(many.for_model()) <= 6000
    with Path(many.artifacts[0].path).open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["value"]) for row in rows] == list(range(5000))
    assert rows[7]["entity"] == "entity number 7"


def test_files_that_cannot_be_written(executor: LocalExecutor, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    ledger = Ledger(tmp_path / "s.sqlite")
    broken = LocalExecutor(executor.registry, ledger, tmp_path / "file")
    with pytest.raises(StorageError, match="cannot be made"):
        broken.run("long_list", {"count": 100})
    assert len(ledger) == 0
    assert broken.run("text_length", {"text": "abc"}).id == "o2"
    broken.close()


def test_a_full_disk_ends_in_a_sentence_and_leaves_no_half_file(tmp_path: Path) -> None:
    program = f"""
        import resource
        from pathlib import Path
        from labhand.testing.tools import example_registry
        from labhand.tools.contract.errors import StorageError
        from labhand.tools.execution import LocalExecutor
        from labhand.tools.ledger import Ledger
        folder = Path({str(tmp_path)!r})
        ledger = Ledger(folder / "s.sqlite")
        executor = LocalExecutor(example_registry(), ledger, folder / "files")
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))
        try:
            executor.run("long_list", {{"count": 100_000}})
        except StorageError as error:
            print(error)
        print(len(ledger), len(list((folder / "files").rglob("*.*"))))
        print(executor.run("text_length", {{"text": "abc"}}).for_model())
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    sentence, counts, *observation = done.stdout.splitlines()
    assert "the disk is full" in sentence
    assert "values.csv" in sentence
    assert counts == "0 0"
    assert "{o2.text_length} = 3 (abc)" in observation


def test_two_calls_at_once_get_two_observations(executor: LocalExecutor) -> None:
    found = []

    def work(text: str) -> None:
        found.append(executor.run("slow_length", {"text": text, "seconds": 0.2}))

    threads = [threading.Thread(target=work, args=("x" * n,)) for n in range(1, 5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({o.id for o in found}) == 4
    assert sorted(o.quantities[0].value for o in found) == [1, 2, 3, 4]
    for observation in found:
        assert executor.ledger.get(observation.id) == observation


def test_the_double_writes_to_a_ledger_when_it_has_one(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "s.sqlite")
    double = InlineExecutor(example_registry(), ledger)
    observation = double.run("make_files", {"text": "a"}, call_id="c")
    assert ledger.for_call("c") == observation
    assert observation.artifacts[0].bytes == 1
    double.close()
    assert double.closed


def test_a_locked_ledger_ends_in_a_sentence(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "s.sqlite", busy_seconds=0.05)
    double = InlineExecutor(example_registry(), ledger)
    other = sqlite3.connect(ledger.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match="locked"):
        double.run("text_length", {"text": "a"})
    other.close()
    assert double.run("text_length", {"text": "a"}).id == "o1"
