"""The planner: from a masked question and what was said before to a plan, or a reason for none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...tools.contract import ToolRegistry
from . import split, wording
from .index import ExampleIndex
from .matching import CERTAIN, Candidate, Embedder, Matcher, differs, example_index
from .plan import Abstention, Focus, Plan, Run
from .words import FILLERS, MARKS, Mention, Token, mentions_of, show, tokenise

_MOST_SENTENCES = 6
_REMEMBERED = 256


class Planner:
    """Plans questions with a fixed set of tools.

    Args:
        registry: where the tools and their frames come from.
        allowed: names of the tools that may be called (default: all).
        embedder: maps texts to vectors; where given, its cosine is mixed into the
            nearness of the best templates.
        index: the worked examples, where they are at hand already.
    """

    def __init__(
        self,
        registry: ToolRegistry,
        allowed: frozenset[str] | None = None,
        embedder: Embedder | None = None,
        index: ExampleIndex | None = None,
    ) -> None:
        self.registry = registry
        names = frozenset(registry.names()) if allowed is None else allowed
        self.allowed = frozenset(n for n in names if n in registry)
        self._matcher = Matcher(registry, self.allowed, index or example_index(registry), embedder)
        self._known: dict[tuple[object, ...], Plan | Abstention] = {}

    def plan(self, question: str, focus: Focus | None = None) -> Plan | Abstention:
        """The plan for a masked question, given what earlier turns left behind."""
        focus = focus or Focus()
        key = (question, focus.question, focus.mentions, focus.molecules)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._plan(question, focus)
        return self._known[key]

    def _plan(self, question: str, focus: Focus) -> Plan | Abstention:
        tokens = split.polite_off(tokenise(question))
        if not any(t.is_entity or t.word.isalpha() for t in tokens):
            return wording.not_understood()
        continued = self._continuation(tokens, focus)
        if continued is not None:
            return continued
        lent = focus.mentions if split.follows_up(tokens) else ()
        parts = split.sentences(tokens)[:_MOST_SENTENCES]
        whole = self._whole(parts, lent) if len(parts) > 1 else None
        found = [whole] if whole is not None else self._parts(parts, lent, focus)
        if isinstance(found, Abstention):
            return found
        runs = _distinct(r for c in found for r in c.runs)
        used = {m for r in runs for m in (*r.mentions, r.unit)}
        forgotten = tuple(m for m in mentions_of(question) if m not in used)
        if runs and forgotten:
            return wording.unused(forgotten, ())
        if not runs:
            return wording.not_understood()
        text = " . ".join(dict.fromkeys(c.text for c in found if c.text)) or question
        return Plan(runs, min(c.confidence for c in found), text)

    def _parts(
        self, parts: list[list[Token]], lent: tuple[Mention, ...], focus: Focus
    ) -> list[Candidate] | Abstention:
        """Sentence by sentence: what one speaks of, the next may point to."""
        found: list[Candidate] = []
        failed: Abstention | None = None
        said: tuple[Mention, ...] = ()
        for part in parts:
            own = tuple(dict.fromkeys(m for t in part for m in t.mentions))
            tells = split.is_aside(part) and not split.asks(part) and part is not parts[-1]
            if not tells:
                pointed = self._pointed(part, own, said or focus.mentions, focus.molecules)
                earlier = (*said, *(m for m in lent if m not in said))
                outcome = self._sentence(pointed, earlier)
                if not isinstance(outcome, Abstention):
                    found += [replace(c, text=_self_contained(pointed, c)) for c in outcome]
                elif len(parts) == 1 or not _is_aside(part, outcome):
                    failed = failed or outcome
            said = (*said, *own)
        return failed or found

    def _pointed(
        self,
        part: list[Token],
        own: tuple[Mention, ...],
        before: tuple[Mention, ...],
        ever: tuple[Mention, ...] = (),
    ) -> list[Token]:
        """The sentence with "it" and "its" replaced by what was spoken of before."""
        if not split.has_pronoun(part):
            return part
        if any(t.word == "both" for t in part):
            both = tuple(m for m in before if m.label == "MOL")
            both = both if len(both) >= 2 else ever[-2:]
            alone = any(m.label == "MOL" for m in own) or len(both) < 2
            return part if alone else split.with_pronouns(part, both)
        labels = {m.label for m in own}
        molecules = tuple(m for m in before if m.label == "MOL")
        if molecules and "MOL" not in labels and "UNIT" not in labels:
            return split.with_pronouns(part, molecules)
        amounts = tuple(m for m in before if m.label == "QTY")
        if amounts and labels == {"UNIT"}:
            return split.with_pronouns(part, amounts[-1:])
        return split.with_pronouns(part, molecules) if "MOL" not in labels else part

    def _whole(self, parts: list[list[Token]], lent: Sequence[Mention]) -> Candidate | None:
        """Several sentences that one worked example covers as they stand."""
        tokens = [t for p in parts for t in p]
        if len(tokens) > 60:
            return None
        best = self._matcher.best(tokens, lent)
        if isinstance(best, Abstention) or best.fill.lent:
            return None
        if best.score < CERTAIN and self._matcher.uncovered(tokens, best):
            return None
        return best

    def _sentence(
        self, tokens: list[Token], lent: Sequence[Mention]
    ) -> list[Candidate] | Abstention:
        """One sentence: as a whole, or request by request where that reads better."""
        whole = self._matcher.best(tokens, lent)
        parts = split.requests(split.grouped(tokens))
        if not 2 <= len(parts) <= 5:
            return whole if isinstance(whole, Abstention) else [whole]
        if isinstance(whole, Candidate) and not self._matcher.uncovered(tokens, whole):
            return [whole]
        found = self._requests(parts, lent)
        if found is None:
            return whole if isinstance(whole, Abstention) else [whole]
        if isinstance(whole, Candidate) and (
            not _several_programs(found) or whole.score >= min(c.score for c in found) + 0.15
        ):
            return [whole]
        return found

    def _requests(
        self, parts: list[list[Token]], lent: Sequence[Mention]
    ) -> list[Candidate] | None:
        """Every request planned by itself, with entities lent by its neighbours."""
        found: list[Candidate] = []
        everything = [m for p in parts for t in p for m in t.mentions]
        before: tuple[Mention, ...] = ()
        for part, ways in zip(parts, split.completed(parts), strict=True):
            own = [m for t in part for m in t.mentions]
            if all(t.is_entity or t.word in FILLERS or t.word in MARKS for t in part):
                continue  # "for X, …": an entity that the others use
            others = [m for m in everything if m not in own]
            ways = [self._pointed(w, tuple(own), (*lent, *before)) for w in ways]
            before = (*before, *own)
            options = [self._matcher.best(w, [*others, *lent]) for w in ways]
            good = [o for o in options if isinstance(o, Candidate)]
            if not good:
                if all(t.word in FILLERS or t.word in MARKS for t in part):
                    continue
                if split.is_aside(part):
                    continue  # what it speaks of must be used by the others
                return None
            found.append(max(good, key=lambda c: c.score))
        used = {m for c in found for g in c.fill.slots.values() for m in g}
        used |= {c.fill.unit for c in found if c.fill.unit}
        return found if found and all(m in used for m in everything) else None

    def _continuation(self, tokens: list[Token], focus: Focus) -> Plan | Abstention | None:
        """A follow-up that names only what changes: "what about ethanol?", "and at 350 K?"."""
        if focus.plan is None or not split.is_elliptic(tokens):
            return None
        new = [m for t in tokens for m in t.mentions]
        labels = {m.label for m in new}
        if len(labels) != 1:
            return None
        question = wording.replaced(focus.question, tuple(new))
        if question is None:
            return None
        return self.plan(question, Focus())


def _self_contained(tokens: Sequence[Token], candidate: Candidate) -> str:
    """The sentence, with what was lent to it put in."""
    said = {m for t in tokens for m in t.mentions}
    lent = [m for g in candidate.fill.slots.values() for m in g if m not in said]
    molecules = " and ".join(m.text for m in dict.fromkeys(lent) if m.label == "MOL")
    text = show([t for t in tokens if t.word not in ("and", "also") or t is not tokens[0]])
    return f"{text} of {molecules}" if molecules else text


def _distinct(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Each run once."""
    out: list[Run] = []
    for run in runs:
        if run not in out:
            out.append(run)
    return tuple(out)


def _several_programs(found: list[Candidate]) -> bool:
    """True if the requests ask for different things."""
    return any(differs(c.fill, found[0].fill) for c in found[1:])


def _is_aside(tokens: Sequence[Token], outcome: Abstention) -> bool:
    """A sentence that asks for nothing: "I am preparing a buffer", "my compound is X"."""
    return outcome.outcome != "missing" and (split.is_aside(tokens) or not split.asks(tokens))
