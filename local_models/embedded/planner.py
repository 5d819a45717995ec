"""The planner: from a masked question and what was said before to a plan, or a reason for none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ...tools.contract import ToolRegistry
from . import pointing, split, wording
from .examples import example_index
from .index import ExampleIndex
from .matching import CERTAIN, Candidate, Embedder, Matcher, differs
from .plan import Abstention, Focus, Plan, Run
from .smalltalk import is_chatter, sample_questions, small_talk
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
        self._samples = sample_questions(registry, self.allowed)
        self._known: dict[tuple[object, ...], Plan | Abstention] = {}

    def plan(self, question: str, focus: Focus | None = None) -> Plan | Abstention:
        """The plan for a masked question, given what earlier turns left behind."""
        focus = focus or Focus()
        key = (question, *focus.key)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[key] = self._plan(question, focus)
        return self._known[key]

    def _plan(self, question: str, focus: Focus) -> Plan | Abstention:
        raw = tokenise(question)
        if (said := small_talk(raw, self._samples)) is not None:
            return said
        tokens = split.polite_off(raw)
        if not any(t.is_entity or t.word.isalpha() for t in tokens):
            return wording.not_understood()
        if focus.options and (picked := self._chosen(tokens, focus)) is not None:
            return picked
        continued = self._continuation(tokens, focus)
        if continued is not None:
            return continued
        if all((t.is_entity and t.mentions[0].label == "MOL") or t.word in MARKS for t in tokens):
            return wording.only_named(tuple(m for t in tokens for m in t.mentions))
        lent = focus.mentions if split.follows_up(tokens) else ()
        parts = split.sentences(tokens)[:_MOST_SENTENCES]
        whole = self._whole(parts, lent) if len(parts) > 1 else None
        found = [whole] if whole is not None else self._parts(parts, lent, focus)
        if isinstance(found, Abstention):
            return found
        runs = _distinct(r for c in found for r in c.runs)
        used = {m for r in runs for m in (*r.mentions, r.unit)}
        forgotten = tuple(m for m in mentions_of(question) if m not in used)
        aside = tuple(m for m in forgotten if m in split.context_amounts(parts))
        forgotten = tuple(m for m in forgotten if m not in aside)
        if runs and forgotten:
            return wording.unused(forgotten, ())
        if not runs:
            return wording.not_understood()
        text = " . ".join(dict.fromkeys(c.text for c in found if c.text)) or question
        return Plan(runs, min(c.confidence for c in found), text, aside)

    def _parts(
        self, parts: list[list[Token]], lent: tuple[Mention, ...], focus: Focus
    ) -> list[Candidate] | Abstention:
        """Sentence by sentence: what one speaks of, the next may point to."""
        found: list[Candidate] = []
        failed: Abstention | None = None
        said: tuple[Mention, ...] = ()
        context: list[Candidate] = []
        for part in parts:
            own = tuple(dict.fromkeys(m for t in part for m in t.mentions))
            tells = split.is_aside(part) and not split.asks(part) and part is not parts[-1]
            if len(parts) > 1 and is_chatter(part):
                continue
            if not tells:
                pointed = pointing.resolved(
                    part, own, said or focus.mentions, focus.molecules, focus.group
                )
                earlier = (*said, *(m for m in lent if m not in said))
                outcome = self._sentence(pointed, earlier)
                if not isinstance(outcome, Abstention):
                    if part is not parts[-1] and split.is_context(part):
                        context = outcome
                    found += [replace(c, text=_self_contained(pointed, c)) for c in outcome]
                elif len(parts) == 1 or not _is_aside(part, outcome):
                    failed = failed or outcome
            said = (*said, *own)
        if context and not failed and len(found) > len(context) and split.is_intensive(parts[-1]):
            found = [c for c in found if not any(c.fill is o.fill for o in context)]
        return failed or found

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
        """One sentence: as a whole, or request by request where that reads better.

        What a word asks for that is in none of the examples followed is asked for on its
        own ("MW logP caffeine"); where that leads nowhere, nothing is answered.
        """
        found = self._read(tokens, lent)
        if isinstance(found, Abstention):
            return found
        if passed_over := self._matcher.conditions_lost(tokens, found):
            return wording.condition(passed_over)
        lost = self._matcher.dropped(tokens, found)
        if lost and (said := split.conditions(tokens)):  # "its density at its boiling point"
            return wording.condition([" ".join(t.word for t in p) for p in said])
        for word in lost:
            more = self._left_over(word, tokens, found)
            if more is None:
                return wording.half_understood([t.word for t in lost])
            found = [*found, more]
        return found

    def _left_over(
        self, word: Token, tokens: list[Token], found: list[Candidate]
    ) -> Candidate | None:
        """The request that a word makes which the others pass over."""
        example = {t for c in found for t in c.fill.match.template.tokens}
        entities = [t for t in tokens if t.is_entity]
        place = next((i for i, t in enumerate(tokens) if t.stem == word.stem), 0)
        same = [t for t in tokens[:place] if t.stem in example and not t.is_entity]
        ways = [[word, *entities], *([t, word, *entities] for t in same)]
        options = [self._matcher.best(w) for w in ways]
        good = [o for o in options if isinstance(o, Candidate) and o.score >= CERTAIN]
        return max(good, key=lambda c: c.score, default=None)

    def _read(self, tokens: list[Token], lent: Sequence[Mention]) -> list[Candidate] | Abstention:
        """The sentence as a whole, or its requests one by one."""
        whole = self._matcher.best(tokens, lent)
        parts = split.requests(split.grouped(tokens))
        if not 2 <= len(parts) <= 5:
            return whole if isinstance(whole, Abstention) else [whole]
        if isinstance(whole, Candidate) and not self._matcher.uncovered(tokens, whole):
            return [whole]
        found = self._requests(parts, lent)
        if found is None:
            if isinstance(whole, Abstention):
                return whole
            lost = self._passed_over(split.listed_requests(tokens), whole)
            return wording.half_understood(lost) if lost else [whole]
        if isinstance(whole, Candidate) and (
            not _several_programs(found) or whole.score >= min(c.score for c in found) + 0.15
        ):
            return [whole]
        return found

    def _passed_over(self, parts: list[list[Token]], whole: Candidate) -> list[str]:
        """The words of a request that is in a list of them and of which nothing was used."""
        for part in parts:
            words = [t for t in part if t.word.isalpha() and t.word not in FILLERS]
            if any(len(t.word) == 1 for t in words):
                continue  # "C, H and N": letters are weighed elsewhere
            uncovered = self._matcher.uncovered(words, whole)
            if words and len(uncovered) == len(words) and not split.is_aside(part):
                return [t.word for t in words]
        return []

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
            ways = [pointing.resolved(w, tuple(own), (*lent, *before)) for w in ways]
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
        own = tuple(m for t in tokens for m in t.mentions)
        tokens = pointing.resolved(tokens, own, focus.mentions, focus.molecules, focus.group)
        if not split.is_elliptic(tokens):
            return None
        if focus.pending:
            return self.plan(f"{focus.pending} {show(tokens)}", replace(focus, pending=""))
        if focus.plan is None:
            return None
        question: str | None = focus.question
        new = tuple(m for t in tokens for m in t.mentions)
        for label in dict.fromkeys(m.label for m in new):
            question = wording.replaced(question, tuple(m for m in new if m.label == label))
            if question is None:
                return None
        return self.plan(question, Focus())

    def _chosen(self, tokens: list[Token], focus: Focus) -> Plan | Abstention | None:
        """The answer to "Do you mean A or B?": the one, or the words of one."""
        place = split.ordinal(tokens)
        if place is not None and place < len(focus.options):
            return self.plan(focus.options[place], replace(focus, options=()))
        said = {t.stem for t in tokens if t.word not in FILLERS | MARKS and not t.is_entity}
        if not said:
            return None
        fitting = [o for o in focus.options if said <= {t.stem for t in tokenise(o)}]
        return self.plan(fitting[0], replace(focus, options=())) if len(fitting) == 1 else None


def _self_contained(tokens: Sequence[Token], candidate: Candidate) -> str:
    """The sentence, with what was lent to it put in."""
    said = {m for t in tokens for m in t.mentions}
    lent = [m for g in candidate.fill.slots.values() for m in g if m not in said]
    molecules = " and ".join(m.text for m in dict.fromkeys(lent) if m.label == "MOL")
    text = show([t for t in tokens if t.word not in ("and", "also") or t is not tokens[0]])
    return f"{text} of {molecules}" if molecules else text


def _distinct(runs: Iterable[Run]) -> tuple[Run, ...]:
    """Each run once, also where two ways of asking lead to the same call."""
    out: list[Run] = []
    for run in runs:
        twin = next((o for o in out if _last_call(o) == _last_call(run) and _overlap(o, run)), None)
        if twin is None:
            out.append(run)
        elif len(run.frame.answers) < len(twin.frame.answers):
            out[out.index(twin)] = run
    return tuple(out)


def _last_call(run: Run) -> tuple[object, ...]:
    return run.steps[-1].tool, run.steps[-1].arguments, run.unit


def _overlap(one: Run, other: Run) -> bool:
    """True if what answers the one is among what answers the other."""
    a, b = set(one.frame.answers), set(other.frame.answers)
    return a <= b or b <= a


def _several_programs(found: list[Candidate]) -> bool:
    """True if the requests ask for different things."""
    return any(differs(c.fill, found[0].fill) for c in found[1:])


def _is_aside(tokens: Sequence[Token], outcome: Abstention) -> bool:
    """A sentence that asks for nothing: "I am preparing a buffer", "my compound is X"."""
    return outcome.outcome != "missing" and (split.is_aside(tokens) or not split.asks(tokens))
