"""Reaction equations in a text: an arrow (or a balanced-looking =) and the terms around it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .quantities import Span
from .spellings import formula_parts
from .units import match_unit
from .vocabulary import STOP

_ARROW = re.compile(r"<?[-–—]{1,3}>|<?={1,2}>|[→⟶⇌⇄⇋↔⇒⟹↦]|<-+>|(?<![=<>])=(?![=>])|>>")
_STATE = re.compile(r"[(\[](?:s|l|g|aq|cr|am|ads)[)\]]$", re.IGNORECASE)
_COEFFICIENT = re.compile(r"^(?:\d+(?:[./]\d+)?|½|[nxm])$")
_TERM_COEFFICIENT = re.compile(r"^(?:\d+(?:\.\d+)?|½)\s*(?=[A-Za-z(\[])")
_ELECTRON = re.compile(r"^e(?:\^?-|⁻|−)?$")
_WORD = re.compile(r"^[A-Za-z][A-Za-z,'′\-()\d]*$")
_SPLIT = re.compile(r"(?<=[A-Za-z0-9)\]₀-₉])\+(?=[A-Z0-9(\[])")
_REACH = 400


def find_equations(text: str) -> list[Span]:
    """Whole equations as EQN spans, states, charges and coefficients included.

    >>> from labhand.agents.entities.equations import find_equations
    >>> text = "balance C3H8 + O2 -> CO2 + H2O and give grams"
    >>> [text[s.start : s.end] for s in find_equations(text)]
    ['C3H8 + O2 -> CO2 + H2O']
    """
    found: list[Span] = []
    for match in _ARROW.finditer(text):
        if found and match.start() < found[-1].end:
            continue
        start, left = _left(text, match.start())
        end, right = _right(text, match.end())
        if not left or not right:
            continue
        if _are_units(left, right):
            continue
        plain = match.group() in ("=", "==")
        formulas = all(_is_formula(t) for t in [*left, *right])
        if plain and not (formulas and len(left) + len(right) >= 2 and _has_letters(left, right)):
            continue
        if plain and len(left) + len(right) < 3:
            continue
        if found and start < found[-1].end:
            start = found[-1].end
        found.append(Span(start, end, "EQN"))
    return found


def _are_units(left: Sequence[str], right: Sequence[str]) -> bool:
    """ "760 torr -> bar" is a conversion."""
    sides = [*left, *right]
    ends = [match_unit(term, 0) for term in sides]
    return len(sides) == 2 and all(
        found is not None and found[0] == len(term) for found, term in zip(ends, sides, strict=True)
    )


def _has_letters(left: Sequence[str], right: Sequence[str]) -> bool:
    return all(any(c.isalpha() for c in t) for t in [*left, *right])


def _left(text: str, arrow: int) -> tuple[int, list[str]]:
    """Where the left side begins, and its terms."""
    floor = max(0, arrow - _REACH, text.rfind("\n", 0, arrow) + 1)
    tokens = [(floor + m.start(), m.group()) for m in re.finditer(r"\S+", text[floor:arrow])]
    start, terms, after = arrow, [], "arrow"
    for position, token in reversed(tokens):
        kind = _kind(token)
        if not _may_join(kind, after, token) or token.endswith((":", ",", ";", "?")):
            tail = _tail_of_sentence(token)
            if tail is not None and after in ("plus", "arrow") and _kind(tail) == "species":
                terms.append(tail)
                start = position + len(token) - len(tail)
            break
        if kind == "word" and after == "word":
            terms[-1] = f"{token} {terms[-1]}"
        elif kind in ("species", "word"):
            terms.append(token)
        start, after = position, kind
    return start, _terms(terms)


def _tail_of_sentence(token: str) -> str | None:
    """``equation:C3H8`` → ``C3H8``."""
    head, colon, tail = token.rpartition(":")
    return tail if colon and head and tail else None


def _right(text: str, arrow: int) -> tuple[int, list[str]]:
    ceiling = min(len(text), arrow + _REACH)
    newline = text.find("\n", arrow, ceiling)
    ceiling = newline if newline >= 0 else ceiling
    end, terms, before = arrow, [], "arrow"
    for match in re.finditer(r"\S+", text[arrow:ceiling]):
        token = match.group()
        bare = _trimmed(token)
        kind = _kind(bare)
        if not bare or not _may_follow(kind, before, bare):
            break
        if kind == "word" and before == "word":
            terms[-1] = f"{terms[-1]} {bare}"
        elif kind in ("species", "word"):
            terms.append(bare)
        if kind != "plus":
            end = arrow + match.start() + len(bare)
        before = kind
        if bare != token:
            break
    return end, _terms(terms)


def _trimmed(token: str) -> str:
    bare = token.rstrip(".,;:?!\"'")
    while bare.endswith(")") and bare.count(")") > bare.count("("):
        bare = bare[:-1]
    return bare


def _kind(token: str) -> str:
    if token == "+":
        return "plus"
    if _COEFFICIENT.match(token):
        return "coefficient"
    if _STATE.fullmatch(token):
        return "state"
    if all(_is_formula(p) for p in _SPLIT.split(token)):
        return "species"
    return "word" if _WORD.match(token) else "other"


def _may_join(kind: str, after: str, token: str) -> bool:
    """May this token stand directly left of what was already taken?"""
    if kind == "plus":
        return after in ("species", "word", "coefficient")
    if kind == "coefficient":
        return after in ("species", "word")
    if kind in ("state", "species"):
        return after in ("plus", "arrow", "state") and not (kind == "state" and after == "state")
    if kind == "word":
        return after in ("plus", "arrow", "word", "state") and token.lower() not in STOP
    return False


def _may_follow(kind: str, before: str, token: str) -> bool:
    if kind == "plus":
        return before in ("species", "word", "state")
    if kind == "coefficient":
        return before in ("plus", "arrow")
    if kind == "species":
        return before in ("plus", "arrow", "coefficient")
    if kind == "state":
        return before in ("species", "word")
    if kind == "word":
        return before in ("plus", "arrow", "coefficient", "word") and token.lower() not in STOP
    return False


def _terms(raw: list[str]) -> list[str]:
    return [piece for term in raw for piece in _SPLIT.split(term)]


def _is_formula(token: str) -> bool:
    bare = _TERM_COEFFICIENT.sub("", _STATE.sub("", token))
    if _ELECTRON.match(bare):
        return True
    return formula_parts(bare.replace("−", "-")) is not None
