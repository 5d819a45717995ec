"""Worked examples and how near a question is to them.

Every way of asking of every frame becomes a template: its words, with slot tokens where
entities stand. A question is compared by three figures: the cosine of TF-IDF vectors of
words and word pairs, how much of the template is in the question, and how much of the
question the tool's own examples ever use. What no example uses ("viscosity") counts
against a match, so that a near miss is not taken for a hit.
"""

from __future__ import annotations

import difflib
import heapq
import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ...tools.contract import Frame, FrameSet, catalogue
from ...tools.contract.frames import SLOTS, Negative, slot_base
from .words import FILLERS, MARKS, Token, stem, template_tokens

_W_COSINE, _W_TEMPLATE, _W_QUESTION = 0.5, 0.2, 0.3
_FILLER, _FLOOR, _PAIR, _SLOT = 0.12, 0.5, 0.5, 0.5
_CLOSE = 0.82
#: First words that go without saying: a density is a liquid's, a mass a molar one.
_USUAL = frozenset("number molar average molecular liquid solid standard enthalpy vapour".split())
_MOLECULE = frozenset({"<mol>"})
#: Word → the entities it needs and the properties that answer it, one entry an example.
Topics = dict[str, list[tuple[frozenset[str], frozenset[str]]]]


@dataclass(frozen=True, slots=True)
class Template:
    """One way of asking: of a frame, or (``frame`` None) one that must not be answered."""

    tool: str
    text: str
    tokens: tuple[str, ...]
    slots: tuple[str, ...]
    frame: Frame | None
    negative: Negative | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A template and how near the question is to it, from 0 to 1."""

    template: Template
    score: float


@dataclass(slots=True)
class _Entry:
    template: Template
    norm: float
    mass: float


@dataclass(slots=True)
class ToolIndex:
    """The templates of one tool, with postings by feature."""

    name: str
    choices: dict[tuple[str, ...], tuple[str, str, str]] = field(default_factory=dict)
    entries: list[_Entry] = field(default_factory=list)
    postings: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    words: dict[str, list[int]] = field(default_factory=dict)
    vocabulary: set[str] = field(default_factory=set)


class ExampleIndex:
    """Every worked example of a set of tools.

    Args:
        frame_sets: the frames, tool by tool.
    """

    def __init__(self, frame_sets: Iterable[FrameSet]) -> None:
        sets = list(frame_sets)
        self.tools = {s.tool: ToolIndex(s.tool) for s in sets}
        templates = {s.tool: list(_templates(s)) for s in sets}
        for one in sets:
            tool = self.tools[one.tool]
            for template in templates[one.tool]:
                tool.vocabulary.update(template.tokens)
            for phrase, entry in _phrases(one):
                tool.choices.setdefault(phrase, entry)
                tool.vocabulary.update(phrase)
        self._weights = _idf([t.vocabulary for t in self.tools.values()])
        self._unknown = math.log(1 + max(len(sets), 4)) + _FLOOR
        for name, found in templates.items():
            self._fill(self.tools[name], found)
        self._frame_words = _frame_words(t for found in templates.values() for t in found)
        self.vocabulary = frozenset(self._weights) | FILLERS
        every = [t for found in templates.values() for t in found]
        answers = {a for t in every if t.frame is not None for a in t.frame.answers}
        self._topics = _topics(every, _nouns(answers))
        self._qualifiers = _nouns(answers, first=True) - _nouns(answers) - _USUAL
        self._own_words = _frame_words(every, with_answers=True)
        for one in sets:
            for phrase, (_, value, _) in _phrases(one):
                if len(phrase) == 1:
                    self._topics.setdefault(phrase[0], []).append((_MOLECULE, frozenset({value})))
        self._spellings = _spellings(sets, self.vocabulary)
        self._corrected: dict[str, tuple[str, ...]] = {}

    def __len__(self) -> int:
        return sum(len(t.entries) for t in self.tools.values())

    def weight(self, word: str) -> float:
        """How much a word says."""
        if word in FILLERS:
            return _FILLER
        if word.startswith("<choice"):
            return self._unknown
        if word.startswith("<"):
            return _SLOT
        return self._weights.get(word, self._unknown)

    def known(self, stem: str) -> bool:
        """True if some example uses this stem."""
        return stem in self.vocabulary or not stem.isalpha()

    def is_qualifier(self, word: str) -> bool:
        """True for a first word of the name of a quantity: "critical", "flash", "triple"."""
        return word in self._qualifiers

    def words_of(self, frame: Frame) -> frozenset[str]:
        """Every stem in the ways of asking of a frame's program."""
        return self._frame_words.get(id(frame), frozenset())

    def asks_for_more(self, word: str, template: Template, slots: frozenset[str]) -> bool:
        """True for a word that by itself asks for something else than this template does.

        "MW" is a question with a molecule alone; "pressure" is what others ask for
        ("critical pressure"). Where such a word is left over, a request was dropped.
        ``slots`` are the tokens of the entities at hand.
        """
        frame = template.frame
        if frame is None or word in template.tokens or word in self._own_words[id(frame)]:
            return False
        return any(
            needed <= slots and not answers & set(frame.answers)
            for needed, answers in self._topics.get(word, ())
        )

    def spelled(self, stem: str) -> tuple[str, ...]:
        """The stem as the examples spell it: itself, two words glued, or a near spelling."""
        if self.known(stem) or len(stem) < 3:
            return (stem,)
        if stem not in self._corrected:
            self._corrected[stem] = self._correct(stem)
        return self._corrected[stem]

    def _correct(self, stem: str) -> tuple[str, ...]:
        for cut in range(3, len(stem) - 2):
            if stem[:cut] in self._weights and stem[cut:] in self._weights:
                return stem[:cut], stem[cut:]
        near = [w for w in self._spellings if w[0] == stem[0] and abs(len(w) - len(stem)) < 4]
        found = difflib.get_close_matches(stem, near, n=1, cutoff=_CLOSE)
        if found and len(stem) > 3:
            return (self._spellings[found[0]],)
        longer = [
            s for w, s in self._spellings.items() if w.startswith(stem) and len(w) > len(stem) + 2
        ]
        return (max(longer, key=lambda s: (self._often(s), s)),) if longer else (stem,)

    def _often(self, stem: str) -> int:
        examples = sum(len(t.words.get(stem, ())) for t in self.tools.values())
        return examples + sum(stem in phrase for t in self.tools.values() for phrase in t.choices)

    def matches(self, tool: str, stems: Sequence[str], limit: int = 6) -> list[Match]:
        """The nearest templates of one tool."""
        index = self.tools[tool]
        features = self._features(stems)
        norm = math.sqrt(sum(w * w for w in features.values())) or 1.0
        dots: dict[int, float] = {}
        for feature, weight in features.items():
            for entry, other in index.postings.get(feature, ()):
                dots[entry] = dots.get(entry, 0.0) + weight * other
        words = {s for s in stems if s not in MARKS}
        covered: dict[int, float] = {}
        for word in words:
            for entry in index.words.get(word, ()):
                covered[entry] = covered.get(entry, 0.0) + self.weight(word)
        total = sum(map(self.weight, words)) or 1.0
        known = sum(self.weight(w) for w in words if w in index.vocabulary) / total
        scores = (
            (
                _W_COSINE * dot / (norm * index.entries[e].norm)
                + _W_TEMPLATE * covered.get(e, 0.0) / index.entries[e].mass
                + _W_QUESTION * known,
                -e,
            )
            for e, dot in dots.items()
        )
        best = heapq.nlargest(limit, scores)
        return [Match(index.entries[-e].template, score) for score, e in best]

    def _features(self, stems: Sequence[str]) -> dict[str, float]:
        words = [s for s in stems if s not in MARKS]
        features = {w: self.weight(w) for w in words}
        for left, right in itertools.pairwise(words):
            pair = f"{left} {right}"
            features[pair] = _PAIR * math.sqrt(self.weight(left) * self.weight(right))
        return features

    def _fill(self, tool: ToolIndex, templates: list[Template]) -> None:
        for number, template in enumerate(templates):
            features = self._features(template.tokens)
            norm = math.sqrt(sum(w * w for w in features.values())) or 1.0
            words = {t for t in template.tokens if t not in MARKS}
            tool.entries.append(_Entry(template, norm, sum(map(self.weight, words)) or 1.0))
            for feature, weight in features.items():
                tool.postings.setdefault(feature, []).append((number, weight))
            for word in words:
                tool.words.setdefault(word, []).append(number)


def _spellings(frame_sets: Iterable[FrameSet], known: frozenset[str]) -> dict[str, str]:
    """Every word of the examples as it is written, and every stem → the stem."""
    found = {w: w for w in known if len(w) > 3 and w.isalpha()}
    for frames in frame_sets:
        texts = [t for f in (*frames.frames, *frames.negatives) for t in f.ask]
        texts += [w for values in frames.choices.values() for ways in values.values() for w in ways]
        for text in texts:
            found.update(
                (t.word, t.stem)
                for t in template_tokens(text)
                if len(t.word) > 3 and t.word.isalpha()
            )
    return found


def slot_token(slot: str, tool: str, choices: Iterable[str]) -> str:
    """The token that stands for a slot: ``<mol>``, ``<qty>``, or ``<choice:tool.slot>``."""
    base = slot_base(slot)
    if base in choices:
        return f"<choice:{tool}.{base}>"
    return f"<{SLOTS[base][0].lower()}>" if base in SLOTS else "<mol>"


def _templates(frames: FrameSet) -> Iterable[Template]:
    for frame in frames.frames:
        for text in frame.ask:
            yield _template(frames, text, frame, None)
    for negative in frames.negatives:
        for text in negative.ask:
            yield _template(frames, text, None, negative)


def _template(
    frames: FrameSet, text: str, frame: Frame | None, negative: Negative | None
) -> Template:
    tokens: list[str] = []
    slots: list[str] = []
    for token in template_tokens(text):
        if token.word.startswith("{"):
            slots.append(token.word[1:-1])
            tokens.append(slot_token(token.word[1:-1], frames.tool, frames.choices))
        else:
            tokens.append(token.stem)
    return Template(frames.tool, text, tuple(tokens), tuple(dict.fromkeys(slots)), frame, negative)


def _frame_words(
    templates: Iterable[Template], *, with_answers: bool = False
) -> dict[int, frozenset[str]]:
    """Frame (by identity: the index keeps it alive) → the stems of its program's examples,
    or of those only that have the same answers."""
    words: dict[str, set[str]] = {}
    programs: dict[int, str] = {}
    for template in templates:
        if template.frame is not None:
            key = programs.setdefault(
                id(template.frame),
                f"{template.frame.program} {template.frame.answers if with_answers else ''}",
            )
            words.setdefault(key, set()).update(template.tokens)
    return {frame: frozenset(words[key]) for frame, key in programs.items()}


def _nouns(names: Iterable[str], *, first: bool = False) -> frozenset[str]:
    """The nouns by which quantities are called ("mass", "formula", "pressure"), or the first
    words of names of several words ("critical", "flash")."""
    labels = (spec.label for n in names if (spec := catalogue().get(n)) is not None)
    found = [re.findall(r"[a-z]+", label.lower()) for label in labels]
    if first:
        return frozenset(stem(words[0]) for words in found if len(words) > 1)
    return frozenset(stem(words[-1]) for words in found if words)


def _topics(templates: Iterable[Template], nouns: frozenset[str]) -> Topics:
    """Words that ask by themselves, and the nouns of two-word terms: with which entities,
    and what answers them."""
    topics: Topics = {}
    for template in templates:
        slots = frozenset(t for t in template.tokens if t[0] == "<")
        if not slots or any(t.startswith("<choice") for t in slots):
            continue  # "report the {which}": a word of asking for anything
        words = [t for t in template.tokens if t not in FILLERS | MARKS and t[0] != "<"]
        answers = frozenset(template.frame.answers if template.frame else ())
        if not answers and not any(
            b == "of" for a, b in itertools.pairwise(template.tokens) if a in words
        ):
            continue  # of what is not to be answered nouns alone: "the price of {molecule}"
        if len(words) == 1 or (answers and len(words) == 2 and words[-1] in nouns):
            topics.setdefault(words[-1], []).append((slots, answers))
    return topics


def _phrases(frames: FrameSet) -> Iterable[tuple[tuple[str, ...], tuple[str, str, str]]]:
    """Choice words as stems → (slot, value, the words as written)."""
    for slot, values in frames.choices.items():
        for value, ways in values.items():
            for way in (*ways, value.replace("_", " ")):
                phrase = tuple(t.stem for t in template_tokens(way) if t.word not in MARKS)
                if phrase:
                    yield phrase, (slot, value, way)


def _idf(vocabularies: Sequence[set[str]]) -> dict[str, float]:
    counts: dict[str, int] = {}
    for vocabulary in vocabularies:
        for word in vocabulary:
            counts[word] = counts.get(word, 0) + 1
    total = len(vocabularies)
    return {w: math.log((1 + total) / n) + _FLOOR for w, n in counts.items() if w not in MARKS}


def choice_tokens(
    tool: ToolIndex, tokens: Sequence[Token]
) -> tuple[list[Token], list[tuple[str, str, str]]]:
    """The tokens with choice words replaced by choice tokens (longest first), and the choices."""
    if not tool.choices:
        return list(tokens), []
    longest = max(map(len, tool.choices))
    out: list[Token] = []
    chosen: list[tuple[str, str, str]] = []
    position = 0
    while position < len(tokens):
        for size in range(min(longest, len(tokens) - position), 0, -1):
            phrase = tuple(t.stem for t in tokens[position : position + size])
            entry = tool.choices.get(phrase)
            if entry is not None:
                name = f"<choice:{tool.name}.{entry[0]}>"
                out.append(Token(name, name))
                chosen.append(entry)
                position += size
                break
        else:
            out.append(tokens[position])
            position += 1
    return out, chosen


def merged_choices(tokens: Sequence[Token]) -> list[Token]:
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
