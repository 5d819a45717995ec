"""Molecules in a text: by their form, by a table of names, by the look of an IUPAC name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import spellings
from .names import NameLookup
from .quantities import Span
from .vocabulary import ACRONYMS, EVERYDAY, PARTS, SLOT_WORDS, SOFT, STOP

MAX_WORDS = 6
_TOKEN = re.compile(r"[^\s⟨⟩]+")
_OPENING, _CLOSING = "\"'`“”‘’«([{<", ".,;:?!\"'`“”‘’»>…"
_POSSESSIVE = re.compile(r"['’]s?$")
_DASHES = str.maketrans({"‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "′": "'", "’": "'"})
_GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ω": "omega", "Δ": "delta"}
_ROOT = (
    r"(?:meth|eth|prop|but|pent|hex|hept|oct|non|dec|dodec|benz|phen|naphth|tolu|xyl|cyclo|bicyclo"
    r"|chlor|brom|fluor|iod|nitr|amin|hydrox|oxo|oxy|keto|carb|sulf|thi|az|pyr|fur|indol|quinol"
    r"|anilin|acet|form|glyc|vinyl|allyl|sil|phosph|bor|spiro|imid|oxa|tri|di|tetra|cyan)"
)
_SUFFIX = (
    r"(?:ane|ene|yne|ol|one|al|amine|amide|ate|ide|ine|oic|ester|nitrile|thiol|acid|ether|anol"
    r"|yl|aldehyde|ole|diol|dione|diene|imine|oate)s?"
)
_IUPAC = re.compile(rf"^[\w(\[{{][\w,'()\[\]{{}}\-+]*{_SUFFIX}$", re.IGNORECASE)
_LOCANT = re.compile(r"(?:^|[-(\[])\d+(?:,\d+)*'?-|\([RSEZ\d,rsez]+\)-|^[NOS],?[NOS]?-")
_CHEMICAL_ENDING = r"(?:ine|ane|ene|yne|[a-z]{3}ol|[^d]one|oxide|amide|[aeo]ate|ose|azole|idine)$"
_NOT_CHEMICAL = frozenset(
    "routine machine engine combine examine determine define online magazine outline deadline "
    "guideline medicine airplane membrane scene gene control protocol symbol school phone someone "
    "alone telephone hormone discipline baseline pipeline offline whose purpose suppose".split()
)
_HEAD_NOUNS = frozenset("acid acids ether ester oxide chloride bromide anhydride alcohol".split())
_ELEMENT_WORDS = frozenset("hydrogen carbon nitrogen oxygen sulfur fluorine chlorine ozone".split())
_ATOM_WORDS = frozenset(
    "bond bonds bonding bonded donor donors acceptor acceptors atom atoms count centers by content "
    "deficiency percent percentage depletion layer".split()
)
_PART_OF = re.compile(
    r"\b(?:the|contains?|containing|includes?|has|have|bears?|there|often does|carry|carries)\s+$"
)
#: Endings of international non-proprietary names (WHO stem book), for drugs no table has.
_STEMS = re.compile(
    r"(?:statin|tinib|anib|ciclib|parib|rafenib|sartan|olol|prazole|conazole|nidazole|cillin"
    r"|mycin|floxacin|oxetine|azepam|azolam|caine|profen|coxib|gliptin|gliflozin|glitazone|afil"
    r"|vir|triptan|setron|dipine|thiazide|barbital|tidine|lukast|gatran|xaban|pril|prost|oxacin"
    r"|mab|fibrate|terol|sone|olone|mide|zepine|triptyline|pramine|peridol|zosin)s?$"
)


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str


def find_molecules(
    text: str, taken: list[Span], names: NameLookup, words_of_asking: frozenset[str] = frozenset()
) -> list[Span]:
    """MOL spans outside of ``taken``, not overlapping, in order.

    ``words_of_asking`` are lower-case words that are no names, whatever a table says.
    """
    lookup = _Filtered(names, words_of_asking) if words_of_asking else names
    words = [w for w in _words(text) if not _overlaps(w.start, w.end, taken)]
    found: list[Span] = []
    index = 0
    while index < len(words):
        span, used = _at(text, words, index, lookup)
        if span is not None:
            found.append(span)
        index += used
    kept = [m for m in found if not _is_part(text, m, found)]
    return sorted([*kept, *_listed(text, words, kept, words_of_asking)], key=lambda m: m.start)


_LIST_WORD = re.compile(r"\s*(?:,|,?\s(?:and|or|vs\.?|versus)|/|&)\s+$")


def _listed(
    text: str, words: list[_Word], found: list[Span], words_of_asking: frozenset[str]
) -> Iterator[Span]:
    """ "Caffeine and flurbodurbine": the unknown last one of a list is meant as a molecule."""
    for span in found:
        for word in words:
            between = text[span.end : word.start] if word.start > span.end else ""
            closes = re.match(r"\s*(?:[.?!;:]|$)", text[word.end :])
            if between and _LIST_WORD.match(between) and closes and len(word.text) > 4:
                if _unknown(word.text, words_of_asking) and not _overlaps(
                    word.start, word.end, found
                ):
                    yield Span(word.start, word.end, "MOL", "name")


class _Filtered:
    """A store of names without some words."""

    def __init__(self, names: NameLookup, without: frozenset[str]) -> None:
        self._names = names
        self._without = without

    def contains(self, name: str) -> bool:
        """As the store, but False for the words left out."""
        return name.casefold() not in self._without and self._names.contains(name)


def _is_part(text: str, span: Span, found: list[Span]) -> bool:
    """ "Does X contain a phenol?": beside another molecule a part of it may be meant."""
    if span.detail != "name" or len(found) < 2:
        return False
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


def find_fallback(
    text: str, taken: list[Span], words_of_asking: frozenset[str] = frozenset()
) -> Span | None:
    """A word that nobody knows where a molecule is expected, so that it can be asked for.

    Quoted text comes first, then what follows the last "of", "for", "is", "does" ….
    """
    quoted = re.search(r"['\"“‘`]([^'\"“”‘’`⟨⟩\n]{2,80})['\"”’`](?!\w)", text)
    if quoted and not _overlaps(quoted.start(1), quoted.end(1), taken):
        inside = quoted.group(1).strip()
        if inside and not all(w.lower() in STOP for w in inside.split()):
            return Span(quoted.start(1), quoted.end(1), "MOL", "name")
    words = [w for w in _words(text) if not _overlaps(w.start, w.end, taken)]
    for index in range(len(words) - 1, 0, -1):
        before = words[index - 1].text.lower()
        if before in {"the", "a", "an", "molecule", "compound", "drug"} and index >= 2:
            before = words[index - 2].text.lower() if before in {"the", "a", "an"} else "of"
        if before in SLOT_WORDS - {"to"} and _unknown(words[index].text, words_of_asking):
            last = index
            while (
                last + 1 < len(words)
                and last - index < 2
                and _joined(text, words, last, words_of_asking)
            ):
                last += 1
            return Span(words[index].start, words[last].end, "MOL", "name")
    looks = [
        w
        for w in words
        if len(w.text) > 5 and w.text.isalpha() and _unknown(w.text, words_of_asking)
    ]
    looks = [w for w in looks if re.search(_CHEMICAL_ENDING, w.text.lower())]
    looks = [w for w in looks if w.text.lower() not in _NOT_CHEMICAL]
    return Span(looks[0].start, looks[0].end, "MOL", "name") if len(looks) == 1 else None


def _joined(text: str, words: list[_Word], index: int, words_of_asking: frozenset[str]) -> bool:
    between = text[words[index].end : words[index + 1].start]
    return between.isspace() and _unknown(words[index + 1].text, words_of_asking)


def _unknown(word: str, words_of_asking: frozenset[str]) -> bool:
    parts = [word.lower(), *(word.lower().split("-") if word.count("-") == 1 else [])]
    sets = (STOP, EVERYDAY, ACRONYMS, words_of_asking)
    whole, *halves = [any(part in words for words in sets) for part in parts]
    known = whole or (bool(halves) and all(halves))
    return len(word) > 1 and not known and any(c.isalpha() for c in word)


def _words(text: str) -> Iterator[_Word]:
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


def _split(text: str, start: int, end: int) -> Iterator[_Word]:
    """Words that are glued with a slash or comma, where both sides are words."""
    body = text[start:end]
    if spellings.smiles_tokens(body) is None and re.fullmatch(
        r"[A-Za-z\-]{3,}(?:[/,&][A-Za-z\-]{3,})+", body
    ):
        for match in re.finditer(r"[^/,&]+", body):
            yield _Word(start + match.start(), start + match.end(), match.group())
    else:
        yield _Word(start, end, body)


def _overlaps(start: int, end: int, spans: list[Span]) -> bool:
    return any(s.start < end and start < s.end for s in spans)


def _at(text: str, words: list[_Word], index: int, names: NameLookup) -> tuple[Span | None, int]:
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


def _continues(text: str, words: list[_Word], index: int) -> bool:
    """True if another lower-case word follows at once (the token may open a sentence)."""
    if index + 1 >= len(words):
        return False
    return text[words[index].end : words[index + 1].start].isspace()


def _after_amount(text: str, start: int) -> bool:
    """ "5 g Na": what stands behind a quantity is a substance."""
    return re.search(r"\d\s?(?:[kmµ]?g|[mµ]?mol|m?[lL]|moles?|grams?)\s$", text[:start]) is not None


def _in_slot(words: list[_Word], index: int) -> bool:
    return index > 0 and words[index - 1].text.lower() in SLOT_WORDS | {
        "and",
        "or",
        "convert",
        "vs",
    }


def _by_name(text: str, words: list[_Word], index: int, names: NameLookup) -> int:
    """How many words from here on form the longest known name (0: none)."""
    limit = 1
    while (
        limit < MAX_WORDS
        and index + limit < len(words)
        and _adjacent(text, words, index + limit - 1)
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
        if count > 1 and words[index + count - 1].text.lower() in STOP - _HEAD_NOUNS - {"chloride"}:
            continue
        if any(names.contains(v) for v in _variants(name)):
            return count
    return 0


def _short_locant(word: str) -> bool:
    return len(word) == 1 and word in "nNoOpPmM"


def _adjacent(text: str, words: list[_Word], index: int) -> bool:
    return text[words[index].end : words[index + 1].start] in (" ", "  ", "\n")


def _may_be_name(word: str, words: list[_Word], index: int) -> bool:
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


def _before_atoms(words: list[_Word], index: int) -> bool:
    """ "hydrogen bond", "carbon atoms": the element is part of a term."""
    return index + 1 < len(words) and words[index + 1].text.lower() in _ATOM_WORDS


def _variants(name: str) -> Iterator[str]:
    plain = " ".join(name.translate(_DASHES).split())
    yield plain
    spelt = plain
    for sign, word in _GREEK.items():
        spelt = spelt.replace(sign, word)
    if spelt != plain:
        yield spelt


def _by_form(token: str, slot: bool, continues: bool) -> str:
    """The detail of a token that shows by itself what it is, or an empty text."""
    if spellings.readings(token) and (len(token) <= 3 or not token.isupper() or slot):
        if not (len(token) == 2 and token.isupper() is False and token not in ("Co",)):
            return "ambiguous"
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
    if slot and token.lower() not in ("i", "as", "at", "in", "he", "no", "be") and not continues:
        return "formula"
    return ""


def _plausible_smiles(token: str, slot: bool) -> bool:
    """Capitals alone may be a word that is shouted: C and O and N in plenty are a chain."""
    if not token.isalpha():
        return True
    return slot or sum(token.count(c) for c in "CNO") >= 0.6 * len(token)


def _by_look(text: str, words: list[_Word], index: int) -> int:
    """How many words from here look like a systematic name that no table has (0: none)."""
    word = words[index].text.translate(_DASHES)
    low = word.lower()
    if low in STOP or len(word) < 5:
        return 0
    if len(low) >= 7 and low.isalpha() and _STEMS.search(low):
        return 1
    if not _IUPAC.match(word):
        return 0
    roots = len(re.findall(_ROOT, low))
    opens_ester = low.endswith("yl") and roots and _chemical_word(_following(text, words, index))
    if not (_LOCANT.search(word) or roots >= 2 or opens_ester):
        return 0
    used = 1
    while (
        index + used < len(words) and used < MAX_WORDS and _adjacent(text, words, index + used - 1)
    ):
        following = words[index + used].text.lower()
        if following in _HEAD_NOUNS or (following not in STOP and _chemical_word(following)):
            used += 1
        else:
            break
    return used


def _following(text: str, words: list[_Word], index: int) -> str:
    if index + 1 < len(words) and _adjacent(text, words, index):
        return words[index + 1].text.lower()
    return ""


def _chemical_word(word: str) -> bool:
    return bool(_IUPAC.match(word)) and len(re.findall(_ROOT, word)) >= 1
