"""How often the embedded planner is right, wrong, or abstains, and how long it takes.

    python benchmarks/planner_accuracy.py [--split dev|heldout|second_author] [--show]

It recognises and plans every question of ``tests/local_models/embedded/questions.toml``
and compares the calls of the plan with those wanted; nothing is executed. Questions whose
tools are not installed are left out and counted. With the index of compound names on
disk it uses that, else (``--double``) the small one of ``labhand.testing``.
"""

from __future__ import annotations

import argparse
import statistics
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from labhand.agents.entities import EntityTable, NameLookup, Recogniser, frame_words, mask, unmask
from labhand.local_models.embedded.plan import Focus, Plan, Run, Step, next_focus
from labhand.local_models.embedded.planner import Planner
from labhand.testing.names import InMemoryNames
from labhand.tools.contract import Reference, ToolRegistry

SPLITS = ("dev", "heldout", "second_author", "after")
QUESTIONS = Path(__file__).resolve().parent.parent / "tests/local_models/embedded/questions.toml"


@dataclass(frozen=True)
class Question:
    """A question and the programs that would be right."""

    ask: str
    want: tuple[tuple[str, ...], ...]
    split: str
    style: str
    after: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """True if some program answers it."""
        return self.want != ((),)


@dataclass
class Outcome:
    """What came of one question."""

    question: Question
    verdict: str
    said: str
    confidence: float
    milliseconds: float = 0.0


@dataclass
class Report:
    """All outcomes of a run."""

    outcomes: list[Outcome] = field(default_factory=list)
    skipped: int = 0
    index_seconds: float = 0.0

    def counts(self, split: str) -> Counter[str]:
        """Verdicts of one split; ``right`` includes rightly abstained."""
        return Counter(o.verdict for o in self.outcomes if o.question.split == split)

    def answerable(self, split: str) -> list[Outcome]:
        """Outcomes of the questions that have an answer."""
        return [o for o in self.outcomes if o.question.split == split and o.question.answerable]


def load() -> Iterator[Question]:
    """Every question of the set."""
    table: dict[str, Any] = tomllib.loads(QUESTIONS.read_text("utf-8"))["style"]
    for style, content in table.items():
        for entry in content["questions"]:
            programs = (tuple(entry["want"]), *(tuple(o) for o in entry.get("or", [])))
            after = tuple(entry.get("after", ()))
            yield Question(entry["ask"], programs, content["split"], style, after)


def calls(run: Run, table: EntityTable) -> list[set[str]]:
    """Each call of a run's own program as the set of words that describe it."""
    found: list[set[str]] = []
    own = {s.name: s for s in run.steps}
    for call in run.frame.program.steps:
        words = {call.tool, *_words(own[call.name], own, table)}
        if call.tool == run.frame.program.last.tool:
            listed = {v for _, a in own[call.name].arguments if isinstance(a, tuple) for v in a}
            # Of a frame for any of many values those count that this call asks for.
            words |= {a for a in run.frame.answers if not listed or a in listed}
        found.append({w.lower() for w in words})
    return found


def _words(step: Step, steps: dict[str, Step], table: EntityTable) -> Iterator[str]:
    for _, value in step.arguments:
        for part in value if isinstance(value, tuple) else (value,):
            if isinstance(part, Reference):
                yield from _words(steps[part.step], steps, table)
            else:
                yield str(unmask(part, table))


def matches(plan: Plan, program: tuple[str, ...], table: EntityTable) -> bool:
    """True if the plan's calls are the wanted ones, each once."""
    made = [c for r in plan.runs for c in calls(r, table)]
    wanted = [{w.lower() for w in entry.split("|")} for entry in program]
    if len(made) != len(wanted):
        return False
    for entry in wanted:
        hit = next((c for c in made if entry <= c), None)
        if hit is None:
            return False
        made.remove(hit)
    return True


def unknown_name(plan: Plan, table: EntityTable, names: NameLookup) -> bool:
    """True if a name in the plan is in no table, so that resolving it ends in abstention."""
    found = [m for r in plan.runs for m in r.mentions if m.label == "MOL" and m.detail == "name"]
    return any(not names.contains(unmask(m.text, table)) for m in found)


def judge(
    question: Question, planner: Planner, recogniser: Recogniser, names: NameLookup
) -> Outcome:
    """Plan one question and compare.

    A question without answer counts as abstained from when its "molecule" is in no table
    of names ("a map of France"): the first call of the plan fails, and the planner says so.
    """
    table = EntityTable()
    focus = Focus()
    for earlier in question.after:
        plan = planner.plan(mask(earlier, recogniser.recognise(earlier, table)), focus)
        focus = next_focus(focus, plan, earlier)
    start = time.perf_counter()
    masked = mask(question.ask, recogniser.recognise(question.ask, table))
    plan = planner.plan(masked, focus)
    spent = 1000 * (time.perf_counter() - start)
    if not isinstance(plan, Plan):
        verdict = "abstained" if question.answerable else "right"
        return Outcome(question, verdict, f"{masked} → {plan.text}", plan.score, spent)
    if not question.answerable and unknown_name(plan, table, names):
        return Outcome(question, "right", masked, plan.confidence, spent)
    right = question.answerable and any(matches(plan, p, table) for p in question.want)
    said = f"{masked} → {unmask(plan.interpretation, table)}"
    return Outcome(question, "right" if right else "wrong", said, plan.confidence, spent)


def evaluate(registry: ToolRegistry, names: NameLookup) -> Report:
    """Judge every question whose tools are there."""
    report = Report()
    start = time.perf_counter()
    planner = Planner(registry)
    report.index_seconds = time.perf_counter() - start
    recogniser = Recogniser(names, words_of_asking=frame_words(registry))
    for question in load():
        tools = {e.split("|")[0] for e in question.want[0]}
        if any(t not in registry for t in tools):
            report.skipped += 1
            continue
        report.outcomes.append(judge(question, planner, recogniser, names))
    return report


def _print(report: Report, split: str, show: bool) -> None:
    outcomes = [o for o in report.outcomes if o.question.split == split]
    if not outcomes:
        return
    counts, answerable = report.counts(split), report.answerable(split)
    right = sum(o.verdict == "right" for o in answerable)
    times = sorted(o.milliseconds for o in outcomes)
    print(
        f"{split}: {len(outcomes)} questions, right {counts['right']}, wrong {counts['wrong']}, "
        f"abstained {counts['abstained']}; of {len(answerable)} answerable right {right} "
        f"({100 * right / len(answerable):.0f} %); of {len(outcomes) - len(answerable)} others "
        f"answered {sum(o.verdict == 'wrong' for o in outcomes if not o.question.answerable)}; "
        f"median {statistics.median(times):.1f} ms, p95 {times[int(0.95 * len(times))]:.1f} ms"
    )
    for outcome in outcomes if show else ():
        if outcome.verdict != "right":
            print(f"  {outcome.verdict} ({outcome.confidence:.2f}) {outcome.question.ask}")
            print(f"      {outcome.said}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--split", choices=SPLITS)
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    parser.add_argument("--double", action="store_true", help="the small index of names")
    options = parser.parse_args()
    names: NameLookup = InMemoryNames()
    if not options.double:
        from labhand.tools.molecules.name_index import default_path, shared_index

        names = shared_index(default_path())
    report = evaluate(ToolRegistry(), names)
    print(f"index {report.index_seconds:.2f} s; {report.skipped} skipped (tool not there)")
    for split in SPLITS:
        if options.split in (None, split):
            _print(report, split, options.show)


if __name__ == "__main__":
    main()
