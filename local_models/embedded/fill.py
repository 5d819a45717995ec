"""Slots filled by entities of the right type, and programs made ready to run."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...tools.contract import Reference, Slot, ToolRegistry, catalogue
from ...tools.contract.frames import SLOTS
from ...tools.contract.frames import slot_base as _slot_base
from .chain import Chainer
from .dimensions import same_dimension
from .index import Match
from .plan import Plain, Run, Step, Value
from .words import Mention, Token

Filling = Mapping[str, tuple[Mention, ...]]
MOST_RUNS = 8
MISFIT = 0.2
slot_base = functools.cache(_slot_base)


@dataclass(frozen=True, slots=True)
class Fill:
    """A template with its slots filled as far as possible."""

    match: Match
    slots: Filling
    missing: tuple[str, ...]
    unused: tuple[Mention, ...]
    choices: tuple[tuple[str, str, str], ...] = ()
    unit: Mention | None = None
    lent: bool = False

    @property
    def slot_score(self) -> float:
        """The match's score, less what does not fit."""
        return self.match.score - 0.22 * len(self.missing) - 0.15 * len(self.unused)


def fits(slot: str, mention: Mention) -> bool:
    """May this entity fill this slot?"""
    label, details = SLOTS.get(slot_base(slot), ("", ()))
    return mention.label == label and (not details or mention.detail in details)


def fill(
    match: Match,
    tokens: Sequence[Token],
    choices: tuple[tuple[str, str, str], ...],
    lent: Sequence[Mention] = (),
) -> Fill | None:
    """Fill a template's slots with the entities of the question, in order.

    A list of entities ("A and B") fills one slot when the template has just one of its
    label. ``lent`` entities fill what the question leaves open (a follow-up, or the
    other half of a compound question). ``None`` when a choice has no word.
    """
    template = match.template
    named = {c[0] for c in choices}
    entity_slots: list[str] = []
    if not _enough_choices(template.slots, choices):
        return None
    for slot in template.slots:
        if slot_base(slot) in SLOTS:
            entity_slots.append(slot)
        elif slot_base(slot) not in named:
            return None
    groups = [t.mentions for t in tokens if t.mentions]
    flat = [m for g in groups for m in g]
    if len(entity_slots) < len(flat):
        flat = list(dict.fromkeys(flat))
    filled: dict[str, tuple[Mention, ...]] = {}
    left = list(flat)
    for slot in sorted(entity_slots, key=lambda s: not SLOTS[slot_base(s)][1]):
        same = [s for s in entity_slots if SLOTS[slot_base(s)][0] == SLOTS[slot_base(slot)][0]]
        group = next((g for g in groups if len(g) > 1 and all(m in left for m in g)), None)
        if group and len(same) == 1 and all(fits(slot, m) for m in group):
            filled[slot] = group
        else:
            found = next((m for m in left if fits(slot, m)), None)
            if found is None:
                continue
            filled[slot] = (found,)
        for used in filled[slot]:
            if used in left:
                left.remove(used)
    filled = _in_order(filled, entity_slots, flat)
    filled = _beside_amounts(filled, match.template.tokens, template.slots, tokens)
    lender = [m for m in lent if m not in flat]
    was_lent = False
    for slot in entity_slots:
        if slot not in filled:
            options = [m for m in lender if fits(slot, m)]
            if options:
                single = sum(fits(s, options[0]) for s in entity_slots) == 1
                filled[slot] = tuple(options) if single else (options[0],)
                lender = [m for m in lender if m not in filled[slot]]
                was_lent = True
    missing = tuple(s for s in entity_slots if s not in filled)
    unused, unit = _leftover(left)
    return Fill(match, filled, missing, unused, choices, unit, was_lent)


def misfit(filled: Fill) -> float:
    """What an example loses whose answer has no such unit ("M of X in g/mol": no peaks)."""
    frame = filled.match.template.frame
    if frame is None:
        return 0.0
    answers = {a.replace("_", "") for a in frame.answers}
    if any(answers == {m.detail} for g in filled.slots.values() for m in g if m.detail != "smiles"):
        return 1.0  # the CAS number of a CAS number
    if filled.unit is None:
        return 0.0
    units = [s.unit for a in frame.answers if (s := catalogue().get(a)) is not None]
    fitting = any(u and same_dimension(u, filled.unit.detail) for u in units)
    return 0.0 if fitting or not filled.unit.detail else MISFIT


def _enough_choices(slots: Sequence[str], choices: Sequence[tuple[str, str, str]]) -> bool:
    """Numbered choice slots (``{which}``, ``{which_2}``) take one value each."""
    bases = [slot_base(s) for s in slots if slot_base(s) not in SLOTS]
    for base in set(bases):
        values = {c[1] for c in choices if c[0] == base}
        if bases.count(base) > 1 and len(values) != bases.count(base):
            return False
    return True


def _in_order(
    filled: dict[str, tuple[Mention, ...]], slots: list[str], order: list[Mention]
) -> dict[str, tuple[Mention, ...]]:
    """Slots of one type take their entities in the order of the question."""
    by_type: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for slot in slots:
        if slot in filled and len(filled[slot]) == 1:
            by_type.setdefault(SLOTS[slot_base(slot)], []).append(slot)
    out = dict(filled)
    for same in by_type.values():
        pending = [filled[s][0] for s in same]
        taken: list[Mention] = []
        for mention in order:
            if mention in pending:
                pending.remove(mention)
                taken.append(mention)
        out.update({s: (m,) for s, m in zip(same, taken, strict=True)})
    return out


def _beside_amounts(
    filled: dict[str, tuple[Mention, ...]],
    words: Sequence[str],
    slots: Sequence[str],
    tokens: Sequence[Token],
) -> dict[str, tuple[Mention, ...]]:
    """ "10 g of A" keeps its A: where example and question both put a molecule right behind
    an amount, that molecule fills that slot, whatever the order of the others."""
    places = [(w, s) for w, s in zip(words, _slots_at(words, slots), strict=True)]
    pairs = _behind([s if w == "<qty>" else None for w, s in places],
                    [s if w == "<mol>" else None for w, s in places], list(words))  # fmt: skip
    said = _behind(
        [t.mentions[0] if t.word == "<qty>" else None for t in tokens],
        [t.mentions[0] if t.word == "<mol>" else None for t in tokens],
        [t.word for t in tokens],
    )
    out = dict(filled)
    for amount, molecule in pairs.items():
        wanted = said.get(out.get(amount, (None,))[0])
        if wanted is None or molecule not in out or out[molecule] == (wanted,):
            continue
        other = next((s for s, m in out.items() if m == (wanted,) and s != molecule), None)
        if other is not None and slot_base(other) == slot_base(molecule):
            out[molecule], out[other] = (wanted,), out[molecule]
    return out


def _slots_at(words: Sequence[str], slots: Sequence[str]) -> list[str | None]:
    """For each word of a template the slot that stands there (each slot once, in order)."""
    left = list(slots)
    return [left.pop(0) if w.startswith("<") and left else None for w in words]


def _behind(amounts: list[Any], molecules: list[Any], words: list[str]) -> dict[Any, Any]:
    """Amount → the molecule right behind it, an "of" between them or not."""
    found: dict[Any, Any] = {}
    for place, amount in enumerate(amounts):
        after = place + 2 if words[place + 1 : place + 2] == ["of"] else place + 1
        if amount is not None and after < len(molecules) and molecules[after] is not None:
            found[amount] = molecules[after]
    return found


def _leftover(left: Sequence[Mention]) -> tuple[tuple[Mention, ...], Mention | None]:
    """What stays unused; a single unit is what the answer is wanted in."""
    units = [m for m in left if m.label == "UNIT"]
    rest = [m for m in left if m.label != "UNIT"]
    if len(units) == 1:
        return tuple(rest), units[0]
    return (*rest, *units), None


class Binder:
    """Makes runs of a filled frame: arguments typed, missing kinds chained."""

    def __init__(self, registry: ToolRegistry, allowed: frozenset[str]) -> None:
        self._registry = registry
        self._allowed = allowed
        self._chainer = Chainer(registry[n] for n in sorted(allowed))
        self._numbered = False

    def runs(self, filled: Fill) -> list[Run] | str:
        """One run for every combination of listed entities, or why there is none."""
        frame = filled.match.template.frame
        assert frame is not None
        missing = {s.tool for s in frame.program.steps} - self._allowed
        if missing:
            return f"it needs {', '.join(sorted(missing))}, which is not offered here"
        multiple = _multiple(frame.program.steps)
        numbered = {s.base for s in frame.program.slots() if s.name != s.base}
        choice_sets = self._choice_sets(filled, multiple | numbered)
        slots = list(filled.slots)
        runs: list[Run] = []
        for chosen in choice_sets:
            for combination in itertools.product(*(filled.slots[s] for s in slots)):
                run = self._run(filled, dict(zip(slots, combination, strict=True)), chosen)
                if isinstance(run, str):
                    return run
                runs.append(run)
        return runs[:MOST_RUNS]

    def _choice_sets(
        self, filled: Fill, multiple: frozenset[str]
    ) -> list[dict[str, tuple[tuple[str, str], ...]]]:
        """The values of the choice slots, one set a run; a list argument takes all at once."""
        by_slot: dict[str, list[tuple[str, str]]] = {}
        for slot, value, word in filled.choices:
            if value not in [v for v, _ in by_slot.get(slot, [])]:
                by_slot.setdefault(slot, []).append((value, word))
        options = [
            [tuple(values)] if slot in multiple else [(v,) for v in values]
            for slot, values in by_slot.items()
        ]
        return [dict(zip(by_slot, c, strict=True)) for c in itertools.product(*options)]

    def _run(
        self,
        filled: Fill,
        slots: dict[str, Mention],
        chosen: dict[str, tuple[tuple[str, str], ...]],
    ) -> Run | str:
        frame = filled.match.template.frame
        assert frame is not None
        self._numbered = any(s.name != s.base and s.base in chosen for s in frame.program.slots())
        before: list[Step] = []
        steps: list[Step] = []
        for call in frame.program.steps:
            kinds = self._registry[call.tool].kinds
            arguments: list[tuple[str, Value]] = []
            for name, argument in call.arguments:
                parts = argument if isinstance(argument, tuple) else (argument,)
                values: list[Plain | Reference] = []
                for part in parts:
                    bound = self._bind(part, kinds.get(name), slots, chosen, before)
                    if bound is None:
                        return f"nothing here turns {_what(part)} into what {call.tool} takes"
                    values += bound
                listed = isinstance(argument, tuple)
                arguments.append((name, tuple(values) if listed else values[0]))
            steps.append(Step(call.name, call.tool, tuple(arguments)))
        texts = {s: m.text for s, m in slots.items()}
        texts |= {s: " and ".join(w for _, w in c) for s, c in chosen.items()}
        texts |= {
            s.name: chosen[s.base][_place(s)][1]
            for s in frame.program.slots()
            if self._numbered and s.base in chosen
        }
        return Run(frame, (*before, *steps), texts, tuple(slots.values()), filled.unit)

    def _bind(
        self,
        part: object,
        kind: str | None,
        slots: Mapping[str, Mention],
        chosen: Mapping[str, tuple[tuple[str, str], ...]],
        before: list[Step],
    ) -> list[Plain | Reference] | None:
        if isinstance(part, Reference):
            return [part]
        if not isinstance(part, Slot):
            return [part]  # type: ignore[list-item]
        if part.base in chosen:
            values: list[Plain | Reference] = [v for v, _ in chosen[part.base]]
            return [values[_place(part)]] if self._numbered and len(values) > 1 else values
        chained = self._chainer.reach(kind, slots[part.name])
        if chained is None:
            return None
        before += [s for s in chained.steps if s not in before]
        return [chained.value]  # type: ignore[list-item]


def _place(slot: Slot) -> int:
    """``which`` → 0, ``which_2`` → 1."""
    return 0 if slot.name == slot.base else int(slot.name.rpartition("_")[2]) - 1


def _what(part: object) -> str:
    return f"{{{part.name}}}" if isinstance(part, Slot) else repr(part)


def _multiple(steps: Sequence[object]) -> frozenset[str]:
    """Choice slots that stand inside a list argument."""
    found: set[str] = set()
    for step in steps:
        for _, argument in step.arguments:  # type: ignore[attr-defined]
            if isinstance(argument, tuple):
                found.update(p.base for p in argument if isinstance(p, Slot))
    return frozenset(found)
