"""Which worked example a request is nearest to, and whether it may be followed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ...tools.contract import ToolRegistry
from ...tools.contract.frames import SLOTS, Negative
from . import split, wording
from .examples import OUT_OF_SCOPE
from .fill import Binder, Fill, fill, misfit, slot_base
from .index import ExampleIndex, Match, ToolIndex, choice_tokens, merged_choices
from .plan import Abstention, Run
from .words import FILLERS, MARKS, Mention, Token, show, stem

#: Below ``ACCEPT`` nothing is answered; above it, a rival nearer than ``MARGIN`` is asked about.
ACCEPT, MARGIN, CERTAIN = 0.57, 0.02, 0.8
_NEGATIVE_MARGIN, _STRANGE, _CLEAR = 0.03, 0.03, 0.72
_LETTER, _OTHER, _SWAPPED, _NOUN, _QUALIFIED = 0.3, 0.04, 0.2, 0.12, 0.4
_KEEP = 8

Embedder = Callable[[list[str]], list[list[float]]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """The best way found to read one request."""

    fill: Fill
    score: float
    runs: tuple[Run, ...]
    rival: Fill | None = None
    margin: float = 1.0
    text: str = ""

    @property
    def confidence(self) -> float:
        """From nearness and margin to a figure between 0 and 1."""
        near = (self.score - ACCEPT) / (1 - ACCEPT)
        clear = min(1.0, self.margin / 0.15)
        return round(max(0.05, min(0.99, 0.5 + 0.35 * near + 0.14 * clear)), 3)


class Matcher:
    """Reads single requests.

    Args:
        registry: where the tools come from.
        allowed: names of the tools that may be called.
        index: the worked examples of all tools.
        embedder: maps texts to vectors; where given, its cosine is mixed in.
    """

    def __init__(
        self,
        registry: ToolRegistry,
        allowed: frozenset[str],
        index: ExampleIndex,
        embedder: Embedder | None = None,
    ) -> None:
        self.index = index
        self.allowed = allowed
        self._binder = Binder(registry, allowed)
        self._embedder = embedder

    def best(self, tokens: Sequence[Token], lent: Sequence[Mention] = ()) -> Candidate | Abstention:
        """The best reading of one request, or why there is none.

        ``lent`` entities may fill what the tokens leave open.
        """
        fills, negatives = self._fills(list(tokens), lent)
        strange = self._strange(tokens)
        words = [t.word for t in tokens if t.word.isalpha() and t.word not in FILLERS]
        noun = split.head_noun(tokens)
        qualified = split.qualifiers(tokens)
        fills = [
            _lowered(
                f,
                strange
                + (self._against(words, noun, qualified, f) if f.slot_score >= ACCEPT else 0),
            )
            for f in fills
        ]  # what is below the threshold anyway needs no closer look
        fills.sort(key=lambda f: (-f.slot_score, len(f.match.template.slots)))
        top = fills[0].slot_score if fills else 0.0
        if top >= _CLEAR:  # "not this tool's" says little about a tool that clearly fits
            negatives = [m for m in negatives if m.template.tool == OUT_OF_SCOPE or _withheld(m)]
        against = max(negatives, key=lambda m: m.score, default=None)
        if against is not None and against.score > max(top + _NEGATIVE_MARGIN, ACCEPT):
            return wording.negative(against.template, fills)
        if not fills or top < ACCEPT or fills[0].missing or fills[0].unused:
            return _no_plan(tokens, fills)
        return self._decided(fills[0], fills)

    def uncovered(self, tokens: Sequence[Token], whole: Candidate) -> list[str]:
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

    def dropped(self, tokens: Sequence[Token], found: Sequence[Candidate]) -> list[Token]:
        """Words that ask for something that none of these candidates answers."""
        chosen = {
            stem(w)
            for c in found
            for choice in c.fill.choices
            for w in choice[2].lower().replace("-", " ").split()
        }
        templates = [c.fill.match.template for c in found]
        known = {t for one in templates for t in one.tokens}
        slots = frozenset(t.word for t in tokens if t.is_entity)
        spelled = self._spelled(tokens)
        return [
            t
            for t, following in itertools.zip_longest(spelled, spelled[1:])
            if not t.is_entity
            and not split.introduces(t, following)
            and len(t.stem) > 1
            and t.stem not in chosen | known
            and t.word not in FILLERS
            and all(self.index.asks_for_more(t.stem, one, slots) for one in templates)
        ]

    def _strange(self, tokens: Sequence[Token]) -> float:
        """What words that no example uses take from every match."""
        spelled = self._spelled(tokens)
        count = sum(not (t.is_entity or self.index.known(t.stem)) for t in spelled)
        return min(_STRANGE * count, 4 * _STRANGE)

    def _against(
        self,
        words: Sequence[str],
        noun: Token | None,
        qualifiers: Sequence[Token],
        filled: Fill,
    ) -> float:
        other = noun is not None and noun.word in words and not self._has_noun(noun, filled)
        chosen = {stem(w) for c in filled.choices for w in re.findall(r"[a-z]+", c[2].lower())}
        own = chosen | set(filled.match.template.tokens)
        lost = any(not own & {*self.index.spelled(t.stem), t.stem} for t in qualifiers)
        lost |= self._narrower(words, filled)
        return self._left_over(words, filled) + misfit(filled) + _NOUN * other + _QUALIFIED * lost

    def _narrower(self, words: Sequence[str], filled: Fill) -> bool:
        """True for an example about a "critical molar volume" where a molar volume is asked for."""
        content = [t for t in filled.match.template.tokens if t not in FILLERS | MARKS]
        said = {s for w in words for s in self.index.spelled(stem(w))}
        return any(w not in said and self.index.is_qualifier(w) for w in content)

    def _has_noun(self, noun: Token, filled: Fill) -> bool:
        """Whether the example knows the noun that is asked for ("the distribution of X")."""
        template = filled.match.template
        frame = template.frame
        chosen = {stem(w) for c in filled.choices for w in re.findall(r"[a-z]+", c[2].lower())}
        known = chosen | (self.index.words_of(frame) if frame is not None else set())
        return bool(known & {*self.index.spelled(noun.stem), noun.stem})

    def conditions_lost(self, tokens: Sequence[Token], found: Sequence[Candidate]) -> list[str]:
        """Methods and conditions that no example followed has: "by XLOGP3", "at high altitude"."""
        known: set[str] = set()
        for template in (c.fill.match.template for c in found):
            assert template.frame is not None
            known |= self.index.words_of(template.frame)
            known |= {w for phrase in self.index.tools[template.tool].choices for w in phrase}
        lost: list[str] = []
        for phrase in split.conditions(tokens):
            said = {s for t in phrase[1:] for s in self.index.spelled(t.stem)}
            if said - known:
                lost.append(" ".join(t.word for t in phrase))
        return lost

    def _left_over(self, words: Sequence[str], filled: Fill) -> float:
        """What known words take that neither the example's frame nor a choice has.

        A single letter ("C atoms", "[M+H]+") left over is an argument lost.
        """
        frame = filled.match.template.frame
        known = self.index.words_of(frame) if frame is not None else frozenset()
        chosen = {stem(w) for c in filled.choices for w in c[2].lower().replace("-", " ").split()}
        left = [w for w in words if stem(w) not in chosen]
        swapped = self._swapped(left, filled, known)
        example = filled.match.template.tokens
        letters = sum(len(w) == 1 and w not in "ais" and w not in example for w in left)
        others = sum(
            len(w) > 1 and stem(w) not in known and self.index.known(stem(w)) for w in left
        )
        return _LETTER * letters + _OTHER * others + swapped

    def _swapped(self, left: Sequence[str], filled: Fill, known: frozenset[str]) -> float:
        """ "Is A more polar than B?" beside "is A more drug-like than B?": the word that the
        example is about is not in the question, and another one stands in its place."""
        template = filled.match.template
        if any(t.startswith("<choice") for t in template.tokens):
            return 0.0
        content = [t for t in template.tokens if t not in FILLERS | MARKS and t[0] != "<"]
        said = {s for w in left for s in self.index.spelled(stem(w))}
        foreign = any(s not in known for s in said)
        key = max(content, key=self.index.weight, default="")
        short = len(content) <= 3 and any(w not in said for w in content)
        return _SWAPPED if foreign and key and (key not in said or short) else 0.0

    def _decided(self, best: Fill, fills: list[Fill]) -> Candidate | Abstention:
        """The best fill made ready to run, unless a rival is as near."""
        typed = next((f for f in fills if _is_nearer_to_type(f, best)), None)
        if typed is not None:  # the less typed ways to the same answer are no rivals then
            fills = [f for f in fills if f is typed or not _same_answers(f, typed)]
            best = typed
        rival = next((f for f in fills if f is not best and _is_rival(f, best)), None)
        margin = best.slot_score - rival.slot_score if rival else 1.0
        runs = self._binder.runs(best)
        if isinstance(runs, str):
            if rival is not None and rival.slot_score >= ACCEPT:
                return self._decided(rival, [f for f in fills if not differs(f, rival)])
            return wording.impossible(runs)
        if rival is not None and margin < MARGIN and best.slot_score < CERTAIN and not best.lent:
            return wording.which(best, rival)
        return Candidate(best, best.slot_score, tuple(runs), rival, margin)

    def _fills(
        self, tokens: list[Token], lent: Sequence[Mention]
    ) -> tuple[list[Fill], list[Match]]:
        """Every near template filled, and every near one that speaks against answering."""
        fills: list[Fill] = []
        negatives: list[Match] = []
        plain = self._spelled(tokens)
        listed = split.grouped(plain)
        variants = [plain] if len(listed) == len(plain) else [plain, listed]
        if (compared := split.compared(listed, self._base)) is not None:
            variants.append(compared)
        for tool in self.index.tools.values():
            own, against = self._of_tool(tool, variants, lent)
            top = max((f.slot_score for f in own), default=0.0)
            if tool.name not in self.allowed and tool.name != OUT_OF_SCOPE:
                negatives += [_not_offered(f) for f in own if f.slot_score == top][:1]
                continue
            if against is not None and against.score > top:
                negatives.append(against)
                own = [f for f in own if f.slot_score > against.score]
            fills += own
        return fills, negatives

    def _of_tool(
        self, tool: ToolIndex, variants: list[list[Token]], lent: Sequence[Mention]
    ) -> tuple[list[Fill], Match | None]:
        """One tool's near templates, filled, and the nearest of its negatives."""
        against: Match | None = None
        own: list[Fill] = []
        labels = {m.label for t in variants[0] for m in t.mentions}
        for variant in variants:
            chosen, choices = choice_tokens(tool, variant)
            stems = [t.stem for t in merged_choices(chosen)]
            for match in self._near(tool.name, stems, chosen):
                if match.template.frame is None:
                    score = match.score - _beside(match, labels)
                    if against is None or score > against.score:
                        against = replace(match, score=score)
                elif (done := fill(match, variant, tuple(choices), lent)) is not None:
                    own.append(done)
        return own, against

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

    def _base(self, word: str) -> str | None:
        """ "denser", "heaviest" → "dense", "heavy", where that is a word of the examples."""
        cut = next((word[: -len(e)] for e in ("est", "er") if word.endswith(e)), "")
        if len(cut) < 3:
            return None
        ways = (cut, f"{cut}e", f"{cut[:-1]}y" if cut.endswith("i") else cut, cut[:-1])
        return next((w for w in ways if len(w) > 2 and self.index.known(w)), None)

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


def _lowered(filled: Fill, by: float) -> Fill:
    return replace(filled, match=replace(filled.match, score=filled.match.score - by))


def _no_plan(tokens: Sequence[Token], fills: list[Fill]) -> Abstention:
    """Why the nearest example is not followed."""
    best = fills[0] if fills else None
    if best is not None and best.match.score >= ACCEPT:
        if best.missing:
            return wording.missing(best)
        if best.unused:
            return wording.unused(best.unused, tuple(fills))
    known = tuple(m for t in tokens for m in t.mentions)
    return wording.unclear(known, fills, best.slot_score if best else 0.0)


def differs(one: Fill, other: Fill) -> bool:
    """True for fills that ask for different things."""
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


def _withheld(match: Match) -> bool:
    """True for the example of a tool that may not be called (see ``_not_offered``)."""
    negative = match.template.negative
    return negative is not None and negative.ask == (match.template.text,)


def _beside(match: Match, labels: set[str]) -> float:
    """What a negative loses for each kind of entity that it does not speak of."""
    spoken = {t[1:-1].upper() for t in match.template.tokens if t.startswith("<")}
    return 0.12 * len(labels - spoken)


def _is_nearer_to_type(one: Fill, best: Fill) -> bool:
    """True for an example with the same answer that takes the entity as what it is: a formula
    as a formula, without any look-up of the compounds that have it."""
    if not _same_answers(one, best) or one.missing or one.unused:
        return False
    ours, theirs = _typed(one), _typed(best)
    return one.slot_score >= ACCEPT and ours > theirs and len(one.slots) == len(best.slots)


def _same_answers(one: Fill, other: Fill) -> bool:
    a, b = one.match.template.frame, other.match.template.frame
    return a is not None and b is not None and a.answers == b.answers


def _typed(filled: Fill) -> int:
    """How many slots ask for the very kind of entity that they got."""
    return sum(bool(SLOTS.get(slot_base(s), ("", ()))[1]) for s in filled.slots)


def _is_rival(one: Fill, best: Fill) -> bool:
    """True for another program, or another choice in it, that could be run as well."""
    if one.missing or one.unused or not differs(one, best):
        return False
    a, b = one.match.template.frame, best.match.template.frame
    assert a is not None
    assert b is not None
    return {s.tool for s in a.program.steps} != {s.tool for s in b.program.steps} or bool(
        one.choices
        and best.choices
        and [c[:2] for c in one.choices] != [c[:2] for c in best.choices]
    )


def _cosine(a: Sequence[float], b: Sequence[float]) -> float:
    dot = sum(x * y for x, y in zip(a, b, strict=True))
    size = (sum(x * x for x in a) * sum(y * y for y in b)) ** 0.5
    return dot / size if size else 0.0
