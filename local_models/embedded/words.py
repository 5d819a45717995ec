"""From masked text to the tokens that frames and questions are compared by."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

PLACEHOLDER = re.compile(r"⟨([A-Z]+)(\d+)(?::([a-z_]+))?⟩")
_UNTRUSTED = re.compile(r"<untrusted\b.*?</untrusted>", re.DOTALL)
_TOKEN = re.compile(
    r"⟨[A-Z]+\d+(?::[a-z_]+)?⟩|\{[a-z_]+(?:_\d+)?\}|[a-zµåö]+(?:'[a-z]+)?|\d+(?:\.\d+)?|[.?!;:,/&+]"
)
_CONTRACTIONS = (
    ("what's", "what is"), ("whats", "what is"), ("how's", "how is"), ("where's", "where is"),
    ("it's", "it is"), ("that's", "that is"), ("i'm", "i am"), ("i'd", "i would"),
    ("i've", "i have"), ("doesn't", "does not"), ("isn't", "is not"), ("can't", "can not"),
    ("don't", "do not"), ("let's", "let us"), ("which's", "which is"), ("who's", "who is"),
)  # fmt: skip
_CONTRACTION = re.compile(r"\b(" + "|".join(re.escape(a) for a, _ in _CONTRACTIONS) + r")\b")
#: "How many mmol is …": the unit of the answer is the tool's, the question is the same.
_SMALL_MOLE = re.compile(r"(?<=how many )[mµun]mol(?:es?)?\b")
#: Words of asking that carry next to no meaning.
FILLERS = frozenset(
    """a an the is are was were be been of for in on at to by with from as and or what which how do
    does did can could would should will shall may might i you me my we us our it its this that
    these those please kindly tell give show find get let know want need like look up out there
    have has had some any so then now just also about into value answer question hi hello hey
    thanks thank ok okay much many s not your he she they them their if when where who again
    always really actually later today currently exactly roughly quickly here curious wonder
    wondering think guess maybe perhaps well still yet only even too very there must having
    going trying using used use because since while during after before""".split()
)
MARKS = frozenset(".?!;:,/&+")
MAX_TEXT = 4_000


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity as the planner sees it: its label, number and detail, never its text."""

    label: str
    number: int
    detail: str = ""

    @property
    def text(self) -> str:
        """The placeholder, as the session knows it."""
        return f"⟨{self.label}{self.number}{':' + self.detail if self.detail else ''}⟩"


@dataclass(frozen=True, slots=True)
class Token:
    """A word (its stem beside it), a mark, or one or more entities."""

    word: str
    stem: str
    mentions: tuple[Mention, ...] = ()

    @property
    def is_entity(self) -> bool:
        """True for a place that entities fill."""
        return bool(self.mentions)


@functools.lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A rough stem: plural and verb endings off.

    >>> from labhand.local_models.embedded.words import stem
    >>> [stem(w) for w in ("boils", "boiling", "properties", "mass", "isotopes")]
    ['boil', 'boil', 'property', 'mass', 'isotope']
    """
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 5 and word.endswith("ing"):
        return _undouble(word[:-3])
    if len(word) > 4 and word.endswith("ed") and not word.endswith("eed"):
        return _undouble(word[:-2])
    if len(word) > 4 and word.endswith(("sses", "xes", "shes", "ches")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def _undouble(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "ls" else word


def mentions_of(text: str) -> tuple[Mention, ...]:
    """Every placeholder of a text, in order, each once."""
    found = (Mention(a, int(n), d or "") for a, n, d in PLACEHOLDER.findall(text))
    return tuple(dict.fromkeys(found))


def tokenise(text: str) -> list[Token]:
    """Lower-cased tokens of a masked text; quotes, hyphens and stray signs fall away."""
    text = _UNTRUSTED.sub(" ", text)[:MAX_TEXT]
    pieces = PLACEHOLDER.split(text)
    tokens: list[Token] = []
    for index in range(0, len(pieces), 4):
        tokens += [Token(w, stem(w)) for w in _words(pieces[index])]
        if index + 3 < len(pieces):
            label, number, detail = pieces[index + 1 : index + 4]
            mention = Mention(label, int(number), detail or "")
            tokens.append(entity_token((mention,)))
    return tokens


def entity_token(mentions: tuple[Mention, ...]) -> Token:
    """A token for one entity or a list of like ones."""
    label = mentions[0].label.lower()
    return Token(f"<{label}>", f"<{label}>", mentions)


def _words(text: str) -> list[str]:
    text = re.sub(r"(?<=\s)n(?=\s)", "and", text)  # "SMILES n InChI"
    low = text.lower().replace("’", "'").replace("%", " percent ")
    low = re.sub(r"\bsoln\b", "solution", _SMALL_MOLE.sub("mol", low))
    low = _CONTRACTION.sub(lambda m: dict(_CONTRACTIONS)[m.group()], low)
    low = re.sub(r"(?<![a-z])'s\b", " ", low)
    low = re.sub(r"(?<![a-z])([a-z])\.\s?([a-z])\.(?![a-z])", r"\1\2", low)  # "m.w."
    return [w.replace("'s", "").replace("'", "") or "s" for w in _TOKEN.findall(low)]


def template_tokens(text: str) -> list[Token]:
    """Tokens of a way of asking: slots stay as ``{slot}``."""
    pieces = re.split(r"(\{[a-z_]+(?:_\d+)?\})", text)
    tokens: list[Token] = []
    for piece in pieces:
        if piece.startswith("{") and piece.endswith("}"):
            tokens.append(Token(piece, piece))
        else:
            tokens += [Token(w, stem(w)) for w in _words(piece)]
    return tokens


def show(tokens: list[Token]) -> str:
    """The tokens as a text again."""
    parts = [", ".join(m.text for m in t.mentions) if t.mentions else t.word for t in tokens]
    return re.sub(r" (?=[.?!;:,])", "", " ".join(parts))
