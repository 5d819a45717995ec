"""Second thoughts: what a context says about a word that nothing else recognises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .looks import ends_like_a_compound
from .quantities import Span
from .tokens import Word, is_unknown, overlaps, words_of
from .vocabulary import ELEMENT_WORDS, PARTS, SLOT_WORDS, STOP

_PART_OF = re.compile(
    r"\b(?:the|contains?|containing|includes?|has|have|bears?|there|often does|carry|carries)\s+$"
)
_LIST_WORD = re.compile(r"\s*(?:,|,?\s(?:and|or|vs\.?|versus)|/|&)\s+$")


def expected(
    text: str, taken: list[Span], words_of_asking: frozenset[str] = frozenset()
) -> Span | None:
    """A word that nobody knows where a molecule is expected, so that it can be asked for.

    Quoted text comes first, then what follows the last "of", "for", "is", "does" ….
    """
    quoted = re.search(r"['\"“‘`]([^'\"“”‘’`⟨⟩\n]{2,80})['\"”’`](?!\w)", text)
    if quoted and not overlaps(quoted.start(1), quoted.end(1), taken):
        inside = quoted.group(1).strip()
        if inside and not all(w.lower() in STOP for w in inside.split()):
            return Span(quoted.start(1), quoted.end(1), "MOL", "name")
    words = [w for w in words_of(text) if not overlaps(w.start, w.end, taken)]
    for index in range(len(words) - 1, 0, -1):
        before = words[index - 1].text.lower()
        if before in {"the", "a", "an", "molecule", "compound", "drug"} and index >= 2:
            before = words[index - 2].text.lower() if before in {"the", "a", "an"} else "of"
        if before in SLOT_WORDS - {"to"} and is_unknown(words[index].text, words_of_asking):
            last = index
            while (
                last + 1 < len(words)
                and last - index < 2
                and _joined(text, words, last, words_of_asking)
            ):
                last += 1
            return Span(words[index].start, words[last].end, "MOL", "name")
    looks = [
        w for w in words if ends_like_a_compound(w.text) and is_unknown(w.text, words_of_asking)
    ]
    return Span(looks[0].start, looks[0].end, "MOL", "name") if len(looks) == 1 else None


def _joined(text: str, words: list[Word], index: int, words_of_asking: frozenset[str]) -> bool:
    between = text[words[index].end : words[index + 1].start]
    return between.isspace() and is_unknown(words[index + 1].text, words_of_asking)


def listed(
    text: str, words: list[Word], found: list[Span], words_of_asking: frozenset[str]
) -> Iterator[Span]:
    """ "Caffeine and flurbodurbine": the unknown last one of a list is meant as a molecule."""
    for span in found:
        for word in words:
            between = text[span.end : word.start] if word.start > span.end else ""
            closes = re.match(r"\s*(?:[.?!;:]|$)", text[word.end :])
            if not (between and _LIST_WORD.match(between) and closes and len(word.text) > 4):
                continue
            halves = word.text.split("-")
            if len(halves) == 2 and not all(is_unknown(h, words_of_asking) for h in halves):
                continue  # "logP-wise"
            taken = overlaps(word.start, word.end, found)
            if is_unknown(word.text, words_of_asking) and not taken:
                yield Span(word.start, word.end, "MOL", "name")


_SHARE = re.compile(
    r"%|\bper\s?cent|\bpercentages?\b|\bfractions?\b|\bshare\b|\bwt\b|\bcontains?\b|\bcontent\b"
    r"|\bis there\b|\bmade of\b|\bhow much\b"
)


def _asks_for_a_share(text: str, span: Span) -> bool:
    """ "What percentage of X is nitrogen?", "is there chlorine in X?": an element of it."""
    low = text.lower()
    if not _SHARE.search(low):
        return False
    behind = re.match(
        r"\s*(?:,|and|or|is\b|are\b|by\b|in\b|there\b|does|do\b|content|[.?!]|$)", low[span.end :]
    )
    return behind is not None and re.search(r"\d\s*\w*\s+(?:of\s+)?$", low[: span.start]) is None


def is_part(text: str, span: Span, found: list[Span]) -> bool:
    """ "Does X contain a phenol?": beside another molecule a part of it may be meant."""
    if span.detail != "name" or len(found) < 2:
        return False
    if text[span.start : span.end].lower() in ELEMENT_WORDS and _asks_for_a_share(text, span):
        return True
    before = text[: span.start].lower()
    if re.search(r"\b(?:an?|any|no|both an?|one)\s+$", before):
        return True
    if re.match(r"\s+(?:rings?|groups?|moiet\w+|units?|rest|core)\b", text[span.end :].lower()):
        return True
    if re.search(r"\boctanol\s*(?:and|or|/|-|–|to)?\s*water\b", text.lower()):
        return text[span.start : span.end].lower() in ("octanol", "water", "1-octanol")
    if text[span.start : span.end].lower() not in PARTS:
        return False
    return bool(_PART_OF.search(before)) and not re.search(r"\b(?:of|for) the\s+$", before)
