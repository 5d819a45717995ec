"""Numbers, quantities, target units and arithmetic, found by their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .units import match_unit

_EXPONENT = (
    r"[eE][-−+]?\d{1,3}"
    r"|\s?[x×·*]\s?10(?:\s?\^\s?\(?[-−+]?\d{1,3}\)?|[⁻⁺]?[⁰¹²³⁴-⁹]{1,3})"
)
_GROUPED = r"\d{1,3}(?:[,\u2009\u202f']\d{3})+(?!\d)"
#: A comma that is no divider of thousands: the decimal comma of much of the world. The tools
#: ask back where it may be either; what matters here is that no digit is cut off.
_COMMA = r"\d+,(?:\d{1,2}|\d{4,})(?![\d,'′’-])(?!\.\d)"
_FRACTION = r"(?<=\d)\.\d+|(?<!\d)\.\d+|(?<=\d)\.(?![\w.])"
#: A number as people write it: signs, grouped thousands, decimals, powers of ten.
NUMBER = re.compile(
    r"(?<![\w.⟨])(?<!\d,)(?<![A-Za-zµμÅ)][-−+^])[-−+]?"
    rf"(?:{_GROUPED}|{_COMMA}|\d+)?(?:{_FRACTION})?(?<=[\d.])(?:{_EXPONENT})?"
)
WORD_NUMBERS = {
    w: n
    for n, w in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen seventeen eighteen nineteen twenty".split(),
        start=2,
    )
} | {"thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "half a": 0, "a hundred": 100}
_WORDS = re.compile(
    r"(?<![\w-])(?:half an?|an? hundred|one|"
    + "|".join(w for w in WORD_NUMBERS if " " not in w)
    + r")"
    r"(?![\w-])",
    re.IGNORECASE,
)
_FUNCTIONS = r"(?:sqrt|exp|log10|log|ln|sin|cos|tan|abs|pi)"
_CONSTANTS = r"(?:N_?A|k_?B|hbar|ħ|R|h|c|k|F|e)(?![\w.])"
_OPERATOR = re.compile(r"\s*(\*\*|[-+*/^×÷·−])\s*")
_TARGET = re.compile(r"(?<![\w-])(?:to|in|into|as|→|->|using)\s+(?:units?\s+of\s+)?", re.IGNORECASE)
_HOW_MANY = re.compile(r"\bhow\s+(?:many|much)\s+", re.IGNORECASE)
_NOT_UNITS = {
    "a",
    "as",
    "at",
    "in",
    "an",
    "d",
    "t",
    "i",
    "me",
    "g",
    "h",
    "s",
    "m",
    "stone",
    "grain",
    "min",
}
_CONVERTS = re.compile(r"\b(?:convert|express|into|equals?)\b", re.IGNORECASE)
_SPECTROSCOPIC = {"energy", "molar_energy", "wavenumber", "frequency", "length", "temperature"}
_ASKED = re.compile(r"^\s*(?:is|are|in|=|equals?|do(?:es)?|make|make up|per)\b", re.IGNORECASE)
_INDICATES_RULE = re.compile(
    r"(?:rule|rules|figure|table|step|ro)\s*(?:of|no\.?|#)?\s*$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with what it was recognised as."""

    start: int
    end: int
    label: str
    detail: str = ""


def find_quantities(text: str) -> list[Span]:
    """QTY, NUM, UNIT and EXPR spans, not overlapping, in order."""
    numbers = [*_digits(text), *_number_words(text)]
    numbers.sort(key=lambda s: s.start)
    expressions = list(_expressions(text, numbers))
    kept = [s for s in numbers if not any(e.start <= s.start < e.end for e in expressions)]
    found = [*expressions, *kept]
    units = list(_units(text, [s for s in found if s.label != "NUM"]))
    if not units:
        units = list(_bare_units(text, found))
    taken = [*units, *found]
    return sorted((s for s in taken if s in units or not _inside(s, units)), key=lambda s: s.start)


def _could_be(span: Span, dimension: str) -> bool:
    """May this be given in a unit of that dimension?"""
    return span.label == "EXPR" or (span.label == "QTY" and related(span.detail, dimension))


def related(one: str, other: str) -> bool:
    """True for dimensions that are converted into each other: equal, or both spectroscopic."""
    return one == other or (one in _SPECTROSCOPIC and other in _SPECTROSCOPIC)


def _bare_units(text: str, found: list[Span]) -> Iterator[Span]:
    """A unit that stands alone beside one quantity of its kind: "5 eV; I need kJ/mol"."""
    amounts = [s for s in found if s.label == "QTY"]
    if len(amounts) != 1 or any(s.label == "EXPR" for s in found):
        return
    for match in re.finditer(r"(?<![\w-])[A-Za-zµμÅ°%]", text):
        unit = match_unit(text, match.start())
        if unit is None or _inside(Span(match.start(), unit[0], ""), amounts):
            continue
        word = text[match.start() : unit[0]]
        if word.lower() in _NOT_UNITS or re.match(r"\s+of\b", text[unit[0] :]):
            continue
        if related(unit[1], amounts[0].detail) and unit[1]:
            yield Span(match.start(), unit[0], "UNIT", unit[1])
            return


def _inside(span: Span, others: list[Span]) -> bool:
    return any(o.start < span.end and span.start < o.end for o in others)


def _digits(text: str) -> Iterator[Span]:
    for match in NUMBER.finditer(text):
        start, end = match.span()
        if start == end or _INDICATES_RULE.search(text[max(0, start - 12) : start]):
            continue
        yield from _with_unit(text, start, end)


def _with_unit(text: str, start: int, end: int) -> Iterator[Span]:
    gap = re.compile(r"[\s-]?").match(text, end)
    after = gap.end() if gap else end
    unit = match_unit(text, after)
    if unit is not None and _is_one_mole(text, start, end, unit):
        return
    if unit is not None and _is_glued_letter(text, end, after, unit):
        return
    if unit is not None and not _is_word(text, after, unit[0]):
        yield Span(start, unit[0], "QTY", unit[1])
        return
    if end < len(text) and (text[end].isalpha() or text[end] == "_"):
        return  # "3D", "5HT": part of a word
    unknown = re.compile(r"\s+([A-Za-z]{3,20})\s+(?:to|into|in)\s+", re.IGNORECASE).match(text, end)
    asked = re.search(
        r"\b(?:convert|express|change|turn)\b[^.?!]{0,20}$", text[:start], re.IGNORECASE
    )
    if unknown and asked:
        yield Span(start, unknown.end(1), "QTY", "")
        return
    if end < len(text) and text[end] in "-,'′’" and end + 1 < len(text) and text[end + 1].isalnum():
        return  # locants: "2,4-dinitro…", "1-butanol"
    yield Span(start, end, "NUM")


def _is_glued_letter(text: str, end: int, after: int, unit: tuple[int, str]) -> bool:
    """ "2D", "3D", "14N" are no dipole moments or forces: D and N want a space."""
    return after == end and text[after : unit[0]] in ("D", "N", "t", "d")


def _is_one_mole(text: str, start: int, end: int, unit: tuple[int, str]) -> bool:
    """ "What does 1 mol of X weigh?" asks for the molar mass, and for no amount."""
    if unit[1] != "substance" or text[start:end] not in ("1", "1.0") or text[unit[0] - 1] == "M":
        return False
    weighs = re.search(r"\bweighs?\b|\bheavy\b|\bmass of$", text[:start] + text[unit[0] :])
    return weighs is not None and not re.search(r"->|→|=", text)


def _is_word(text: str, start: int, end: int) -> bool:
    """True where the 'unit' is an English word in fact: "5 in the", "10 at a time"."""
    word = text[start:end].lower()
    return word in {"a", "as", "at", "an", "in", "i", "me"} and not re.match(
        r"\s*(?:$|[.,?!)]|to\b|into\b)", text[end:]
    )


def _number_words(text: str) -> Iterator[Span]:
    for match in _WORDS.finditer(text):
        if _INDICATES_RULE.search(text[max(0, match.start() - 12) : match.start()]):
            continue
        gap = re.compile(r"\s+").match(text, match.end())
        unit = match_unit(text, gap.end()) if gap else None
        if unit is None or _is_word(text, gap.end() if gap else 0, unit[0]):
            continue
        if match.group().lower() == "one" and not _CONVERTS.search(text):
            continue  # "how heavy is one mole", "at one atmosphere": words of asking
        yield Span(match.start(), unit[0], "QTY", unit[1])


def _expressions(text: str, numbers: list[Span]) -> Iterator[Span]:
    starts = {s.start: s for s in numbers}
    position = 0
    opener = re.compile(
        rf"[(]|[-−+]?(?i:{_FUNCTIONS})\s*\(|[-−+]?[\d.]|(?:pi|π|{_CONSTANTS})\s*(?:[*/^×·]|\*\*)\s*[\w(]"
    )
    for match in opener.finditer(text):
        if match.start() < position or not _boundary(text, match.start()):
            continue
        end, operators = _parse(text, match.start(), starts)
        if operators and end > match.start():
            yield Span(match.start(), end, "EXPR")
            position = end


def _boundary(text: str, start: int) -> bool:
    return start == 0 or text[start - 1] in " \t\n=:'\"(,?"


def _parse(text: str, start: int, starts: dict[int, Span]) -> tuple[int, int]:
    """The end of the longest expression from here, and how many operators it holds."""
    position, depth, operators, last = start, 0, 0, (start, 0)
    operand = re.compile(
        rf"\s*(?:(?P<open>[-−+]?(?i:{_FUNCTIONS})?\s*\()|(?P<pi>pi\b|π|{_CONSTANTS})"
        r"|(?P<number>[-−+]?(?:\d+(?:,\d+)*\.?\d*|\.\d+)(?:[eE][-−+]?\d+)?))"
    )
    while True:
        match = operand.match(text, position)
        if match is None:
            break
        position = match.end()
        if match.group("open"):
            depth += 1
            if depth > 20:
                break
            operators += len(match.group("open").strip("( \t")) > 0
            continue
        span = starts.get(match.start("number")) if match.group("number") else None
        if span is not None:
            position = max(position, span.end)
        elif position < len(text) and (text[position].isalpha() or text[position] == "_"):
            break
        while depth and (closing := re.compile(r"\s*\)").match(text, position)):
            depth, position = depth - 1, closing.end()
            unit = match_unit(text, position + (text[position : position + 1] == " "))
            position = (
                unit[0] if unit and not re.match(r"\s*(?:in|to|a)\b", text[position:]) else position
            )
        if depth == 0:
            last = (position, operators)
        operator = _OPERATOR.match(text, position)
        if operator is None and text[position - 1 : position] == "%":
            operator = re.compile(r"\s+(of)\s+(?=[\d.(])").match(text, position)
        if operator is None or not _is_operator(text, operator):
            break
        following = starts.get(operator.end())
        if operator.group() in "-−" and following is not None and following.label == "QTY":
            break  # "5-10 g" is a range
        operators += 1
        position = operator.end()
    return last


def _is_operator(text: str, match: re.Match[str]) -> bool:
    sign = match.group(1)
    if (
        text[match.end() - 1 : match.end() + 1].startswith("->")
        or text[match.end() : match.end() + 1] == ">"
    ):
        return False
    if sign in "-−+":
        spaced = match.group().startswith(" ") == match.group().endswith(" ")
        return spaced and (
            match.group() != sign or not text[match.end() : match.end() + 1].isalpha()
        )
    return True


def _units(text: str, found: list[Span]) -> Iterator[Span]:
    for match in _TARGET.finditer(text):
        unit = match_unit(text, match.end())
        if unit is None or _inside(Span(match.end(), unit[0], ""), found):
            continue
        word = text[match.end() : unit[0]]
        closes = re.match(
            r"\s*(?:$|[?.!,;:)]|please\b|for\b|of\b|at\b|from\b|and\b|is\b|\b)", text[unit[0] :]
        )
        if (
            word in _NOT_UNITS and not re.match(r"\s*(?:$|[?.!,;)])", text[unit[0] :])
        ) or not closes:
            continue
        yield Span(match.end(), unit[0], "UNIT", unit[1])
    for match in _HOW_MANY.finditer(text):
        unit = match_unit(text, match.end())
        if unit is None or re.match(r"\s+of\b", text[unit[0] :]):
            continue
        if any(_could_be(s, unit[1]) for s in found) and _ASKED.match(text[unit[0] :]):
            yield Span(match.end(), unit[0], "UNIT", unit[1])
