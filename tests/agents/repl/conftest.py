"""A session that needs no model: what it streams is written down in the test."""

from __future__ import annotations

import asyncio
import io
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.console import Console

from labhand.agents.events import (
    ApprovalNeeded,
    ModelFinished,
    Token,
    ToolFinished,
    ToolStarted,
    TurnFinished,
)
from labhand.agents.repl.chat import Approvals
from labhand.agents.repl.protocol import Surroundings
from labhand.agents.repl.state import State
from labhand.agents.reply import Reply, Usage
from labhand.tools.contract import NotFoundError, Observation, Quantity
from labhand.tools.contract.errors import NoSuchSessionError

CAFFEINE = "CN1C=NC2=C1C(=O)N(C(=O)N2C)C"


class FakeLedger:
    def __init__(self):
        self.items = {}

    def get(self, observation_id):
        if observation_id not in self.items:
            raise NotFoundError(f"the session has no observation {observation_id}.")
        return self.items[observation_id]

    def all(self):
        return list(self.items.values())


class FakeSession:
    """Answers every question by one tool call; ``slow`` turns wait for the interrupt."""

    def __init__(self, identifier="s1", approve=None, folder=Path("."), cut_off=None):
        self.id, self.folder, self.model_name = identifier, folder, "fake"
        self.strategy_name = "zero_shot"
        self.ledger = FakeLedger()
        self.approve = approve
        self.replies: list[Reply] = []
        self.attached: list[Path] = []
        self.stop = threading.Event()
        self.closed = False
        self.cut_off = cut_off

    def stream(self, question: str, attach: Sequence[Path] = ()) -> Iterator:
        self.attached += attach
        self.stop.clear()
        number = len(self.ledger.items) + 1
        call = f"c{number}"
        yield Token("Let me look.\n\n")
        yield ModelFinished({"text": "Let me look.", "tool_calls": [{"id": call}]})
        if "dear" in question:
            needed = ApprovalNeeded(call, "relax", {"cell": "Si"}, "takes minutes")
            yield needed
            granted = bool(self.approve and self.approve(needed))
            yield ApprovalNeeded(call, "relax", {"cell": "Si"}, "takes minutes", granted)
        yield ToolStarted(call, "molar_mass", {"smiles": CAFFEINE})
        if "slow" in question:
            self.stop.wait(10)
        observation = self._observe(f"o{number}", question)
        yield ToolFinished(call, "molar_mass", observation.id, 0.012, cached=number > 1)
        answer = f"# Result\n\nAbout {question}: **194.194 g/mol** [o{number}]\n\nDone."
        yield Token(answer[:30])
        yield Token(answer[30:])
        yield ModelFinished({"text": answer})
        interrupted = self.stop.is_set()
        reply = Reply(
            question=question,
            status="answered",
            answer="" if interrupted else answer,
            reason="interrupted by the user" if interrupted else None,
            observations=[observation],
            usage=Usage(calls=2, input_tokens=1000, output_tokens=234),
        )
        self.replies.append(reply)
        yield TurnFinished(reply.model_dump(mode="json"))

    def _observe(self, identifier, question):
        quantities = [Quantity(property="molar_mass", value=194.194, unit="g/mol", entity=CAFFEINE)]
        if "picture" in question:
            quantities.append(Quantity(property="drawing", value="⠉⠒⠤\n  ⠤⠒"))
        text = "\x1b[2Jevil" if "evil" in question else "the mass"
        observation = Observation(
            id=identifier,
            tool="molar_mass",
            arguments={"smiles": CAFFEINE},
            quantities=tuple(quantities),
            text=text,
            method="RDKit \x1b]0;owned\x07 2026",
            warnings=("\x1b[31mthe salt is left out",) if "evil" in question else (),
        )
        self.ledger.items[identifier] = observation
        return observation

    def call(self, tool, **arguments):
        identifier = f"o{len(self.ledger.items) + 1}"
        if tool == "resolve_compound":
            smiles = {"ethanol": "CCO", "CO": "[C-]#[O+]"}.get(arguments["compound"])
            if smiles is None:
                raise NotFoundError(f"nothing is known as {arguments['compound']!r}.")
            warnings = ("CO has 2 readings",) if smiles != "CCO" else ()
            reading = {"reading": "carbon monoxide"} if warnings else {}
            found = Quantity(property="smiles", value=smiles, conditions=reading)
        else:
            warnings = ()
            found = Quantity(property="drawing", value=f"⠉⠒⠤ drawn {arguments['smiles']}")
        self.ledger.items[identifier] = Observation(
            id=identifier,
            tool=tool,
            arguments=arguments,
            quantities=(found,),
            text="",
            method="none",
            warnings=warnings,
        )
        return self.ledger.items[identifier]

    def interrupt(self):
        self.stop.set()

    def switch_model(self, name):
        self.model_name = name

    def unfinished(self):
        return self.cut_off

    def resume_turn(self):
        question, self.cut_off = self.cut_off, None
        yield from self.stream(question)

    def turns(self):
        return list(self.replies)

    def usage(self):
        return Usage(calls=2 * len(self.replies), input_tokens=1000 * len(self.replies))

    def undo(self):
        return self.replies.pop().question if self.replies else None

    def clear(self):
        self.replies.clear()

    def close(self):
        self.closed = True


@pytest.fixture
def house(tmp_path: Path) -> Surroundings:
    def open_session(resume, approve):
        if resume not in (None, "old"):
            raise NoSuchSessionError(f"no session is called {resume}.")
        return FakeSession(resume or "s1", approve, tmp_path, "why?" if resume else None)

    old = SimpleNamespace(id="old", started=0.0, turns=3, model="fake", first_question="hello")
    models = [
        SimpleNamespace(name="embedded", available=True, why="built in"),
        SimpleNamespace(name="openai:NAME", available=False, why="OPENAI_API_KEY is not set"),
    ]
    return Surroundings(
        home=tmp_path,
        open_session=open_session,
        list_sessions=lambda: [old],
        export=lambda identifier, form: f"{form} of {identifier}",
        models=lambda: models,
        tools=lambda: [("molecules", "molar_mass", "The mass of one mole.")],
    )


@pytest.fixture
def state(house: Surroundings) -> State:
    approvals = Approvals()
    console = Console(file=io.StringIO(), width=90, force_terminal=False)
    return State(console, house, house.open_session(None, approvals), approvals)


@pytest.fixture
def printed(state: State) -> Callable[[], str]:
    return lambda: state.console.file.getvalue()  # type: ignore[attr-defined]


@pytest.fixture
def until():
    async def wait(condition: Callable[[], object], seconds: float = 5.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it did not happen in time"
            await asyncio.sleep(0.01)

    return wait
