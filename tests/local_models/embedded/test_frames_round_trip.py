"""Every way of asking that the tools ship, asked with their own examples: right tool back?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from labhand.agents.entities import EntityTable, Recogniser, frame_words, mask
from labhand.local_models.embedded.plan import Plan
from labhand.local_models.embedded.planner import Planner
from labhand.testing.names import COMMON, InMemoryNames
from labhand.tools.contract import Frame, FrameSet, ToolRegistry
from labhand.tools.contract.frames import slot_base


def _questions(frames: FrameSet) -> Iterator[tuple[str, Frame]]:
    """Each template with examples in its slots, a different one for every slot."""
    for frame in frames.frames:
        for number, template in enumerate(frame.ask):
            question = template
            for slot in frame.slots_of(template):
                base = slot_base(slot)
                if base in frames.choices:
                    ways = list(frames.choices[base].values())
                    values = [w[0] for w in ways[number % len(ways) :] + ways]
                else:
                    examples = list(frames.examples[base])
                    values = examples[number % len(examples) :] + examples
                fresh = [v for v in values if v not in question]
                question = question.replace(f"{{{slot}}}", (fresh or values)[0])
            yield question, frame


@pytest.mark.heavy
def test_frames_come_back_to_their_tools() -> None:
    registry = ToolRegistry()
    examples = {v for s in registry for v in s.frames().examples.get("molecule", ())}
    recogniser = Recogniser(
        InMemoryNames([*COMMON, *examples]), words_of_asking=frame_words(registry)
    )
    planner = Planner(registry)
    verdicts: Counter[str] = Counter()
    lost: list[str] = []
    for spec in registry:
        for question, frame in _questions(spec.frames()):
            found = recogniser.recognise(question, EntityTable())
            plan = planner.plan(mask(question, found))
            wanted = {s.tool for s in frame.program.steps}
            if not isinstance(plan, Plan):
                verdict = "abstained"
            elif {s.tool for r in plan.runs for s in r.frame.program.steps} == wanted:
                verdict = "right"
            else:
                verdict = "wrong"
            verdicts[verdict] += 1
            if verdict != "right":
                lost.append(f"{verdict}: {mask(question, found)} ({question}; {spec.name})")
    total = verdicts.total()
    assert verdicts["right"] / total >= 0.95, "\n".join(lost)
    assert verdicts["wrong"] / total <= 0.015, "\n".join(lost)
    print(verdicts, *lost, sep="\n")
