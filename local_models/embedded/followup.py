""" "And in kJ/mol?": the last answer's values given in another unit."""

from __future__ import annotations

from ...tools.contract import Observation, Quantity, Slot, ToolSpec, references
from ...tools.contract.frames import Frame
from ...tools.contract.program import parse_program
from .conversation import Conversation
from .dimensions import same_dimension
from .plan import Abstention, Focus, Plan, Run, Step
from .planner import Planner
from .split import is_elliptic, polite_off
from .words import Mention, tokenise

_MOST_VALUES = 4


def convert_last(
    conversation: Conversation, focus: Focus, planner: Planner
) -> Plan | Abstention | None:
    """A plan that converts the last answer's values, if that is what is asked."""
    tokens = polite_off(tokenise(conversation.question))
    mentions = [m for t in tokens for m in t.mentions]
    if [m.label for m in mentions] != ["UNIT"] or not is_elliptic(tokens) or focus.plan is None:
        return None
    unit = mentions[0]
    if any(m.label == "UNIT" for r in focus.plan.runs for m in r.mentions):
        return None  # the last question had a unit of its own, which is replaced
    tool = _converter(planner)
    values = _values(conversation, focus.plan, unit)
    if tool is None or not values:
        return Abstention(
            "missing", f"There is no value in the last answer that could be given in {unit.text}."
        )
    return Plan(tuple(_run(tool, v, unit) for v in values[:_MOST_VALUES]), 0.9)


def _converter(planner: Planner) -> ToolSpec | None:
    """The cheapest tool that takes a quantity and a unit and nothing else."""
    for name in sorted(planner.allowed):
        spec = planner.registry[name]
        required = [n for n, f in spec.arguments.model_fields.items() if f.is_required()]
        if sorted(spec.kinds.get(n, "") for n in required) == ["quantity", "unit"]:
            return spec
    return None


def _values(conversation: Conversation, plan: Plan, unit: Mention) -> list[tuple[str, Quantity]]:
    """The last answer's numbers that have this dimension, with their references."""
    tools = {r.steps[-1].tool: r.frame.answers for r in plan.runs}
    found: list[tuple[str, Quantity]] = []
    for observation in _last_of(conversation.earlier, set(tools)):
        for reference, quantity in references(observation).items():
            wanted = quantity.property in tools[observation.tool] and quantity.is_number
            if wanted and quantity.unit and same_dimension(quantity.unit, unit.detail):
                found.append((reference, quantity))
    return found


def _last_of(observations: tuple[Observation, ...], tools: set[str]) -> list[Observation]:
    """The newest observations of these tools, back to the first of another kind."""
    found: list[Observation] = []
    for observation in reversed(observations):
        if observation.tool in tools:
            found.insert(0, observation)
        elif found:
            break
    return found[-_MOST_VALUES:]


def _run(tool: ToolSpec, value: tuple[str, Quantity], unit: Mention) -> Run:
    """The conversion, answered with the tool's own sentence and a reference to the value."""
    reference, quantity = value
    given = {"quantity": f"{quantity.value} {quantity.unit}", "unit": unit.text}
    shown = {"quantity": f"{{{reference}}}", "unit": unit.text}
    required = [n for n, f in tool.arguments.model_fields.items() if f.is_required()]
    arguments = tuple((n, given[tool.kinds[n]]) for n in required)
    frame = next((f for f in tool.frames().frames if _asks_for(f, required)), None)
    if frame is None:
        call = ", ".join(f"{n}={v!r}" for n, v in arguments)
        frame = Frame(tool.name, parse_program(f"{tool.name}({call})"), (), tool.yields[:1])
        return Run(frame, (Step("s1", tool.name, arguments),), {}, (unit,))
    texts = {
        slot.name: shown[tool.kinds[name]]
        for name, slot in frame.program.last.arguments
        if isinstance(slot, Slot)
    }
    return Run(frame, (Step(frame.program.last.name, tool.name, arguments),), texts, (unit,))


def _asks_for(frame: Frame, required: list[str]) -> bool:
    """True for a frame of one call with a slot for each required argument, and no more."""
    given = dict(frame.program.last.arguments)
    slots = all(isinstance(v, Slot) for v in given.values())
    return len(frame.program.steps) == 1 and slots and sorted(given) == sorted(required)
