"""Start-up, first answer, warm answers and memory of the command line, as a person meets them.

    python benchmarks/ask_speed.py

The index of compound names is built first (once per machine) and its time is printed too.
Each figure is a median; the state lives in a temporary folder.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LABHAND = [sys.executable, "-m", "labhand"]
COLD_RUNS, HELP_RUNS, BATCH = 7, 15, 20
QUESTION = "TPSA of ibuprofen"
NAMES = (
    "ibuprofen aspirin caffeine paracetamol naproxen diazepam nicotine morphine codeine cocaine "
    "penicillin warfarin metformin atenolol propranolol lidocaine testosterone cortisone "
    "cholesterol glucose"
).split()


def run(*arguments: str, home: Path) -> tuple[float, str]:
    """Wall seconds and standard output of one command."""
    environment = {**os.environ, "LABHAND_HOME": str(home)}
    started = time.perf_counter()
    done = subprocess.run(
        [*LABHAND, *arguments], env=environment, capture_output=True, text=True, check=True
    )
    return time.perf_counter() - started, done.stdout


def peak_of_main_process(home: Path) -> tuple[float, float]:
    """MiB resident of the main process: before any tool ran, and after one answer."""
    program = (
        "import resource\n"
        "from labhand import Session\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
        "with Session() as s:\n"
        "    s._assembly.loop()\n"
        "    before = peak()\n"
        f"    s.ask({QUESTION!r})\n"
        "    print(before, peak())\n"
    )
    environment = {**os.environ, "LABHAND_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    before, after = map(float, done.stdout.split())
    return before, after


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        first, _ = run("ask", QUESTION, "--json", home=home)
        print(f"first ask ever (builds the name index)  {first:6.2f} s")
        helps = [run("--help", home=home)[0] for _ in range(HELP_RUNS)]
        print(f"--help                                  {statistics.median(helps):6.2f} s")
        cold = [run("ask", QUESTION, "--json", home=home)[0] for _ in range(COLD_RUNS)]
        print(f"ask, cold start, median of {COLD_RUNS}            {statistics.median(cold):6.2f} s")
        batch = home / "questions.jsonl"
        lines = [json.dumps({"question": f"TPSA of {name}"}) for name in NAMES]
        batch.write_text("\n".join(lines) + "\n", "utf-8")
        _, output = run("ask", "--file", str(batch), "--json", home=home)
        replies = [json.loads(line) for line in output.splitlines()]
        answered = sum(r["status"] == "answered" for r in replies)
        warm = statistics.median(r["seconds"] for r in replies)
        slowest = max(r["seconds"] for r in replies[1:])
        print(
            f"ask, warm, median of {BATCH} in one --file     {warm:6.3f} s (slowest {slowest:.3f})"
        )
        print(f"answered                                {answered} of {len(replies)}")
        before, after = peak_of_main_process(home)
        print(f"resident before a tool, after an answer {before:6.0f} and {after:.0f} MiB")
        workers = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"largest process of all                  {workers:6.0f} MiB")


if __name__ == "__main__":
    main()
