"""From the results of a plan to an answer that refers to its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...tools.contract import Observation, Quantity, catalogue, references
from .dimensions import same_dimension
from .execute import Branch
from .plan import Step
from .words import PLACEHOLDER, Mention

_IN_SAY = re.compile(
    r"\{(?P<name>[a-z_0-9]+(?:\.[a-z_0-9]+)?)(?:\[(?P<index>\d+)\])?(?::(?P<format>[^{}]*))?\}"
)
_MOST_LISTED = 8
_MOST_WARNINGS = 2
_OPENING = 5
_NAME_FIRST = re.compile(r"^⟨(MOL\d+:name)⟩(?=[ :])")
_WORD_FIRST = re.compile(r"[a-z]{3,}[ ,:]")
_COUNT = re.compile(r"(?<![\w.])\d+(?![\w.])")
#: How a value's own uncertainty was made: of all that may be said, the least urgent.
_ROUTINE = re.compile(r"the uncertainty is\b")


@dataclass(frozen=True, slots=True)
class Answer:
    """The text, and whether anything was answered at all."""

    text: str
    answered: bool
    reason: str = ""


def compose(branches: Sequence[Branch], aside: Sequence[Mention] = ()) -> Answer:
    """The answer of a plan whose calls are all done; ``aside`` was told and not used."""
    groups: dict[int, list[Branch]] = {}
    for branch in branches:
        groups.setdefault(id(branch.run), []).append(branch)
    lines: list[str] = []
    problems: list[str] = []
    warnings: list[str] = []
    for group in groups.values():
        good = [b for b in group if b.last is not None]
        failed = [b for b in group if b.last is None]
        lines += _sentences(good)
        problems += [_problem(b, several=len(group) > 1) for b in failed]
        warnings += [w for b in good for w in _warnings(b, alike=_settled(good))]
    problems = list(dict.fromkeys(problems))
    if not lines:
        return Answer(" ".join(problems) or "Nothing came of it.", False, " ".join(problems))
    notes = [f"Note: {w}" for w in _told(warnings)[:_MOST_WARNINGS]]
    unused = (
        [f"Note: {' and '.join(m.text for m in aside)} was not needed for this"] if aside else []
    )
    lines = list(dict.fromkeys([*lines, *problems, *unused, *notes]))
    return Answer("\n".join(map(_capitalised, lines)), True)


def _capitalised(line: str) -> str:
    """A plain word that opens a sentence gets its capital ("⟨^MOL1:name⟩": when unmasked)."""
    line = _NAME_FIRST.sub(r"⟨^\1⟩", line)
    return line[0].upper() + line[1:] if _WORD_FIRST.match(line) else line


def _sentences(branches: Sequence[Branch]) -> list[str]:
    """One sentence a reading; one for all where they agree."""
    if not branches:
        return []
    said = [say(b) for b in branches]
    if len(branches) == 1:
        return [said[0]]
    if _settled(branches):
        return [said[0]]
    if _agree(branches):
        return [f"{said[0]} This holds for each of the {_count(len(branches))} readings of it."]
    lines = [f"{_reading(b)}: {s}" for b, s in zip(branches, said, strict=True)]
    if branches[0].passed_over:
        lines.append("There are further readings; name the one that you mean.")
    return lines


def _count(number: int) -> str:
    return {2: "two", 3: "three"}.get(number, str(number))


def _agree(branches: Sequence[Branch]) -> bool:
    answers = branches[0].run.frame.answers
    values = [[(q.property, q.value, q.unit) for _, q in _answering(b, answers)] for b in branches]
    return bool(values[0]) and all(v == values[0] for v in values)


def _answering(branch: Branch, answers: Sequence[str]) -> list[tuple[str, Quantity]]:
    last = branch.run.steps[-1].name
    return [pair for name in answers for pair in branch.quantities(last, name)]


def _reading(branch: Branch) -> str:
    """How the branch's reading is called, by reference to the observation that has it."""
    parts: list[str] = []
    for step in branch.readings:
        for name in ("name", "smiles"):
            found = branch.quantities(step, name)
            if found:
                parts.append(f"{{{found[0][0]}}}")
                break
        else:
            parts.append(f"{{{branch.observations[step].id}}}")
    return f"Read as {' and '.join(parts)}"


def say(branch: Branch) -> str:
    """The frame's sentence with references in it, or a plain one from the catalogue."""
    text = _said(branch)
    unit = branch.run.unit
    given = unit is None or f":{unit.text}}}" in text or unit.detail == "dimensionless"
    if unit is not None and not given:
        text += f" It cannot be given in {unit.text}, which measures something else."
    return text


def _said(branch: Branch) -> str:
    frame = branch.run.frame
    if frame.say:
        problems: list[str] = []
        text = _IN_SAY.sub(lambda m: _filled(m, branch, problems), frame.say)
        if not problems:
            return text
    return _plain(branch)


def _filled(match: re.Match[str], branch: Branch, problems: list[str]) -> str:
    name, index, form = match["name"], match["index"], match["format"]
    run = branch.run
    if name in run.texts:
        return run.texts[name]
    step, dot, prop = name.partition(".")
    if not dot:
        step, prop = run.steps[-1].name, name
    found = branch.quantities(step, prop)
    if index is not None:
        found = found[int(index) - 1 : int(index)]
    if not found:
        problems.append(name)
        return ""
    return _refer(found, form, branch)


def _refer(found: Sequence[tuple[str, Quantity]], form: str | None, branch: Branch) -> str:
    """One value; or, where they belong to different things, each with its name."""
    things = {(q.entity, tuple(sorted(q.conditions.items()))) for _, q in found}
    if len(things) == 1:
        return _reference(*found[0], form, branch)  # the first is the most important
    shown = [
        _reference(reference, quantity, form, branch) + _called(reference, quantity, branch)
        for reference, quantity in found[:_MOST_LISTED]
    ]
    more = len(found) - len(shown)
    text = ", ".join(shown)
    return f"{text} and more (all in {{{found[0][0].split('.')[0]}}})" if more > 0 else text


def _reference(reference: str, quantity: Quantity, form: str | None, branch: Branch) -> str:
    return f"{{{reference}:{form}}}" if form else f"{{{reference}{_unit(quantity, branch)}}}"


def _called(reference: str, quantity: Quantity, branch: Branch) -> str:
    """The name of the thing that a value belongs to, where the observation has one."""
    observation = branch.last
    if observation is None or quantity.entity is None or quantity.property == "name":
        return ""
    for other, named in references(observation).items():
        if named.property == "name" and named.entity == quantity.entity:
            return f" ({{{other}}})"
    return ""


def _unit(quantity: Quantity, branch: Branch) -> str:
    wanted = branch.run.unit
    if wanted is None or not quantity.is_number or not quantity.unit:
        return ""
    return f":{wanted.text}" if same_dimension(quantity.unit, wanted.detail) else ""


def _plain(branch: Branch) -> str:
    """ "The {label} of X is {ref}." for what answers, or for all there is."""
    observation = branch.last
    assert observation is not None
    found = _answering(branch, branch.run.frame.answers) or list(references(observation).items())
    subject = _subject(branch)
    of = f" of {subject}" if subject else ""
    if not found:
        return f"{observation.text or 'Done.'} {{{observation.id}}}".strip()
    parts: list[str] = []
    for reference, quantity in found[:_MOST_LISTED]:
        spec = catalogue().get(quantity.property)
        label = spec.label if spec else quantity.property.replace("_", " ")
        parts.append(f"The {label}{of} is {{{reference}{_unit(quantity, branch)}}}.")
    return " ".join(parts) + _files(observation)


def _files(observation: Observation) -> str:
    return "".join(f" It is in the file {a.path}." for a in observation.artifacts[:2])


def _subject(branch: Branch) -> str:
    return ", ".join(dict.fromkeys(m.text for m in branch.run.mentions if m.label != "QTY"))


def _settled(branches: Sequence[Branch]) -> bool:
    """True where a formula alone was asked about and every compound that has it agrees: which
    compounds these are is of no interest then."""
    molecules = [m for m in branches[0].run.mentions if m.label == "MOL"] if branches else []
    formulas = bool(molecules) and all(m.detail == "formula" for m in molecules)
    return formulas and len(branches) > 1 and _agree(branches)


def _warnings(branch: Branch, *, alike: bool) -> list[str]:
    """Warnings of the answering step first, then of the ones before.

    Steps before say again in other words what the answering one said: how a warning begins
    is heard once. ``alike``: where all readings give the same, they are of no interest.
    """
    last = branch.run.steps[-1]
    said = {o.id: o for s in branch.run.steps if s.tool == last.tool for o in _seen(branch, s)}
    found = [w for o in reversed(said.values()) for w in o.warnings]
    opened = {_opening(w) for w in found}
    if alike:
        return found
    before = [
        w
        for s in branch.run.steps
        if s.tool != last.tool
        for o in _seen(branch, s)
        for w in o.warnings
    ]
    return [*found, *(w for w in before if _opening(w) not in opened)]


def _seen(branch: Branch, step: Step) -> list[Observation]:
    observation = branch.observations.get(step.name)
    return [observation] if observation is not None else []


def _opening(warning: str) -> str:
    return " ".join(warning.split()[:_OPENING])


def _told(warnings: Sequence[str]) -> list[str]:
    """Each warning once, and warnings that differ in a number alone as one; what is said of
    every number of a kind comes last."""
    groups: dict[str, list[str]] = {}
    for warning in warnings:
        groups.setdefault(_COUNT.sub("#", warning), []).append(warning)
    told = [
        found[0] if len(set(found)) == 1 else shape.replace("#", "several")
        for shape, found in groups.items()
    ]
    return sorted(told, key=lambda w: bool(_ROUTINE.match(w)))


def _problem(branch: Branch, *, several: bool) -> str:
    subject = _subject(branch)
    if branch.missing is not None:
        spec = catalogue().get(branch.missing[1])
        label = spec.label if spec else branch.missing[1]
        head = f"{_reading(branch)}: " if several and branch.readings else ""
        return f"{head}No {label} is known here for {subject or 'it'}, which this needs."
    text = (branch.failure or "It was not done.").strip()
    text = re.sub(r"\s+", " ", PLACEHOLDER.sub(lambda m: m.group(), text))
    head = f"{_reading(branch)}: " if several and branch.readings else ""
    return head + text[:1].upper() + text[1:]
