"""Worked examples, made from the tools' frames.

A frame knows how a thing is asked and which calls answer it, so an example is a frame
with its slots filled by the file's ``[examples]``::

    Question: how heavy is one mole of caffeine?
    o1 = resolve_compound(compound="caffeine")
    o2 = molar_mass(smiles=o1.smiles)
    Answer: The molar mass of caffeine is {o2.molar_mass}.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from ..tools.contract.frames import Frame, FrameSet, Negative, slot_base
from ..tools.contract.program import Argument, Call, Reference, Slot
from ..tools.contract.registry import ToolRegistry
from ..tools.contract.tool import ToolSpec

#: One example in so many is a question that the tools must not answer.
ONE_REFUSAL_IN = 4

_IN_SAY = re.compile(r"\{([a-z_0-9]+)(?:\.([a-z_0-9]+))?(\[\d+\])?(:[^{}]*)?\}")
_CAS = re.compile(r"\d{2,7}-\d{2}-\d")
_SLOT = re.compile(r"\{([a-z_]+(?:_\d+)?)\}")


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A question, the calls that answer it, and the answer with its references.

    Attributes:
        tool: whose frame it is made from.
        calls: one line a call; its result is named ``o1``, ``o2``, … Empty where the
            right answer is that it cannot be answered.
    """

    tool: str
    question: str
    calls: tuple[str, ...]
    answer: str

    def __str__(self) -> str:
        return "\n".join([f"Question: {self.question}", *self.calls, f"Answer: {self.answer}"])


def worked_examples(registry: ToolRegistry, count: int, seed: int) -> list[WorkedExample]:
    """``count`` examples of different tools where there are enough, the same for each seed.

    Every fourth is a refusal. Fewer come back only when the tools have no more frames.
    The result is kept for as long as the registry has the same tools.
    """
    known = _kept.setdefault(registry, {})
    key = (tuple(registry.names()), count, seed)
    if key not in known:
        known[key] = tuple(_drawn(registry, count, random.Random(seed)))
    return list(known[key])


_kept: WeakKeyDictionary[ToolRegistry, dict[Any, tuple[WorkedExample, ...]]] = WeakKeyDictionary()


def _drawn(registry: ToolRegistry, count: int, draw: random.Random) -> list[WorkedExample]:
    tools = list(registry)
    answered = _by_turns([list(examples_of(t, registry)) for t in tools], draw)
    refused = _by_turns([list(refusals_of(t)) for t in tools], draw)
    wanted = min(count // ONE_REFUSAL_IN, len(refused))
    chosen = [*answered[: count - wanted], *refused[:wanted]]
    draw.shuffle(chosen)
    return chosen


def examples_of(spec: ToolSpec, registry: ToolRegistry) -> Iterator[WorkedExample]:
    """An example for every way of asking of one tool, in the order of its file."""
    frames = spec.frames()
    for frame in frames.frames:
        for number, template in enumerate(frame.ask):
            slots = _slot_values(frame, template, frames, number)
            if slots is not None:
                yield _example(frame, template, slots, registry)


def refusals_of(spec: ToolSpec) -> Iterator[WorkedExample]:
    """An example for every negative way of asking of one tool."""
    frames = spec.frames()
    for negative in frames.negatives:
        for number, template in enumerate(negative.ask):
            slots = _slot_values(negative, template, frames, number)
            if slots is not None:
                yield WorkedExample(
                    spec.name,
                    _filled(template, slots),
                    (),
                    f"None of my tools answers this: {negative.why}.",
                )


def _by_turns(groups: list[list[WorkedExample]], draw: random.Random) -> list[WorkedExample]:
    """One of each tool, then a second of each, …; tools and examples in drawn order."""
    for group in groups:
        draw.shuffle(group)
    draw.shuffle(groups)
    longest = max((len(g) for g in groups), default=0)
    return [g[i] for i in range(longest) for g in groups if i < len(g)]


@dataclass(frozen=True, slots=True)
class _Value:
    """What fills a slot: the words in the question, and the argument in the call."""

    words: str
    argument: str | int | float


def _slot_values(
    entry: Frame | Negative, template: str, frames: FrameSet, number: int
) -> Mapping[str, _Value] | None:
    """A value for every slot of a way of asking; ``None`` if one has no example.

    Different ways of asking get different values, and ``{molecule}`` and
    ``{molecule_2}`` never the same.
    """
    values: dict[str, _Value] = {}
    taken: dict[str, int] = {}
    for slot in dict.fromkeys(_SLOT.findall(template)):
        base = slot_base(slot)
        place = number + taken.get(base, 0)
        taken[base] = taken.get(base, 0) + 1
        if base in frames.choices:
            choices = list(frames.choices[base].items())
            argument, ways = choices[place % len(choices)]
            values[slot] = _Value(ways[0], argument)
        elif frames.examples.get(base):
            given = [v for v in frames.examples[base] if not _ambiguous(v)]
            if not given:
                return None
            text = given[place % len(given)]
            values[slot] = _Value(text, _number(text) if base == "number" else text)
        else:
            return None
    return values


def _ambiguous(text: str) -> bool:
    """``CO`` is a formula and a SMILES: its right answer has every reading, which a
    frame's one sentence cannot show."""
    return looks_like_smiles(text) and bool(re.fullmatch(r"(?:[A-Z][a-z]?\d*){1,2}", text))


def _number(text: str) -> str | int | float:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def _example(
    frame: Frame, template: str, slots: Mapping[str, _Value], registry: ToolRegistry
) -> WorkedExample:
    lines: list[str] = []
    names: dict[str, str] = {}
    resolved: dict[str, str] = {}
    for step in frame.program.steps:
        _resolve_names(step, slots, registry, lines, resolved)
        spec = registry[step.tool]
        arguments = [
            f"{name}={_shown(value, slots, names, resolved, spec.kinds.get(name))}"
            for name, value in step.arguments
        ]
        names[step.name] = f"o{len(lines) + 1}"
        lines.append(f"{names[step.name]} = {step.tool}({', '.join(arguments)})")
    answer = _answer(frame, slots, names)
    return WorkedExample(frame.tool, _filled(template, slots), tuple(lines), answer)


def _resolve_names(
    step: Call,
    slots: Mapping[str, _Value],
    registry: ToolRegistry,
    lines: list[str],
    resolved: dict[str, str],
) -> None:
    """Put a call before ``step`` for each name where ``step`` wants a SMILES."""
    kinds = registry[step.tool].kinds
    for argument, value in step.arguments:
        for part in value if isinstance(value, tuple) else (value,):
            if kinds.get(argument) != "smiles" or not isinstance(part, Slot):
                continue
            words = slots[part.name].words
            if words in resolved or looks_like_smiles(words):
                continue
            found = _resolver(registry)
            if found is None:
                continue
            spec, name = found
            lines.append(f"o{len(lines) + 1} = {spec.name}({name}={json.dumps(words)})")
            resolved[words] = f"o{len(lines)}.smiles"


def _resolver(registry: ToolRegistry) -> tuple[ToolSpec, str] | None:
    """The tool that makes a SMILES of a compound in any spelling, and its argument."""
    for spec in registry:
        required = [n for n, f in spec.arguments.model_fields.items() if f.is_required()]
        if (
            "smiles" in spec.yields
            and len(required) == 1
            and spec.kinds.get(required[0]) == "compound"
        ):
            return spec, required[0]
    return None


def looks_like_smiles(text: str) -> bool:
    """Whether an example's value is a SMILES rather than a name or a CAS number.

    It only has to tell the values of ``[examples]`` apart, so it looks at the
    characters: a name has lower-case letters that no aromatic atom has.

    >>> from labhand.prompts.examples import looks_like_smiles
    >>> [looks_like_smiles(t) for t in ("CCO", "c1ccccc1O", "phenol", "58-08-2")]
    [True, True, False, False]
    """
    if _CAS.fullmatch(text) or " " in text:
        return False
    bare = re.sub(r"\[[^\]]*\]|Cl|Br|Si|Se", "", text)
    return not set(bare) - set("BCNOPSFIbcnops0123456789()=#-+/\\@.%*:[]")


def _shown(
    value: Argument,
    slots: Mapping[str, _Value],
    names: Mapping[str, str],
    resolved: Mapping[str, str],
    kind: str | None,
) -> str:
    if isinstance(value, tuple):
        return "[" + ", ".join(_shown(v, slots, names, resolved, kind) for v in value) + "]"
    if isinstance(value, Reference):
        return f"{names[value.step]}.{value.property}"
    if isinstance(value, Slot):
        given = slots[value.name]
        if kind == "smiles" and given.words in resolved:
            return resolved[given.words]
        return json.dumps(given.argument, ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False)


def _answer(frame: Frame, slots: Mapping[str, _Value], names: Mapping[str, str]) -> str:
    last = names[frame.program.last.name]

    def referred(match: re.Match[str]) -> str:
        head, tail, index, rest = match.groups()
        if tail is None and head in slots:
            return slots[head].words
        step, name = (last, head) if tail is None else (names[head], tail)
        return f"{{{step}.{name}{index or ''}{rest or ''}}}"

    if frame.say:
        return _IN_SAY.sub(referred, frame.say)
    return "; ".join(f"{n.replace('_', ' ')}: {{{last}.{n}}}" for n in frame.answers) + "."


def _filled(template: str, slots: Mapping[str, _Value]) -> str:
    return _SLOT.sub(lambda match: slots[match.group(1)].words, template)
