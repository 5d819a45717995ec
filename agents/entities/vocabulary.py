"""English words that are never, or seldom, meant as a molecule (``vocabulary.toml``)."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...tools.contract import ToolRegistry

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _words(name: str) -> frozenset[str]:
    return frozenset(_LISTS[name].split())


#: Function words and words of asking: never a molecule, whatever a table of names says.
STOP = _words("stop")
#: Abbreviations that only look like formulas or SMILES; never a molecule.
ACRONYMS = _words("acronyms")
#: Words everyday enough to be no molecule, though some table has them as a name.
EVERYDAY = _words("everyday")
#: Words of everyday English that are also compounds: molecules only after "of", "for", "does" ...
SOFT = _words("soft")
#: Parts of molecules that are compounds too: after "a", "any", "contain" ... the part is meant.
PARTS = _words("parts")
#: Elements that compounds hold: beside another molecule a share of it may be meant.
ELEMENT_WORDS = _words("element_words")
#: Words after which a molecule is expected.
SLOT_WORDS = _words("slot_words")
#: Words that a way of asking may hold and that are compounds all the same.
_SUBSTANCES = _words("substances")
_CHEMICAL_END = re.compile(r"(?:ine|ane|ene|yne|ol|one|ide|ate|ose|ium|gen)$")


def _unless_plain(match: re.Match[str]) -> str:
    text = match.group()
    return " " if any(c.islower() or c.isdigit() for c in text) else text


def frame_words(registry: ToolRegistry) -> frozenset[str]:
    """The words by which the tools are asked for, less those that may be compounds.

    Some tables list everyday words as trade names ("prefer", "ignite"); what the worked
    examples use in a sentence is meant as a word.
    """
    words: set[str] = set()
    for spec in registry:
        frames = spec.frames()
        texts = [t for f in (*frames.frames, *frames.negatives) for t in f.ask]
        texts += [w for values in frames.choices.values() for ways in values.values() for w in ways]
        for text in texts:
            plain = re.sub(r"\{[a-z_0-9]+\}", " ", text)
            # "NaCl" in an example is a compound there too; "TPSA" and "logP" are words.
            plain = re.sub(r"\b(?:[A-Z][a-z]?\d*){2,}\b", _unless_plain, plain)
            words.update(re.findall(r"[a-z]{3,}", plain.lower()))
    return frozenset(w for w in words - _SUBSTANCES - PARTS if not _CHEMICAL_END.search(w))
