"""The recogniser: which parts of a question mean something to a tool.

It works by form (numbers and units, equations, SMILES, formulas, registry numbers) and
by a table of names that it is handed; it imports no engine. What is most specific is
taken first, so that the 2 and 4 of 2,4-dinitrophenol are not numbers.
"""

from __future__ import annotations

import re
from typing import Any

from . import context, spellings, table
from .equations import find_equations
from .molecules import find_molecules
from .names import NameLookup, NoNames
from .quantities import Span, find_quantities
from .types import Entity
from .vocabulary import frame_words

#: Entities are looked for in so many characters; what stands behind is left as it is.
MAX_CHARACTERS = 6_000

_LITERAL = re.compile(r"⟨\s*\^?[A-Za-z]+\s*\d{1,9}(?::[A-Za-z_]*)?\s*⟩")
_FILE = re.compile(
    r"(?<![\w@/])@(?P<at>[^\s,;?!⟨⟩]*[^\s,;:.?!⟨⟩)])"
    r"|(?<![\w/.])(?P<path>(?:[~.]{0,2}/)?(?:[\w.\-]+/)*[\w\-]+\.(?:csv|tsv|txt|json|jsonl|xlsx?|pdf|cif|xyz"
    r"|sdf|mol2?|pdb|smi|smiles|toml|ya?ml|md|png|svg|parquet|log|poscar|vasp|extxyz))(?!\w)",
    re.IGNORECASE,
)


class Recogniser:
    """Finds entities.

    Args:
        names: tells whether some compound has a given name; without it only what shows
            by its form (SMILES, formulas, systematic names) is recognised.
        words_of_asking: words that are no names; by default those of the installed tools'
            worked examples (see ``vocabulary.frame_words``), read on first use.
        characters: how much of a text is looked at.
    """

    def __init__(
        self,
        names: NameLookup | None = None,
        *,
        words_of_asking: frozenset[str] | None = None,
        characters: int = MAX_CHARACTERS,
    ) -> None:
        self._names = names or NoNames()
        self._words = words_of_asking
        self._characters = characters

    def truncates(self, text: str) -> bool:
        """True if the text is longer than what is looked at."""
        return len(text) > self._characters

    def recognise(self, text: str, known: table.EntityTable) -> list[Entity]:
        """The entities of a text in order, not overlapping; new ones are numbered in ``known``.

        Never raises; only the first ``characters`` are looked at.
        """
        part = text[: self._characters]
        if self.truncates(text):  # do not cut a word in two
            part = part[: max(part.rfind(" "), part.rfind("\n"), 0)]
        return [_entity(part, span, known) for span in self._spans(part)]

    def mask(self, text: str, entities: list[Entity]) -> str:
        """See ``table.mask``."""
        return table.mask(text, entities)

    def unmask(self, value: Any, known: table.EntityTable) -> Any:
        """See ``table.unmask``."""
        return table.unmask(value, known)

    def _words_of_asking(self) -> frozenset[str]:
        if self._words is None:
            from ...tools.contract import LabhandError, ToolRegistry

            try:
                self._words = frame_words(ToolRegistry())
            except LabhandError:  # a broken third-party tool is reported where tools are run
                self._words = frozenset()
        return self._words

    def _spans(self, text: str) -> list[Span]:
        taken: list[Span] = []
        for pattern, detail in ((_LITERAL, "name"), (spellings.INCHI, "inchi")):
            _take(taken, [_span(m, "MOL", detail) for m in pattern.finditer(text)])
        _take(taken, [_span(m, "FILE", "") for m in _FILE.finditer(text) if not _is_smiles(m)])
        _take(taken, [_span(m, "MOL", "inchikey") for m in spellings.INCHI_KEY.finditer(text)])
        _take(taken, [_span(m, "MOL", "cas") for m in spellings.CAS.finditer(text) if _is_cas(m)])
        _take(taken, find_equations(text))
        _take(taken, [_span(m, "MOL", "name") for m in spellings.isotopes(text)])
        quantities = find_quantities(_blanked(text, taken))
        hard = [s for s in quantities if s.label in ("QTY", "UNIT", "EXPR")]
        words = self._words_of_asking()
        molecules = find_molecules(text, taken + hard, self._names, words)
        _take(taken, molecules)
        _take(taken, quantities)
        if not any(s.label in ("MOL", "EQN") for s in taken):
            fallback = context.expected(text, taken, words)
            _take(taken, [fallback] if fallback else [])
        return sorted(taken, key=lambda s: s.start)


def _blanked(text: str, taken: list[Span]) -> str:
    """The text with what is taken already made unreadable, at its length."""
    for span in taken:
        text = text[: span.start] + "§" * (span.end - span.start) + text[span.end :]
    return text


def _span(match: re.Match[str], label: str, detail: str) -> Span:
    return Span(match.start(), match.end(), label, detail)


def _is_smiles(match: re.Match[str]) -> bool:
    return match.group("path") is None and spellings.smiles_tokens(match.group()) is not None


def _is_cas(match: re.Match[str]) -> bool:
    """A wrong check digit still reads as a CAS number, unless it may be a date."""
    text = match.group()
    date = re.fullmatch(r"(?:19|20)\d\d-(?:0\d|1[0-2])-\d", text)
    return spellings.cas_check(text) or date is None


def _overlap(span: Span, spans: list[Span]) -> bool:
    return any(s.start < span.end and span.start < s.end for s in spans)


def _take(taken: list[Span], new: list[Span]) -> None:
    for span in new:
        if span.end > span.start and not _overlap(span, taken):
            taken.append(span)


def _entity(text: str, span: Span, known: table.EntityTable) -> Entity:
    surface = text[span.start : span.end]
    readings = spellings.readings(surface) if span.detail == "ambiguous" else ()
    label: Any = span.label
    return known.entity(label, surface, span.detail, span.start, span.end, readings)
