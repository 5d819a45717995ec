"""The executable contract: one function that every tool must pass.

Third-party authors call it in their own tests::

    from labhand.tools.contract import validate_tool
    def test_contract(): validate_tool(my_tool)
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .errors import LabhandError, ToolDefinitionError
from .frames import Frame, FrameSet, slot_base
from .kinds import KINDS
from .program import Reference, Slot
from .properties import catalogue
from .registry import ToolRegistry
from .tool import ToolSpec

MINIMUM_WAYS_OF_ASKING = 12
_IN_SAY = re.compile(r"\{([a-z_0-9]+(?:\.[a-z_0-9]+)?(?:\[\d+\])?)(?::[^{}]*)?\}")


def validate_tool(spec: ToolSpec, registry: ToolRegistry | None = None) -> None:
    """Check a tool against the contract.

    Args:
        registry: where the tools that its programs call are looked up (default: the
            built-in ones and ``spec`` itself).

    Raises:
        ToolDefinitionError: with every point that is not met, one a line.
    """
    if registry is None:
        registry = ToolRegistry()
        if spec.name not in registry:
            registry.add(spec)
    problems = [*_definition(spec), *_frames(spec, registry)]
    if problems:
        raise ToolDefinitionError(
            f"the tool {spec.name} does not meet the contract:\n- " + "\n- ".join(problems),
            problems=problems,
        )


def _definition(spec: ToolSpec) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z0-9_]{2,40}", spec.name):
        yield f"the name {spec.name!r} is not a lower-case identifier"
    if len(spec.summary) > 300:
        yield "the first paragraph of the docstring is longer than 300 characters"
    if not spec.yields:
        yield "it yields no property"
    for name in spec.yields:
        if name not in catalogue() and name not in {p.name for p in spec.properties}:
            yield f"the property {name!r} stands in no properties.toml"
    if not spec.method:
        yield "it names no method"
    for argument, kind in spec.kinds.items():
        if kind not in KINDS:
            yield f"the argument {argument} has the unknown kind {kind!r}"


def _frames(spec: ToolSpec, registry: ToolRegistry) -> Iterator[str]:
    if not spec.frames_path.is_file():
        yield f"it has no frames: write {spec.frames_path.name} beside it"
        return
    try:
        frames = spec.frames()
    except LabhandError as error:
        yield str(error)
        return
    ways = [a for f in frames.frames for a in f.ask]
    if len(ways) < MINIMUM_WAYS_OF_ASKING:
        yield f"it has {len(ways)} ways of asking; at least {MINIMUM_WAYS_OF_ASKING} are needed"
    lowered = [w.lower() for w in ways]
    for way in sorted({w for w in lowered if lowered.count(w) > 1}):
        yield f"the way of asking {way!r} stands twice"
    if not frames.negatives:
        yield "it has no negative way of asking"
    for slot in {slot_base(s) for f in frames.frames for a in f.ask for s in f.slots_of(a)}:
        if slot not in frames.choices and slot not in frames.examples:
            yield f"[examples] has no value for the slot {slot!r}"
    for frame in frames.frames:
        yield from _program(frame, frames, registry)
        yield from _say(frame, registry)


def _program(frame: Frame, frames: FrameSet, registry: ToolRegistry) -> Iterator[str]:
    yielded: dict[str, tuple[str, ...]] = {}
    for step in frame.program.steps:
        try:
            target = registry[step.tool]
        except LabhandError as error:
            yield f"{frame.program}: {error}"
            return
        fields = target.arguments.model_fields
        for name, value in step.arguments:
            if name not in fields:
                yield f"{frame.program}: {step.tool} has no argument {name!r}"
            for part in value if isinstance(value, tuple) else (value,):
                if isinstance(part, Reference) and part.property not in yielded[part.step]:
                    yield f"{frame.program}: {part.step} yields no {part.property!r}"
                if isinstance(part, Slot) and part.base in frames.choices:
                    yield from _choice(part, frames, target, name)
        for name, info in fields.items():
            if info.is_required() and name not in dict(step.arguments):
                yield f"{frame.program}: {step.tool} needs the argument {name!r}"
        yielded[step.name] = target.yields
    for name in frame.answers:
        if name not in yielded[frame.program.last.name]:
            yield f"{frame.program}: its last step yields no {name!r}"


def _choice(slot: Slot, frames: FrameSet, target: ToolSpec, argument: str) -> Iterator[str]:
    schema = target.json_schema()["properties"][argument]
    allowed = schema.get("enum") or schema.get("items", {}).get("enum")
    for value in frames.choices[slot.base]:
        if allowed is not None and value not in allowed:
            yield f"[choices.{slot.base}] {value!r} is not accepted by {target.name}.{argument}"


def _say(frame: Frame, registry: ToolRegistry) -> Iterator[str]:
    steps = {s.name: registry[s.tool].yields for s in frame.program.steps}
    slots = {s.name for s in frame.program.slots()}
    for raw in _IN_SAY.findall(frame.say):
        name = raw.partition("[")[0]
        step, dot, prop = name.partition(".")
        if dot and prop in steps.get(step, ()):
            continue
        if not dot and (name in slots or name in steps[frame.program.last.name]):
            continue
        yield f"say refers to {{{raw}}}, which is neither a slot nor yielded"
