"""From the results of a plan to an answer that refers to its evidence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ...tools.contract import Observation, Quantity, catalogue, references
from .execute import Branch
from .words import PLACEHOLDER

_IN_SAY = re.compile(
    r"\{(?P<name>[a-z_0-9]+(?:\.[a-z_0-9]+)?)(?:\[(?P<index>\d+)\])?(?::(?P<format>[^{}]*))?\}"
)
_MOST_LISTED = 8
_MOST_WARNINGS = 2
#: A unit of each dimension that a target unit may have, to check it against a property's.
_REPRESENTATIVE = {
    "mass": "g", "length": "m", "time": "s", "temperature": "K", "substance": "mol",
    "volume": "m^3", "energy": "J", "pressure": "Pa", "force": "N", "power": "W",
    "frequency": "Hz", "charge": "C", "voltage": "V", "concentration": "mol/m^3",
    "area": "m^2", "velocity": "m/s", "wavenumber": "1/m", "density": "kg/m^3",
    "molar_mass": "g/mol", "molar_energy": "J/mol", "molar_entropy": "J/mol/K",
    "specific_energy": "J/kg", "specific_heat": "J/kg/K", "molar_volume": "m^3/mol",
    "molality": "mol/kg", "viscosity": "Pa*s", "surface_tension": "N/m",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """The text, and whether anything was answered at all."""

    text: str
    answered: bool
    reason: str = ""


def compose(branches: Sequence[Branch]) -> Answer:
    """The answer of a plan whose calls are all done."""
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
        warnings += [w for b in good for w in _warnings(b)]
    problems = list(dict.fromkeys(problems))
    if not lines:
        return Answer(" ".join(problems) or "Nothing came of it.", False, " ".join(problems))
    notes = [f"Note: {w}" for w in list(dict.fromkeys(warnings))[:_MOST_WARNINGS]]
    return Answer("\n".join(dict.fromkeys([*lines, *problems, *notes])), True)


def _sentences(branches: Sequence[Branch]) -> list[str]:
    """One sentence a reading; one for all where they agree."""
    if not branches:
        return []
    said = [say(b) for b in branches]
    if len(branches) == 1:
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
    if unit is not None and f":{unit.text}}}" not in text:
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


def same_dimension(unit: str, detail: str) -> bool:
    """True if a unit is of the dimension that a placeholder's detail names."""
    representative = _REPRESENTATIVE.get(detail)
    if representative is None:
        return False
    from ...tools.contract import ToolInputError
    from ...tools.contract.units import convert

    try:
        convert(1.0, unit, representative)
    except ToolInputError:
        return False
    return True


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


def _warnings(branch: Branch) -> list[str]:
    """Warnings of the answering step first, then of the ones before."""
    ordered = [branch.run.steps[-1].name, *(s.name for s in branch.run.steps[:-1])]
    found = [o for n in ordered if (o := branch.observations.get(n)) is not None]
    return [w for o in found for w in o.warnings]


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
