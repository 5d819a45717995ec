"""Molecules in a text: by their form, by a table of names, by the look of a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from . import spellings
from .context import is_part, listed
from .looks import HEAD_NOUNS, chemical_word, is_drug_name, is_systematic
from .names import NameLookup
from .quantities import Span
from .tokens import DASHES, Word, adjacent, overlaps, words_of
from .vocabulary import ACRONYMS, EVERYDAY, SLOT_WORDS, SOFT, STOP

MAX_WORDS = 6
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ω": "omega", "Δ": "delta"}
_ELEMENT_WORDS = frozenset("hydrogen carbon nitrogen oxygen sulfur fluorine chlorine ozone".split())
_ATOM_WORDS = frozenset(
    "bond bonds bonding bonded donor donors acceptor acceptors atom atoms count centers by content "
    "deficiency percent percentage depletion layer".split()
)


def find_molecules(
    text: str, taken: list[Span], names: NameLookup, words_of_asking: frozenset[str] = frozenset()
) -> list[Span]:
    """MOL spans outside of ``taken``, not overlapping, in order.

    ``words_of_asking`` are lower-case words that are no names, whatever a table says.
    """
    lookup = _Filtered(names, words_of_asking) if words_of_asking else names
    words = [w for w in words_of(text) if not overlaps(w.start, w.end, taken)]
    found: list[Span] = []
    index = 0
    while index < len(words):
        span, used = _at(text, words, index, lookup)
        if span is not None:
            found.append(span)
        index += used
    kept = [m for m in found if not is_part(text, m, found)]
    return sorted([*kept, *listed(text, words, kept, words_of_asking)], key=lambda m: m.start)


class _Filtered:
    """A store of names without some words."""

    def __init__(self, names: NameLookup, without: frozenset[str]) -> None:
        self._names = names
        self._without = without

    def contains(self, name: str) -> bool:
        """As the store, but False for the words left out."""
        return name.casefold() not in self._without and self._names.contains(name)


def _at(text: str, words: list[Word], index: int, names: NameLookup) -> tuple[Span | None, int]:
    """The molecule that begins at this word, and how many words to go on by."""
    longest = _by_name(text, words, index, names)
    first = words[index]
    if longest > 1:
        return Span(first.start, words[index + longest - 1].end, "MOL", "name"), longest
    measured = _after_amount(text, first.start)
    slot = measured or _in_slot(words, index)
    low = first.text.lower()
    shouted = (
        low in ACRONYMS
        or first.text == "SI"
        or (low in STOP and (not slot or text.upper() == text))
    )
    detail = (
        ""
        if shouted
        else _by_form(first.text, slot, not measured and _continues(text, words, index))
    )
    if detail:
        return Span(first.start, first.end, "MOL", detail), 1
    if longest == 1:
        return Span(first.start, first.end, "MOL", "name"), 1
    used = _by_look(text, words, index)
    if used:
        return Span(first.start, words[index + used - 1].end, "MOL", "name"), used
    return None, 1


def _continues(text: str, words: list[Word], index: int) -> bool:
    """True if another lower-case word follows at once (the token may open a sentence)."""
    if index + 1 >= len(words):
        return False
    return text[words[index].end : words[index + 1].start].isspace()


def _after_amount(text: str, start: int) -> bool:
    """ "5 g Na": what stands behind a quantity is a substance."""
    return re.search(r"\d\s?(?:[kmµ]?g|[mµ]?mol|m?[lL]|moles?|grams?)\s$", text[:start]) is not None


def _in_slot(words: list[Word], index: int) -> bool:
    return index > 0 and words[index - 1].text.lower() in SLOT_WORDS | {
        "and",
        "or",
        "convert",
        "vs",
    }


def _by_name(text: str, words: list[Word], index: int, names: NameLookup) -> int:
    """How many words from here on form the longest known name (0: none)."""
    limit = 1
    while (
        limit < MAX_WORDS
        and index + limit < len(words)
        and adjacent(text, words, index + limit - 1)
    ):
        limit += 1
    for count in range(limit, 0, -1):
        name = text[words[index].start : words[index + count - 1].end]
        if count == 1 and not _may_be_name(name, words, index):
            continue
        if count > 1 and (
            words[index].text.lower() in STOP and not _short_locant(words[index].text)
        ):
            continue
        if count > 1 and words[index + count - 1].text.lower() in STOP - HEAD_NOUNS - {"chloride"}:
            continue
        if any(names.contains(v) for v in _variants(name)):
            return count
    return 0


def _short_locant(word: str) -> bool:
    return len(word) == 1 and word in "nNoOpPmM"


def _may_be_name(word: str, words: list[Word], index: int) -> bool:
    low = word.lower()
    if (
        low in STOP
        or low in EVERYDAY
        or low in ACRONYMS
        or len(word) < 2
        or not any(c.isalpha() for c in word)
    ):
        return False
    if low in _ELEMENT_WORDS and _before_atoms(words, index):
        return False
    if low in SOFT or len(word) < 3:
        return _in_slot(words, index) or len(words) <= 2
    return not (word.isdigit())


def _before_atoms(words: list[Word], index: int) -> bool:
    """ "hydrogen bond", "carbon atoms": the element is part of a term."""
    return index + 1 < len(words) and words[index + 1].text.lower() in _ATOM_WORDS


def _variants(name: str) -> Iterator[str]:
    plain = " ".join(name.translate(DASHES).split())
    yield plain
    spelt = plain
    for sign, word in _GREEK.items():
        spelt = spelt.replace(sign, word)
    if spelt != plain:
        yield spelt


def _by_form(token: str, slot: bool, continues: bool) -> str:
    """The detail of a token that shows by itself what it is, or an empty text."""
    short = len(token) <= 3 or not token.isupper() or slot
    cased = len(token) != 2 or token.isupper() or token == "Co"
    if spellings.readings(token) and short and cased:
        return "ambiguous"
    if spellings.broken_smiles(token):
        return "smiles"
    if len(token) > 1 and spellings.is_smiles(token):
        return "smiles" if _plausible_smiles(token, slot) else ""
    parts = spellings.formula_parts(token)
    if not parts:
        return ""
    if any(c.isdigit() for c in token.translate(spellings.SUBSCRIPTS)) or spellings.has_charge(
        token
    ):
        return "formula" if len(token) > 2 or slot or parts[0] in ("H", "O", "N") else ""
    if len(parts) >= 2:
        return "formula" if len(set(token)) > 1 and (slot or not token.istitle()) else ""
    wordlike = len(token) == 1 or token.lower() in STOP
    if slot and not (wordlike and continues):
        return "formula"
    return ""


def _plausible_smiles(token: str, slot: bool) -> bool:
    """Capitals alone may be a word that is shouted: C and O and N in plenty are a chain."""
    if not token.isalpha():
        return True
    return slot or sum(token.count(c) for c in "CNO") >= 0.6 * len(token)


def _by_look(text: str, words: list[Word], index: int) -> int:
    """How many words from here look like a systematic name that no table has (0: none)."""
    word = words[index].text
    if word.lower() in STOP:
        return 0
    if is_drug_name(word):
        return 1
    if not is_systematic(word, _following(text, words, index)):
        return 0
    used = 1
    while (
        index + used < len(words) and used < MAX_WORDS and adjacent(text, words, index + used - 1)
    ):
        following = words[index + used].text.lower()
        if following in HEAD_NOUNS or (following not in STOP and chemical_word(following)):
            used += 1
        else:
            break
    return used


def _following(text: str, words: list[Word], index: int) -> str:
    if index + 1 < len(words) and adjacent(text, words, index):
        return words[index + 1].text.lower()
    return ""
