"""Killed programs, full disks and locked files, through the command line."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

TOOL = '''
import os, time
from pathlib import Path
from labhand.testing.tools import LENGTH, Text
from labhand.tools.contract import Finding, Quantity, Touch, tool

@tool(yields=["text_length"], method="counting", touches=Touch.READ, properties=[LENGTH])
def {name}(text: Text) -> Finding:
    """Count the characters of a text."""
    with open(os.environ["RUNS"], "a") as runs:
        print("{name}", file=runs)
    while {slow} and not Path(os.environ["RUNS"] + ".go").exists():
        time.sleep(0.05)
    return Finding((Quantity(property="text_length", value=len(text)),), summary="counted")
'''
CALLS = [{"name": n, "args": {"text": t}, "id": n} for n, t in (("quick", "one"), ("slow", "four"))]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """A home of its own, and two tools of a third party that note every run."""
    site = tmp_path / "site"
    info = site / "third-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: third\nVersion: 1.0\n")
    lines = ["[labhand.tools]"]
    for name, slow in (("quick", False), ("slow", True)):
        (site / f"third_{name}.py").write_text(TOOL.format(name=name, slow=slow))
        lines.append(f"{name} = third_{name}:{name}")
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n")
    return os.environ | {
        "LABHAND_HOME": str(tmp_path / "home"),
        "PYTHONPATH": str(site),
        "RUNS": str(tmp_path / "runs"),
        "NO_COLOR": "1",
    }


def script(path: Path, *turns: dict) -> str:
    path.write_text("".join(json.dumps(turn) + "\n" for turn in turns))
    return f"scripted:{path}"


def labhand(*arguments: str, env: dict[str, str], stdin: str = "") -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "labhand", *arguments]
    return subprocess.run(
        command, env=env, input=stdin, capture_output=True, text=True, timeout=60, check=False
    )


def until(condition, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.heavy
def test_after_kill_9_only_the_unfinished_tool_runs_again(tmp_path: Path, env: dict[str, str]):
    model = script(tmp_path / "first.jsonl", {"calls": CALLS[:1]}, {"calls": CALLS[1:]})
    runs = tmp_path / "runs"
    command = [sys.executable, "-m", "labhand", "ask", "how long?", "-m", model]
    program = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL)
    until(lambda: runs.exists() and "slow" in runs.read_text())
    os.kill(program.pid, signal.SIGKILL)
    program.wait()
    (tmp_path / "runs.go").touch()
    model = script(
        tmp_path / "second.jsonl", {"text": "{o1.text_length} and {o2.text_length} characters."}
    )
    done = labhand("chat", "--continue", "-m", model, env=env, stdin="/continue\n")
    assert "A turn was cut off" in done.stdout
    assert "3 [o1] and 4 [o2] characters." in done.stdout, done.stdout + done.stderr
    assert runs.read_text().split() == ["quick", "slow", "slow"]


@pytest.mark.heavy
def test_a_locked_session_is_left_alone(tmp_path: Path, env: dict[str, str]):
    model = script(tmp_path / "s.jsonl", {"text": "Fine."})
    first = json.loads(labhand("ask", "hello", "-m", model, "--json", env=env).stdout)
    path = tmp_path / "home" / "sessions" / first["session"] / "session.sqlite"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    done = labhand("ask", "again", "-r", first["session"], "-m", model, "--json", env=env)
    other.execute("ROLLBACK")
    other.close()
    assert done.returncode == 1
    assert "locked by another program" in json.loads(done.stdout)["reason"]
    assert labhand("ask", "again", "-r", first["session"], "-m", model, env=env).returncode == 0


@pytest.mark.heavy
def test_a_disk_that_fills_up_in_a_turn_does_not_take_the_reply(
    tmp_path: Path, env: dict[str, str]
):
    """RLIMIT_FSIZE stands for the full disk: the session's file cannot grow beyond it."""
    turns = [{"calls": [{"name": "quick", "args": {"text": "x" * n}}]} for n in range(1, 16)]
    model = script(tmp_path / "s.jsonl", *turns, {"text": "Done."})
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
    limit += "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)); "
    limit += "import sys; from labhand.cli.app import run; sys.exit(run(sys.argv[1:]))"
    command = [sys.executable, "-c", limit, "ask", "how long?", "-m", model, "--json"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, done.stderr
    reply = json.loads(done.stdout)
    assert reply["status"] == "failed"
    assert "limit on file size" in reply["reason"]
    assert "[o1]" in reply["answer"], "what was found until then is not lost"
    assert "Traceback" not in done.stderr


def test_an_unusable_home_is_said_by_every_command(tmp_path: Path, env: dict[str, str]):
    (tmp_path / "file").write_text("x")
    env = env | {"LABHAND_HOME": str(tmp_path / "file")}
    for command in (["tools", "call", "quick", "text=x"], ["ask", "x"], ["chat"]):
        done = labhand(*command, env=env)
        assert done.returncode == 1
        assert "inside labhand" not in done.stderr
        assert "Not a directory" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_signals_end_a_waiting_program_in_order(
    tmp_path: Path, env: dict[str, str], number: signal.Signals
):
    model = script(tmp_path / "s.jsonl", {"calls": CALLS[1:]}, {"text": "Done."})
    command = [sys.executable, "-m", "labhand", "ask", "how long?", "-m", model]
    program = subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    until(lambda: (tmp_path / "runs").exists())
    program.send_signal(number)
    _, said = program.communicate(timeout=10)
    assert program.returncode == 128 + number
    assert "Traceback" not in said
    assert said.count("\n") == 1
