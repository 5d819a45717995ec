"""Workers end with the program, however it ends, and see no secrets."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

_PROGRAM = """
import os, threading, time
from labhand.testing import tools as examples
from labhand.tools.execution import Job, WorkerPool

pool = WorkerPool(2)

def job(spec, **arguments):
    return Job(spec.name, spec.location, arguments, seconds=60)

def process_of_a_call():
    return pool.run(job(examples.process_id)).record["quantities"][0]["value"]

def start():
    "From a thread that ends at once: the workers must not end with it."
    pool.prestart(count=2)
    used.append(process_of_a_call())

used = []
starter = threading.Thread(target=start)
starter.start()
starter.join()
time.sleep(0.1)
assert used[0] in pool.processes(), "the worker outlives the thread that started it"
first = process_of_a_call()
threading.Thread(target=lambda: pool.run(job(examples.hang_long)), daemon=True).start()
time.sleep(0.3)
print(*pool.processes(), flush=True)
"""


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def _start(ending: str, **environment: str) -> subprocess.Popen[str]:
    program = textwrap.dedent(_PROGRAM) + ending
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


def _workers(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout is not None
    found = [int(word) for word in process.stdout.readline().split()]
    assert len(found) == 2
    return found


def _all_gone(workers: list[int], seconds: float = 3.0) -> bool:
    deadline = time.monotonic() + seconds
    while any(map(_alive, workers)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_workers_die_with_a_killed_program(number: int) -> None:
    with _start("time.sleep(60)") as process:
        workers = _workers(process)
        assert all(map(_alive, workers))
        os.kill(process.pid, number)
        process.wait()
        assert _all_gone(workers)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize("ending", ["", "raise SystemExit(3)", "os._exit(0)"])
def test_workers_die_with_a_program_that_ends(ending: str) -> None:
    with _start(ending) as process:
        workers = _workers(process)
        process.wait(10)
        assert _all_gone(workers)


def test_nothing_leaks_from_workers_that_come_and_go() -> None:
    ending = """
from labhand.tools.contract.errors import LabhandError
def used():
    children = pathlib.Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return len(os.listdir("/proc/self/fd")), len(children)
import pathlib
pool.close()
pool = WorkerPool(2)
pool.run(job(examples.pure_length, text="x"))
before = used()
def work():
    for _ in range(6):
        try:
            pool.run(job(examples.crash))
        except LabhandError:
            pass
threads = [threading.Thread(target=work) for _ in range(4)]
[t.start() for t in threads]
[t.join() for t in threads]
pool.run(job(examples.pure_length, text="x"))
print(before == used(), used(), flush=True)
pool.close()
print(used()[1], flush=True)
"""
    with _start(ending) as process:
        _workers(process)
        assert process.stdout is not None
        said = process.stdout.read().splitlines()
    assert said[0].startswith("True"), said
    assert said[1] == "0"


def test_after_kill_9_only_the_unfinished_call_is_run(tmp_path: Path) -> None:
    """The session's file says which calls are done, whoever reads it next."""
    program = f"""
import sys
from pathlib import Path
from labhand.testing.tools import example_registry
from labhand.tools.execution import LocalExecutor
from labhand.tools.ledger import Ledger

folder = Path({str(tmp_path)!r})
executor = LocalExecutor(example_registry(), Ledger(folder / "s.sqlite"), folder / "files")
for call_id in ("a", "b"):
    observation = executor.run("process_id", {{}}, call_id=call_id)
    print(observation.id, observation.quantities[0].value, flush=True)
    if call_id == sys.argv[1]:
        executor.run("hang_long", {{}})
executor.close()
"""

    def run(stop_after: str) -> list[str]:
        with subprocess.Popen(
            [sys.executable, "-c", program, stop_after], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            if not stop_after:
                return process.stdout.read().splitlines()
            line = process.stdout.readline().strip()
            os.kill(process.pid, signal.SIGKILL)
            return [line]

    (first,) = run(stop_after="a")
    again, second = run(stop_after="")
    assert again == first, "the finished call is read from the ledger"
    assert second.split()[0] == "o2"
    assert second.split()[1] != first.split()[1], "the other one is run by a new worker"
    assert run(stop_after="") == [first, second]


def test_an_interrupt_kills_what_runs_and_the_program_goes_on() -> None:
    ending = """
try:
    pool.run(job(examples.hang_long))
except KeyboardInterrupt:
    print("interrupted", len(pool.processes()), flush=True)
pool.close()
"""
    with _start(ending) as process:
        _workers(process)
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGINT)
        assert process.stdout is not None
        assert process.stdout.readline().split() == ["interrupted", "1"]
        assert process.wait(10) == 0


def test_a_worker_sees_no_secret_and_leaves_no_folder(tmp_path: Path) -> None:
    ending = """
import pathlib
environment = pathlib.Path(f"/proc/{first}/environ").read_text()
print("TEST_API_KEY" in environment, "OMP_NUM_THREADS=1" in environment, flush=True)
print(os.readlink(f"/proc/{first}/cwd"), flush=True)
"""
    with _start(ending, TEST_API_KEY="hush", OMP_NUM_THREADS="7", TMPDIR=str(tmp_path)) as process:
        _workers(process)
        assert process.stdout is not None
        assert process.stdout.readline().split() == ["False", "True"]
        assert process.stdout.readline().startswith(str(tmp_path))
        process.wait(10)
    assert list(tmp_path.iterdir()) == []
