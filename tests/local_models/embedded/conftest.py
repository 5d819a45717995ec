"""A conversation with the planner in which tools are canned quantities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from labhand.agents.entities import EntityTable, Recogniser, mask, unmask
from labhand.local_models.embedded.model import EmbeddedPlanner
from labhand.testing.names import InMemoryNames
from labhand.tools.contract import Observation, Quantity, ToolRegistry

Results = Callable[[dict[str, Any]], "list[Quantity] | str"]
_STRUCTURES = {
    "caffeine": ("Cn1c(=O)c2c(ncn2C)n(C)c1=O", "58-08-2"),
    "aspirin": ("CC(=O)Oc1ccccc1C(=O)O", "50-78-2"),
    "ethanol": ("CCO", "64-17-5"),
    "toluene": ("Cc1ccccc1", "108-88-3"),
}


def _resolved(name: str) -> list[Quantity] | str:
    if name == "CO":
        pairs = [("[C-]#[O+]", "carbon monoxide"), ("CO", "methanol")]
        return [
            Quantity(property=p, value=v, entity=s)
            for s, n in pairs
            for p, v in (("smiles", s), ("name", n))
        ]
    if name not in _STRUCTURES:
        return f"no table here knows {name!r}. Give its SMILES or CAS number instead."
    smiles, cas = _STRUCTURES[name]
    found = [Quantity(property="smiles", value=smiles, entity=smiles)]
    return [*found, Quantity(property="cas", value=cas, entity=smiles)]


def _one(property_name: str, unit: str | None = None) -> Results:
    def result(arguments: dict[str, Any]) -> list[Quantity] | str:
        text = str(arguments.get("smiles") or arguments.get("cas") or arguments)
        return [Quantity(property=property_name, value=float(len(text)), unit=unit, entity=text)]

    return result


CANNED: Mapping[str, Results] = {
    "resolve_compound": lambda a: _resolved(str(a["compound"])),
    "molar_mass": _one("molar_mass", "g/mol"),
    "descriptors": lambda a: [
        Quantity(property=w, value=1.5, entity=str(a["smiles"])) for w in a["which"]
    ],
    "physical_property": lambda a: [
        Quantity(property=str(a["which"]), value=383.75, unit="K", entity=str(a["cas"]))
    ],
    "convert_unit": _one("converted_value", "kJ/mol"),
    "balance_reaction": lambda a: [Quantity(property="balanced_equation", value="A -> B")],
}


class Dialogue:
    """Asks, runs canned tools, and keeps the messages as a session would."""

    def __init__(self, model: EmbeddedPlanner, *, artifacts: bool = True) -> None:
        self.model = model
        self.artifacts = artifacts
        self.table = EntityTable()
        self.messages: list[BaseMessage] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.steps: list[int] = []
        self.observations = 0
        self._recogniser = Recogniser(InMemoryNames())

    def ask(self, question: str) -> AIMessage:
        """The final message of the turn, unmasked."""
        found = self._recogniser.recognise(question, self.table)
        self.messages.append(HumanMessage(mask(question, found)))
        self.calls, self.steps = [], []
        for _ in range(8):
            message = self.model.invoke(self.messages)
            self.messages.append(message)
            if not message.tool_calls:
                return message.model_copy(update={"content": unmask(message.text, self.table)})
            self.steps.append(len(message.tool_calls))
            for call in message.tool_calls:
                self.messages.append(self._run(dict(call)))
        raise AssertionError("the planner does not come to an end")

    def _run(self, call: dict[str, Any]) -> ToolMessage:
        arguments = unmask(call["args"], self.table)
        self.calls.append((call["name"], arguments))
        result = CANNED[call["name"]](arguments)
        if isinstance(result, str):
            return ToolMessage(result, tool_call_id=call["id"], name=call["name"], status="error")
        self.observations += 1
        record = Observation(
            id=f"o{self.observations}", tool=call["name"], quantities=tuple(result)
        )
        artifact = {"observation": record.model_dump(mode="json")} if self.artifacts else None
        return ToolMessage(
            record.for_model(), tool_call_id=call["id"], name=call["name"], artifact=artifact
        )


@pytest.fixture(scope="session")
def planner_model() -> EmbeddedPlanner:
    return EmbeddedPlanner(registry=ToolRegistry())


@pytest.fixture
def dialogue(planner_model: EmbeddedPlanner) -> Dialogue:
    return Dialogue(planner_model)


@pytest.fixture
def make_dialogue() -> type[Dialogue]:
    return Dialogue
