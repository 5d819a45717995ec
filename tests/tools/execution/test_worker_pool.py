"""Workers hang, crash and eat memory; the program goes on."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from labhand.testing import tools as examples
from labhand.tools.contract import NotFoundError, ToolSpec
from labhand.tools.contract.errors import (
    ToolCancelledError,
    ToolCrashedError,
    ToolDefinitionError,
    ToolFailedError,
    ToolInputError,
    ToolMemoryError,
    ToolTimeoutError,
)
from labhand.tools.execution import CancelToken, Job, Outcome, WorkerPool


@pytest.fixture(scope="module")
def pool():
    pool = WorkerPool(2)
    yield pool
    pool.close()


def _job(spec: ToolSpec, **arguments: object) -> Job:
    return Job(
        spec.name,
        spec.location,
        arguments,
        seconds=spec.seconds,
        megabytes=spec.megabytes,
    )


def _process(pool: WorkerPool) -> int:
    return _value(pool.run(_job(examples.process_id)))


def _value(outcome: Outcome):
    return outcome.record["quantities"][0]["value"]


def _gone(pid: int, seconds: float = 3.0) -> bool:
    """True once the process has ended (a zombie has, if its parent is not us)."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


def test_a_worker_is_another_process_and_stays_warm(pool: WorkerPool) -> None:
    first = _process(pool)
    assert first != os.getpid()
    assert _process(pool) == first


def test_a_hanging_tool_is_stopped_at_its_limit(pool: WorkerPool) -> None:
    before = _process(pool)
    started = time.monotonic()
    with pytest.raises(ToolTimeoutError, match=r"time limit of 0.5 s"):
        pool.run(_job(examples.hang))
    assert time.monotonic() - started < 2.0
    assert not Path(f"/proc/{before}").exists(), "the worker is gone, and reaped"
    assert _process(pool) != before


@pytest.mark.parametrize(("number", "name"), [(11, "SIGSEGV"), (6, "SIGABRT"), (9, "SIGKILL")])
def test_a_native_crash(pool: WorkerPool, number: int, name: str) -> None:
    before = _process(pool)
    with pytest.raises(ToolCrashedError, match=name) as caught:
        pool.run(_job(examples.crash, number=number))
    assert "about to crash" in caught.value.data["engine_message"]
    assert "about to crash" not in str(caught.value)
    assert not Path(f"/proc/{before}").exists()
    assert _process(pool) != before


def test_a_tool_that_leaves_in_silence(pool: WorkerPool) -> None:
    with pytest.raises(ToolCrashedError, match="exit status 3"):
        pool.run(_job(examples.leave, status=3))


@pytest.mark.parametrize("shared", [False, True])
def test_memory_beyond_the_limit(pool: WorkerPool, shared: bool) -> None:
    """The heap is refused by the kernel; shared memory is seen by the watching parent."""
    with pytest.raises(ToolMemoryError, match="limit of 200 MB"):
        pool.run(_job(examples.eat_memory, megabytes=600, shared=shared))
    assert _process(pool)


def test_memory_within_the_limit_again_and_again(pool: WorkerPool) -> None:
    for _ in range(4):
        outcome = pool.run(_job(examples.eat_memory, megabytes=100, shared=False))
        assert _value(outcome) == 100 * 1024 * 1024


def test_an_exception_becomes_a_sentence(pool: WorkerPool) -> None:
    before = _process(pool)
    with pytest.raises(ToolFailedError) as caught:
        pool.run(_job(examples.fail_in_worker, text="bad valence on atom 3"))
    error = caught.value
    assert error.message == "fail_in_worker failed: bad valence on atom 3."
    assert error.data["engine_message"] == "ValueError: bad valence on atom 3"
    assert "converging" in error.data["engine_log"]
    assert "Traceback" not in str(error.to_dict())
    assert _process(pool) == before, "an ordinary failure costs no worker"


def test_an_error_of_the_house_crosses_whole(pool: WorkerPool) -> None:
    with pytest.raises(NotFoundError) as caught:
        pool.run(_job(examples.unknown_name, name="unobtainium"))
    assert caught.value.message == "nothing is known of 'unobtainium'."
    assert caught.value.remedy == "Check its spelling."
    assert caught.value.data["name"] == "unobtainium"


def test_arguments_are_checked_in_the_worker_too(pool: WorkerPool) -> None:
    with pytest.raises(ToolInputError, match="colour"):
        pool.run(_job(examples.pure_length, text="x", colour="red"))


def test_what_engines_print_is_kept_apart_and_bounded(pool: WorkerPool) -> None:
    outcome = pool.run(_job(examples.chatter, count=3))
    assert "line 2" in outcome.log
    assert "native words" in outcome.log
    outcome = pool.run(_job(examples.chatter, count=100_000))
    assert _value(outcome) == 100_000
    assert len(outcome.log) <= 64 * 1024
    assert "native words" in outcome.log
    assert pool.run(_job(examples.pure_length, text="x")).log == ""


def test_long_arguments_and_results_pass(pool: WorkerPool) -> None:
    text = "\N{SNOWMAN}" * 100_000
    outcome = pool.run(_job(examples.make_files, text=text))
    assert outcome.record["files"][0]["text"] == text


def test_progress_reaches_the_caller(pool: WorkerPool) -> None:
    seen: list[tuple[str, float | None]] = []
    job = _job(examples.slow_length, text="abc", seconds=0.4)
    pool.run(job, progress=lambda text, fraction: seen.append((text, fraction)))
    fractions = [f for _, f in seen if f is not None]
    assert len(fractions) >= 2
    assert fractions == sorted(fractions)
    assert all(0 <= f <= 1 for f in fractions)


def test_a_callback_that_fails_does_not_poison_a_worker(pool: WorkerPool) -> None:
    def broken(text: str, fraction: float | None) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        pool.run(_job(examples.slow_length, text="abc", seconds=5), progress=broken)
    assert _value(pool.run(_job(examples.pure_length, text="abcd"))) == 4


def test_cancel_from_another_thread_returns_at_once(pool: WorkerPool) -> None:
    before = _process(pool)
    cancel = CancelToken()
    fired: list[float] = []

    def stop() -> None:
        fired.append(time.monotonic())
        cancel.cancel()

    timer = threading.Timer(0.2, stop)
    timer.start()
    with pytest.raises(ToolCancelledError):
        pool.run(_job(examples.hang_long), cancel=cancel)
    assert time.monotonic() - fired[0] < 0.5
    assert _gone(before)
    with pytest.raises(ToolCancelledError):
        pool.run(_job(examples.hang_long), cancel=cancel)


def test_a_late_cancel_does_not_hit_the_next_call(pool: WorkerPool) -> None:
    cancel = CancelToken()
    pool.run(_job(examples.pure_length, text="x"), cancel=cancel)
    before = _process(pool)
    cancel.cancel()
    assert _process(pool) == before


def test_two_threads_use_two_workers(pool: WorkerPool) -> None:
    pool.prestart(count=2)
    ready = [threading.Thread(target=_process, args=(pool,)) for _ in range(2)]
    job = _job(examples.slow_length, text="x", seconds=0.5)
    threads = [threading.Thread(target=pool.run, args=(job,)) for _ in range(2)]
    for group in (ready, threads):
        started = time.monotonic()
        for thread in group:
            thread.start()
        for thread in group:
            thread.join()
    assert time.monotonic() - started < 0.95


def test_a_third_call_waits_and_may_be_cancelled_while_it_waits() -> None:
    pool = WorkerPool(1)
    first, second = CancelToken(), CancelToken()
    outcome: list[BaseException] = []

    def hang() -> None:
        try:
            pool.run(_job(examples.hang_long), cancel=first)
        except ToolCancelledError as error:
            outcome.append(error)

    thread = threading.Thread(target=hang)
    thread.start()
    while not pool.processes():
        time.sleep(0.01)
    threading.Timer(0.2, second.cancel).start()
    started = time.monotonic()
    with pytest.raises(ToolCancelledError):
        pool.run(_job(examples.pure_length, text="x"), cancel=second)
    assert time.monotonic() - started < 0.7
    assert thread.is_alive()
    first.cancel()
    thread.join(2)
    assert outcome
    pool.close()


def test_closing_ends_calls_and_leaves_no_process() -> None:
    pool = WorkerPool(2)
    pool.prestart(count=2)
    processes = pool.processes()
    assert len(processes) == 2
    threading.Timer(0.3, pool.close).start()
    with pytest.raises(ToolCancelledError):
        pool.run(_job(examples.hang_long))
    assert all(_gone(pid) for pid in processes)
    with pytest.raises(ToolCancelledError):
        pool.run(_job(examples.pure_length, text="x"))
    pool.close()


def test_an_idle_worker_that_dies_is_replaced(pool: WorkerPool) -> None:
    before = _process(pool)
    os.kill(before, 9)
    assert _gone(before)
    assert _process(pool) != before


def test_prestart_imports_ahead_and_survives_what_is_missing() -> None:
    pool = WorkerPool(1)
    pool.prestart(["no_such_module_at_all", "decimal"])
    assert len(pool.processes()) == 1
    assert _value(pool.run(_job(examples.pure_length, text="abc"))) == 3
    pool.close()


def test_a_tool_that_no_worker_can_import(pool: WorkerPool) -> None:
    for location in ("no_such_module:x", "__main__:x"):
        with pytest.raises(ToolDefinitionError, match="cannot import the module"):
            pool.run(Job("x", location, {}))
    with pytest.raises(ToolDefinitionError, match="no tool 'x'"):
        pool.run(Job("x", "json:x", {}))


def test_a_tool_from_a_file_that_is_not_on_the_path(pool: WorkerPool, tmp_path: Path) -> None:
    source = tmp_path / "my tools.py"
    source.write_text(
        "from labhand.testing.tools import LENGTH, Text, _length\n"
        "from labhand.tools.contract import Finding, tool\n"
        "@tool(yields=['text_length'], method='m', properties=[LENGTH])\n"
        "def mine(text: Text) -> Finding:\n"
        "    '''Count.'''\n"
        "    return Finding((_length(text + text),))\n"
    )
    for module in ("my_unimportable_tools", "__main__"):
        job = Job("mine", f"{module}:mine", {"text": "ab"}, source=str(source))
        assert _value(pool.run(job)) == 4


def test_a_file_whose_own_import_is_missing_says_which(pool: WorkerPool, tmp_path: Path) -> None:
    source = tmp_path / "needy.py"
    source.write_text("import a_module_that_is_missing\n")
    job = Job("needy", "needy_tools:needy", {}, source=str(source))
    with pytest.raises(ToolDefinitionError, match="a_module_that_is_missing"):
        pool.run(job)
