"""What the planner says when it does not answer, and questions rewritten for follow-ups."""

from __future__ import annotations

from collections.abc import Sequence

from ...tools.contract.frames import SLOTS, slot_base
from .fill import Fill
from .index import Template
from .plan import Abstention, Outcome
from .words import PLACEHOLDER, Mention, mentions_of

_NEEDED = {
    "MOL": "Which molecule? Give a name, CAS number, SMILES or formula.",
    "QTY": "Which quantity? Give a number with its unit.",
    "UNIT": "Into which unit?",
    "EQN": "Which reaction? Give its equation, as in C3H8 + O2 -> CO2 + H2O.",
    "EXPR": "Which expression should be calculated?",
    "NUM": "Which number?",
}
_IS = {
    "MOL": "a molecule", "QTY": "a quantity", "UNIT": "a unit", "NUM": "a number",
    "EQN": "a reaction equation", "EXPR": "an expression", "FILE": "a file",
}  # fmt: skip
_EXAMPLES = 3


def not_understood() -> Abstention:
    """For what is no question at all, as far as can be told."""
    return Abstention(
        "not_understood",
        "I did not understand this. I answer questions about molecules, their properties, units "
        "and reactions, for example the molar mass of caffeine.",
    )


def unclear(known: tuple[Mention, ...], fills: Sequence[Fill], score: float) -> Abstention:
    """No worked example is near enough."""
    examples = _examples(fills, known) if score > 0.3 else ()
    if not known and score < 0.4:
        return not_understood()
    seen = f" I recognised {_listed(known)}." if known else ""
    return _with_examples(
        "not_understood",
        f"I do not know how to answer this with the tools I have.{seen}",
        examples,
        score,
    )


def missing(filled: Fill) -> Abstention:
    """An entity that the nearest program needs is not there."""
    label = SLOTS[slot_base(filled.missing[0])][0]
    return Abstention("missing", _NEEDED.get(label, "Something is missing."), (), filled.slot_score)


def unused(mentions: tuple[Mention, ...], fills: tuple[Fill, ...]) -> Abstention:
    """Something that was recognised would be ignored, so nothing is answered."""
    return _with_examples(
        "unused",
        f"I understood part of this, but do not know what to do with {_listed(mentions)}, "
        "so I would rather not answer.",
        _examples(fills, ()),
        fills[0].slot_score if fills else 0.0,
    )


def half_understood(words: Sequence[str]) -> Abstention:
    """A request among others that leads nowhere; answering the others would hide that."""
    listed = " and ".join(f"“{w}”" for w in dict.fromkeys(words))
    return Abstention(
        "unclear",
        f"I understood part of this, but not what {listed} asks for beside the rest, so I would "
        "rather not answer. Ask for one thing at a time.",
    )


def condition(phrases: Sequence[str]) -> Abstention:
    """A method or condition that would be ignored, so nothing is answered."""
    listed = " and ".join(f"“{p}”" for p in phrases)
    return Abstention(
        "unused",
        f"I do not know how to take {listed} into account, so I would rather not answer.",
    )


def only_named(mentions: Sequence[Mention]) -> Abstention:
    """A molecule and no question."""
    listed = " and ".join(m.text for m in mentions)
    asked = (f"molar mass of {listed}", f"what is {listed}?", f"draw {listed}")
    text = f"What would you like to know about {listed}?"
    return _with_examples("missing", text, asked, 0.0)


def negative(template: Template, fills: Sequence[Fill]) -> Abstention:
    """The question is nearest to one that a tool must not answer; its file says why."""
    assert template.negative is not None
    why = template.negative.why.rstrip(".")
    return _with_examples("negative", f"I cannot answer this: {why}.", _examples(fills, ()), 0.0)


def impossible(why: str) -> Abstention:
    """The program is clear, but cannot be run with the tools at hand."""
    return Abstention("impossible", f"I see what is asked, but cannot do it: {why}.")


def which(best: Fill, rival: Fill) -> Abstention:
    """Two programs are equally near."""
    options = tuple(dict.fromkeys([_asked(best), _asked(rival)]))
    if len(options) < 2:
        options = (best.match.template.tool, rival.match.template.tool)
    return Abstention("unclear", f"Do you mean “{options[0]}” or “{options[1]}”?", options)


def replaced(question: str, new: tuple[Mention, ...]) -> str | None:
    """The last question with its entities of this label replaced by new ones.

    A quantity replaces one of its own dimension, or is added ("at 350 K"). ``None`` when
    there is no place for the new entities.
    """
    label = new[0].label
    old = [m for m in mentions_of(question) if m.label == label]
    if label == "QTY":
        old = [m for m in old if m.detail == new[0].detail]
        if not old and new[0].detail in ("temperature", "pressure"):
            return f"{question.rstrip('?.! ')} at {new[0].text}?"
    if not old or (len(old) > 1 and len(old) != len(new) and len(new) > 1):
        return None
    listed = " and ".join(m.text for m in new)
    if len(old) == len(new):
        for was, now in zip(old, new, strict=True):
            question = question.replace(was.text, f"\0{now.text}")
        return question.replace("\0", "")
    first, *rest = old
    if rest:
        return _collapsed(question, label, listed)
    return question.replace(first.text, listed)


def _collapsed(question: str, label: str, listed: str) -> str | None:
    """A list of entities in the question replaced by one entity."""
    places = [m for m in PLACEHOLDER.finditer(question) if m.group(1) == label]
    between = question[places[0].end() : places[-1].start()]
    words = set(PLACEHOLDER.sub(" ", between).replace(",", " ").split())
    if words - {"and", "or", "of", "for", "the", "/", "&"}:
        return None
    return question[: places[0].start()] + listed + question[places[-1].end() :]


def _with_examples(
    outcome: Outcome, text: str, examples: tuple[str, ...], score: float
) -> Abstention:
    if examples:
        text += " You could ask: " + "; ".join(f"“{e}”" for e in examples) + "."
    return Abstention(outcome, text, examples, score)


def _examples(fills: Sequence[Fill], known: tuple[Mention, ...]) -> tuple[str, ...]:
    """Near ways of asking, one a program, with this question's entities where they fit."""
    found: dict[object, str] = {}
    for one in fills:
        frame = one.match.template.frame
        if frame is not None and (frame.program, frame.answers) not in found:
            found[frame.program, frame.answers] = _asked(one)
        if len(found) == _EXAMPLES:
            break
    del known
    return tuple(dict.fromkeys(found.values()))


def _asked(filled: Fill) -> str:
    """The template with what is known put in."""
    text = filled.match.template.text
    for slot in filled.match.template.slots:
        mentions = filled.slots.get(slot)
        words = [c[2] for c in filled.choices if c[0] == slot_base(slot)]
        if mentions:
            text = text.replace(f"{{{slot}}}", " and ".join(m.text for m in mentions))
        elif words:
            text = text.replace(f"{{{slot}}}", words[0])
        else:
            text = text.replace(f"{{{slot}}}", slot_base(slot).replace("_", " "))
    return text


def _listed(mentions: Sequence[Mention]) -> str:
    parts = [f"{m.text} ({_IS.get(m.label, 'something')})" for m in dict.fromkeys(mentions)]
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
