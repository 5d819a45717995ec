"""The main questions once more: a scripted model and a server take the embedded planner's path.

The planner answers with real tools; what it said, call by call, is then the script of the
other two models, and all three replies must hold the same numbers from the same tools.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from labhand.agents.events import ModelFinished
from labhand.agents.projection import ai_message_from_dict
from labhand.agents.reply import Reply
from labhand.agents.session import Session
from labhand.testing.fake_openai import FakeOpenAI
from labhand.testing.scripted import ScriptedChatModel
from labhand.tools.execution.pool import WorkerPool

QUESTIONS = [
    "molecular weight of caffeine",
    "monoisotopic mass of caffeine",
    "TPSA of ibuprofen",
    "is CC(C)Cc1ccc(cc1)C(C)C(=O)O drug-like?",
    "boiling point of toluene",
    "convert 3.5 kcal/mol to kJ/mol",
    "balance C3H8 + O2 -> CO2 + H2O and give grams of CO2 from 10 g propane",
    "SMILES of L-alanine and of D-alanine",
    "does benzaldehyde contain a ketone?",
]


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    shared = WorkerPool(2)
    yield shared
    shared.close()


def ask(model: Any, question: str, home: Path, pool: WorkerPool) -> tuple[Reply, list[AIMessage]]:
    with Session(model=model, home=home, pool=pool) as session:
        reply = session.ask(question)
        said = [
            ai_message_from_dict(event.message)
            for event in session.store.log.events()
            if isinstance(event, ModelFinished)
        ]
    return reply, said


def essence(reply: Reply) -> Any:
    quantities = [(q.property, q.value, q.unit, q.entity, q.evidence) for q in reply.quantities]
    return reply.status, quantities, [(o.id, o.tool, o.arguments) for o in reply.observations]


@pytest.mark.parametrize("question", QUESTIONS)
def test_three_models_one_path(question: str, tmp_path: Path, pool: WorkerPool) -> None:
    planned, said = ask("embedded", question, tmp_path, pool)
    assert planned.status == "answered"
    scripted, _ = ask(ScriptedChatModel(script=list(said)), question, tmp_path, pool)
    with FakeOpenAI(list(said)) as server:
        served, _ = ask(f"server:{server.url}", question, tmp_path, pool)
    assert essence(scripted) == essence(planned), scripted.reason
    assert essence(served) == essence(planned)
    # What a planner of ours may quote word for word from a tool, any model may.
    assert served.answer == scripted.answer == planned.answer
