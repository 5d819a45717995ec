"""The planner: from a masked question and what was said before to a plan, or a reason for none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ...tools.contract import ToolRegistry
from ...tools.contract.frames import Negative, load_frames
from . import split, wording
from .fill import Binder, Fill, fill
from .index import ExampleIndex, Match, choice_tokens
from .plan import Abstention, Focus, Plan, Run
from .words import FILLERS, MARKS, Mention, Token, mentions_of, show, tokenise

#: Below ``ACCEPT`` nothing is answered; above it, a rival nearer than ``MARGIN`` is asked about.
ACCEPT, MARGIN, CERTAIN = 0.57, 0.02, 0.8
_NEGATIVE_MARGIN, _STRANGE, _CLEAR = 0.03, 0.03, 0.72
_KEEP = 8
_MOST_SENTENCES = 6
_REMEMBERED = 256
#: The name under which examples that no tool answers stand in the index.
OUT_OF_SCOPE = "out_of_scope"

Embedder = Callable[[list[str]], list[list[float]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """The best way found to read one request."""

    fill: Fill
    score: float
    runs: tuple[Run, ...]
    rival: Fill | None = None
    margin: float = 1.0


def example_index(registry: ToolRegistry) -> ExampleIndex:
    """The examples of every tool, and those that no tool answers (``out_of_scope.toml``)."""
    beyond = load_frames(Path(__file__).with_name("out_of_scope.toml"), OUT_OF_SCOPE)
    return ExampleIndex([*(registry[n].frames() for n in registry.names()), beyond])


class Planner:
    """Plans questions with a fixed set of tools.

    Args:
        registry: where the tools and their frames come from.
        allowed: names of the tools that may be called (default: all).
        embedder: maps texts to vectors; where given, its cosine is mixed into the
            nearness of the best templates.
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
        self.index = index or example_index(registry)
        self._binder = Binder(registry, self.allowed)
        self._embedder = embedder
        self._known: dict[tuple[object, ...], Plan | Abstention] = {}

    def plan(self, question: str, focus: Focus | None = None) -> Plan | Abstention:
        """The plan for a masked question, given what earlier turns left behind."""
        focus = focus or Focus()
        key = (question, focus.question, focus.mentions)
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
        runs: list[Run] = []
        scores: list[float] = []
        failed: Abstention | None = None
        said: tuple[Mention, ...] = ()
        parts = split.sentences(tokens)[:_MOST_SENTENCES]
        whole = self._whole(parts, lent) if len(parts) > 1 else None
        if whole is not None:
            return Plan(whole.runs, _confidence(whole), question)
        for part in parts:
            mentions = tuple(dict.fromkeys(m for t in part for m in t.mentions))
            if split.is_aside(part) and not split.asks(part) and part is not parts[-1]:
                said = (*said, *mentions)
                continue
            pointed = self._pointed(part, mentions, said or focus.mentions)
            earlier = (*said, *(m for m in lent if m not in said)) if said else lent
            outcome = self._sentence(pointed, earlier)
            if isinstance(outcome, Abstention):
                if _is_aside(part, outcome) and len(parts) > 1:
                    said = (*said, *mentions)
                    continue
                failed = failed or outcome
            else:
                for candidate in outcome:
                    runs += [r for r in candidate.runs if r not in runs]
                    scores.append(_confidence(candidate))
            said = (*said, *mentions)
        if failed is not None:
            return failed
        used = {m for r in runs for m in r.mentions} | {r.unit for r in runs}
        forgotten = [m for m in mentions_of(question) if m not in used]
        if runs and forgotten:
            return wording.unused(tuple(forgotten), runs[0], ())
        if not runs:
            return wording.not_understood()
        return Plan(tuple(runs), min(scores), question)

    def _pointed(
        self, part: list[Token], own: tuple[Mention, ...], before: tuple[Mention, ...]
    ) -> list[Token]:
        """The sentence with "it" and "its" replaced by what was spoken of before."""
        if not split.has_pronoun(part):
            return part
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
        best = self._best(tokens, lent)
        if isinstance(best, Abstention) or best.fill.lent:
            return None
        if best.score < CERTAIN and self._uncovered(tokens, best):
            return None
        return best

    def _sentence(
        self, tokens: list[Token], lent: Sequence[Mention]
    ) -> list[Candidate] | Abstention:
        """One sentence: as a whole, or request by request where that reads better."""
        whole = self._best(tokens, lent)
        parts = split.requests(split.grouped(tokens))
        if not 2 <= len(parts) <= 5:
            return whole if isinstance(whole, Abstention) else [whole]
        if isinstance(whole, Candidate) and not self._uncovered(tokens, whole):
            return [whole]
        found = self._requests(parts, lent)
        if found is None:
            return whole if isinstance(whole, Abstention) else [whole]
        if isinstance(whole, Candidate) and (
            not _several_programs(found) or whole.score >= min(c.score for c in found) + 0.15
        ):
            return [whole]
        return found

    def _uncovered(self, tokens: Sequence[Token], whole: Candidate) -> list[str]:
        """Words with a meaning of their own that the matched example does not have."""
        tool = self.index.tools[whole.fill.match.template.tool]
        reduced, _ = choice_tokens(tool, self._spelled(tokens))
        example = whole.fill.match.template.tokens
        return [
            t.stem
            for t in reduced
            if t.word.isalpha()
            and t.stem not in example
            and t.word not in FILLERS
            and t.stem not in FILLERS
        ]

    def _requests(
        self, parts: list[list[Token]], lent: Sequence[Mention]
    ) -> list[Candidate] | None:
        """Every request planned by itself, with entities lent by its neighbours."""
        found: list[Candidate] = []
        everything = [m for p in parts for t in p for m in t.mentions]
        for part, ways in zip(parts, split.completed(parts), strict=True):
            own = [m for t in part for m in t.mentions]
            if all(t.is_entity or t.word in FILLERS or t.word in MARKS for t in part):
                continue  # "for X, …": an entity that the others use
            others = [m for m in everything if m not in own]
            options = [self._best(w, [*others, *lent]) for w in ways]
            good = [o for o in options if isinstance(o, Candidate)]
            if not good:
                if all(t.word in FILLERS or t.word in MARKS for t in part):
                    continue
                if not own and split.is_aside(part):
                    continue
                return None
            found.append(max(good, key=lambda c: c.score))
        used = {m for c in found for g in c.fill.slots.values() for m in g}
        used |= {c.fill.unit for c in found if c.fill.unit}
        return found if found and all(m in used for m in everything) else None

    def _best(
        self, tokens: Sequence[Token], lent: Sequence[Mention] = ()
    ) -> Candidate | Abstention:
        """The best reading of one request."""
        fills, negatives = self._fills(list(tokens), lent)
        strange = self._strange(tokens)
        fills = [replace(f, match=replace(f.match, score=f.match.score - strange)) for f in fills]
        fills.sort(key=lambda f: (-f.slot_score, len(f.match.template.slots)))
        known = [m for t in tokens for m in t.mentions]
        top = fills[0].slot_score if fills else 0.0
        if top >= _CLEAR:  # "not this tool's" says little about a tool that clearly fits
            negatives = [m for m in negatives if m.template.tool == OUT_OF_SCOPE or _missing(m)]
        against = max(negatives, key=lambda m: m.score, default=None)
        if not fills or top < ACCEPT:
            if against is not None and against.score > max(top, ACCEPT):
                return wording.negative(against.template, fills)
            if fills and fills[0].missing and fills[0].match.score >= ACCEPT:
                return wording.missing(fills[0])
            if fills and fills[0].unused and fills[0].match.score >= ACCEPT:
                return wording.unused(fills[0].unused, None, tuple(fills))
            return wording.unclear(tuple(known), fills, top)
        best = fills[0]
        if against is not None and against.score > top + _NEGATIVE_MARGIN:
            return wording.negative(against.template, fills)
        if best.missing:
            return wording.missing(best)
        if best.unused:
            return wording.unused(best.unused, None, tuple(fills))
        return self._decided(best, fills)

    def _strange(self, tokens: Sequence[Token]) -> float:
        """What words that no example uses take from every match."""
        spelled = self._spelled(tokens)
        count = sum(not (t.is_entity or self.index.known(t.stem)) for t in spelled)
        return min(_STRANGE * count, 4 * _STRANGE)

    def _decided(self, best: Fill, fills: list[Fill]) -> Candidate | Abstention:
        """The best fill made ready to run, unless a rival is as near."""
        rival = next((f for f in fills[1:] if _is_rival(f, best)), None)
        margin = best.slot_score - rival.slot_score if rival else 1.0
        runs = self._binder.runs(best)
        if isinstance(runs, str):
            if rival is not None and rival.slot_score >= ACCEPT:
                return self._decided(rival, [f for f in fills if not _differs(f, rival)])
            return wording.impossible(runs)
        if rival is not None and margin < MARGIN and best.slot_score < CERTAIN and not best.lent:
            return wording.which(best, rival)
        return Candidate(best, best.slot_score, tuple(runs), rival, margin)

    def _fills(
        self, tokens: list[Token], lent: Sequence[Mention]
    ) -> tuple[list[Fill], list[Match]]:
        fills: list[Fill] = []
        negatives: list[Match] = []
        plain = self._spelled(tokens)
        listed = split.grouped(plain)
        labels = {m.label for t in plain for m in t.mentions}
        for name, tool in self.index.tools.items():
            best_negative: Match | None = None
            own: list[Fill] = []
            for variant in [plain] if len(listed) == len(plain) else [plain, listed]:
                chosen_tokens, choices = choice_tokens(tool, variant)
                stems = [t.stem for t in _merged_choices(chosen_tokens)]
                for match in self._near(name, stems, chosen_tokens):
                    if match.template.frame is None:
                        match = replace(match, score=match.score - _beside(match, labels))
                        if best_negative is None or match.score > best_negative.score:
                            best_negative = match
                        continue
                    done = fill(match, variant, tuple(choices), lent)
                    if done is not None:
                        own.append(done)
            top = max((f.slot_score for f in own), default=0.0)
            if name not in self.allowed and name != OUT_OF_SCOPE:
                negatives += [_not_offered(f) for f in own if f.slot_score == top][:1]
                continue
            if best_negative is not None and best_negative.score > top:
                negatives.append(best_negative)
                own = [f for f in own if f.slot_score > best_negative.score]
            fills += own
        return fills, negatives

    def _near(self, tool: str, stems: list[str], tokens: Sequence[Token]) -> list[Match]:
        matches = self.index.matches(tool, stems, _KEEP)
        if self._embedder is None or not matches:
            return matches
        vectors = self._embedder([show(list(tokens)), *(m.template.text for m in matches)])
        question, others = vectors[0], vectors[1:]
        return [
            replace(m, score=0.7 * m.score + 0.3 * _cosine(question, v))
            for m, v in zip(matches, others, strict=True)
        ]

    def _spelled(self, tokens: Sequence[Token]) -> list[Token]:
        out: list[Token] = []
        budget = 8
        for token in tokens:
            if token.is_entity or self.index.known(token.stem) or budget == 0:
                out.append(token)
                continue
            budget -= 1
            out += [Token(w, w) for w in self.index.spelled(token.stem)]
        return out

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


def _merged_choices(tokens: Sequence[Token]) -> list[Token]:
    """Several words of one choice slot in a row read like one."""
    out: list[Token] = []
    for token in tokens:
        if token.word.startswith("<choice"):
            while (
                out
                and out[-1].word in {"and", ",", "&", "or", "the", "/"}
                and any(o.word == token.word for o in out)
            ):
                out.pop()
            if out and out[-1].word == token.word:
                continue
        out.append(token)
    return out


def _differs(one: Fill, other: Fill) -> bool:
    a, b = one.match.template.frame, other.match.template.frame
    assert a is not None
    assert b is not None
    if a.program != b.program or a.answers != b.answers:
        return True
    return [c[:2] for c in one.choices] != [c[:2] for c in other.choices]


def _not_offered(filled: Fill) -> Match:
    """A tool that would fit and may not be called stands against the others."""
    template = filled.match.template
    why = f"it needs the tool {template.tool}, which is not offered here"
    against = replace(template, frame=None, negative=Negative(template.tool, (template.text,), why))
    return Match(against, filled.slot_score)


def _missing(match: Match) -> bool:
    """True for the example of a tool that may not be called (see ``_not_offered``)."""
    negative = match.template.negative
    return negative is not None and negative.ask == (match.template.text,)


def _beside(match: Match, labels: set[str]) -> float:
    """What a negative loses for each kind of entity that it does not speak of."""
    spoken = {t[1:-1].upper() for t in match.template.tokens if t.startswith("<")}
    return 0.12 * len(labels - spoken)


def _is_rival(one: Fill, best: Fill) -> bool:
    """True for another program, or another choice in it, that could be run as well."""
    if one.missing or one.unused or not _differs(one, best):
        return False
    a, b = one.match.template.frame, best.match.template.frame
    assert a is not None
    assert b is not None
    return {s.tool for s in a.program.steps} != {s.tool for s in b.program.steps} or bool(
        one.choices
        and best.choices
        and [c[:2] for c in one.choices] != [c[:2] for c in best.choices]
    )


def _several_programs(found: list[Candidate]) -> bool:
    """True if the requests ask for different things."""
    return any(_differs(c.fill, found[0].fill) for c in found[1:])


def _is_aside(tokens: Sequence[Token], outcome: Abstention) -> bool:
    """A sentence that asks for nothing: "I am preparing a buffer", "my compound is X"."""
    return outcome.outcome != "missing" and (split.is_aside(tokens) or not split.asks(tokens))


def _confidence(candidate: Candidate) -> float:
    """From nearness and margin to a figure between 0 and 1."""
    near = (candidate.score - ACCEPT) / (1 - ACCEPT)
    clear = min(1.0, candidate.margin / 0.15)
    return round(max(0.05, min(0.99, 0.5 + 0.35 * near + 0.14 * clear)), 3)


def _cosine(a: Sequence[float], b: Sequence[float]) -> float:
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    size = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    return dot / size if size else 0.0
