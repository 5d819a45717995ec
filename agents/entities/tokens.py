"""The words of a text, as names of molecules need them cut: brackets, hyphens and primes kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import spellings
from .quantities import Span
from .vocabulary import ACRONYMS, EVERYDAY, STOP

_TOKEN = re.compile(r"[^\s⟨⟩]+")
_OPENING, _CLOSING = "\"'`“”‘’«([{<", ".,;:?!\"'`“”‘’»>…"
_POSSESSIVE = re.compile(r"['’]s?$")
DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "′": "'", "’": "'"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands."""

    start: int
    end: int
    text: str


def words_of(text: str) -> Iterator[Word]:
    """The words of a text, without quotes, closing punctuation and possessive endings."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        while (
            start < end and text[start] in _OPENING and not _is_chemical_bracket(text, start, end)
        ):
            start += 1
        while end > start and (text[end - 1] in _CLOSING or _unbalanced(text[start:end])):
            end -= 1
        if possessive := _POSSESSIVE.search(text[start:end]):
            end = start + possessive.start()
        if start < end:
            yield from _split(text, start, end)


def _is_chemical_bracket(text: str, start: int, end: int) -> bool:
    opener = text[start]
    closer = {"(": ")", "[": "]", "{": "}"}.get(opener)
    if closer is None:
        return False
    body = text[start:end].rstrip(_CLOSING)
    return closer in body[:-1] or (closer in body and spellings.smiles_tokens(body) is not None)


def _unbalanced(text: str) -> bool:
    return any(text.endswith(c) and text.count(c) > text.count(o) for o, c in ("()", "[]", "{}"))


def _split(text: str, start: int, end: int) -> Iterator[Word]:
    """Words that are glued with a slash or comma, where both sides are words."""
    body = text[start:end]
    if spellings.smiles_tokens(body) is None and re.fullmatch(
        r"[A-Za-z\-]{3,}(?:[/,&][A-Za-z\-]{3,})+", body
    ):
        for match in re.finditer(r"[^/,&]+", body):
            yield Word(start + match.start(), start + match.end(), match.group())
    else:
        yield Word(start, end, body)


def overlaps(start: int, end: int, spans: list[Span]) -> bool:
    """True if one of the spans shares a character with this stretch."""
    return any(s.start < end and start < s.end for s in spans)


def adjacent(text: str, words: list[Word], index: int) -> bool:
    """True if only a space stands between this word and the next."""
    return text[words[index].end : words[index + 1].start] in (" ", "  ", "\n")


def is_unknown(word: str, words_of_asking: frozenset[str]) -> bool:
    """True for a word that is neither English as far as known here nor a word of asking."""
    parts = [word.lower(), *(word.lower().split("-") if word.count("-") == 1 else [])]
    sets = (STOP, EVERYDAY, ACRONYMS, words_of_asking)
    whole, *halves = [any(part in words for words in sets) for part in parts]
    known = whole or (bool(halves) and all(halves))
    return len(word) > 1 and not known and any(c.isalpha() for c in word)
