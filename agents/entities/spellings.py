"""Spellings that show by their form that they are molecules: SMILES, InChI, CAS, formulas.

Nothing here knows chemistry beyond symbols: a SMILES is checked for its tokens,
brackets and ring closures, a formula for element symbols and brackets. Whether a
valence is possible is for the tools to say.
"""

from __future__ import annotations

import re

from .types import Reading

ELEMENTS = frozenset(
    """H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se
    Br Kr Rb Sr Y Zr Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy
    Ho Er Tm Yb Lu Hf Ta W Re Os Ir Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf
    Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl Mc Lv Ts Og D T""".split()
)

INCHI = re.compile(r"InChI=1S?/[^\s⟨⟩]+")
INCHI_KEY = re.compile(r"(?<![A-Z0-9-])[A-Z]{14}-[A-Z]{10}-[A-Z](?![A-Z0-9-])")
CAS = re.compile(r"(?<![\d-])\d{2,7}-\d{2}-\d(?![\d-])")

_SMILES_TOKEN = re.compile(
    r"\[(?:\d{1,3})?(?:[A-Z][a-z]?|[a-z]{1,2}|\*)(?:@{1,2}(?:[A-Z]{2}\d{1,2})?)?(?:H\d?)?"
    r"(?:[+-]{1,4}\d?|[+-]\d{1,2})?(?::\d{1,4})?\]"
    r"|Br|Cl|[BCNOPSFI]|[bcnops]|[-=#$:/\\~]|%\d\d|\d|\(|\)|\.|\*"
)
_ATOM_STARTS = frozenset("[BCNOPSFIbcnops*")
SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789+-0123456789")
_FORMULA_PART = re.compile(r"([A-Z][a-z]?)(\d*(?:\.\d+)?)|([(\[])|([)\]])(\d*)")
_CHARGE = re.compile(r"(?:\^\{?\d*[+-]\}?|[⁰¹²³⁴⁵⁶⁷⁸⁹]*[⁺⁻]|\d?[+-]{1,3})$")


def smiles_tokens(text: str) -> list[str] | None:
    """The tokens of a SMILES, or ``None`` if the text is not one by its grammar.

    >>> from labhand.agents.entities.spellings import smiles_tokens
    >>> smiles_tokens("C1CC1Br"), smiles_tokens("C1CC"), smiles_tokens("hello")
    (['C', '1', 'C', 'C', '1', 'Br'], None, None)
    """
    tokens: list[str] = []
    position, depth, previous = 0, 0, ""
    rings: set[str] = set()
    while position < len(text):
        match = _SMILES_TOKEN.match(text, position)
        if match is None:
            return None
        token = match.group()
        position = match.end()
        if token == "(":
            if previous in ("", "(", "."):
                return None
            depth += 1
        elif token == ")":
            depth -= 1
            if depth < 0 or previous in ("(", "") or previous in "-=#$:/\\~.":
                return None
        elif token[0].isdigit() or token[0] == "%":
            if previous in ("", "(", ")", "."):
                return None
            rings ^= {token.lstrip("%0") or token}
        elif token in "=#$:/\\~-" and previous in ("=", "#", "$", ":", "~", "-"):
            return None
        tokens.append(token)
        previous = token
    if depth or rings or not tokens or tokens[0] in (")", "=", "#", "-", "/", ".", ":", "~"):
        return None
    if tokens[-1] in ("=", "#", "-", "/", "\\", ".", ":", "~", "$"):
        return None
    return tokens if any(t[0] in _ATOM_STARTS for t in tokens) else None


_BRACKET_ATOM = re.compile(r"\[(?:[A-Z][a-z]?)\]")
_ONE = re.compile(r"(?:[A-Za-z]|[)\]])1(?![\d.])")
_TWICE = re.compile(r"(Br|Cl|[BCNOPSFI])\1(?![a-z])")


def broken_smiles(text: str) -> bool:
    """True for what is meant as SMILES but has an open ring, branch or bond.

    A formula has no subscript 1 ("C1CC" is a ring that is not closed, and no C3), and
    brackets or bonds left open are in no formula. The tools say what is wrong with it.

    >>> from labhand.agents.entities.spellings import broken_smiles
    >>> [broken_smiles(t) for t in ("C1CC", "c1ccccc", "CC(C", "CCl4", "C2H5OH", "co2", "be")]
    [True, True, True, False, False, False, False]
    """
    if smiles_tokens(text) is not None:
        return False
    pieces = _SMILES_TOKEN.findall(text)
    if "".join(pieces) != text:
        return False
    atoms = [p for p in pieces if p[0] in _ATOM_STARTS]
    if len(atoms) < 2 or len(atoms) == len(pieces):
        return False
    if any(p in "=#()" or p.startswith("[") for p in pieces) and formula_parts(text) is None:
        return True
    if all(a.islower() for a in atoms):
        return len(atoms) >= 4 and any(p.isdigit() for p in pieces)
    return _ONE.search(text) is not None or _TWICE.search(text) is not None


def is_smiles(text: str) -> bool:
    """True for a text that can only be meant as SMILES (not also a word or formula)."""
    tokens = smiles_tokens(text)
    if tokens is None:
        return False
    atoms = [t for t in tokens if t[0] in _ATOM_STARTS]
    if any(t.startswith("[") for t in tokens):
        return True
    if all(t in "bcnops" for t in atoms):
        return any(t.isdigit() for t in tokens)
    if any(t in "bcnops" for t in atoms) and not any(t.isdigit() or t[0] == "%" for t in tokens):
        return False  # "Co", "Cn", "Sip": lower case needs a ring
    if len(atoms) == len(tokens):
        return len(atoms) >= 2 and (len(set(atoms)) < len(atoms) or len(atoms) > 3)
    if len(atoms) < 2:
        return False
    return not (formula_parts(text) and len(set(atoms)) == len(atoms) and "(" in text)


def formula_parts(text: str) -> list[str] | None:
    """The element symbols of a formula in order, or ``None`` if the text is no formula.

    Hydrate dots, brackets, Unicode subscripts and a trailing charge are accepted.

    >>> from labhand.agents.entities.spellings import formula_parts
    >>> formula_parts("CuSO4·5H2O"), formula_parts("Fe2(SO4)3"), formula_parts("Hello")
    (['Cu', 'S', 'O', 'H', 'O'], ['Fe', 'S', 'O'], None)
    """
    symbols: list[str] = []
    for piece in re.split(r"[·•⋅∙*]", _without_charge(text).translate(SUBSCRIPTS)):
        found = _piece(re.sub(r"^\d+(?:\.\d+)?", "", piece) if symbols else piece)
        if found is None:
            return None
        symbols += found
    return symbols or None


def _without_charge(text: str) -> str:
    stripped = _CHARGE.sub("", text)
    return stripped if stripped and stripped != text else text


def _piece(text: str) -> list[str] | None:
    symbols: list[str] = []
    position, depth = 0, 0
    while position < len(text):
        match = _FORMULA_PART.match(text, position)
        if match is None:
            return None
        position = match.end()
        element, _, opened, closed, _ = match.groups()
        if opened:
            depth += 1
        elif closed:
            depth -= 1
            if depth < 0:
                return None
        else:
            if element not in ELEMENTS:
                if element[0] not in ELEMENTS:
                    return None
                position = match.start() + 1  # "Cn" is tried as C, then n: never an element
                return None
            symbols.append(element)
    return symbols if symbols and depth == 0 else None


def has_charge(text: str) -> bool:
    """True if the spelling ends in a charge: ``SO4^2-``, ``Fe3+``, ``OH⁻``."""
    return _without_charge(text) != text


#: Tokens that people use for more than one thing, with what each reading means.
_KNOWN: dict[str, tuple[tuple[str, str], ...]] = {
    "CO": (
        ("formula", "carbon monoxide, as a formula"),
        ("smiles", "methanol, as SMILES"),
        ("formula", "cobalt, if Co was meant"),
    ),
    "Co": (("formula", "cobalt, the element"), ("formula", "carbon monoxide, if CO was meant")),
    "CN": (("formula", "cyanide, as a formula"), ("smiles", "methylamine, as SMILES")),
    "NO": (
        ("formula", "nitrogen monoxide, as a formula"),
        ("smiles", "hydroxylamine, as SMILES"),
        ("formula", "nobelium, if No was meant"),
    ),
    "HF": (("formula", "hydrogen fluoride, as a formula"), ("formula", "hafnium, if Hf was meant")),
    "CS": (
        ("formula", "carbon monosulfide, as a formula"),
        ("smiles", "methanethiol, as SMILES"),
        ("formula", "caesium, if Cs was meant"),
    ),
    "NI": (("formula", "nickel, if Ni was meant"), ("smiles", "iodoamine, as SMILES")),
    "CU": (("formula", "copper, if Cu was meant"),),
}


def readings(text: str) -> tuple[Reading, ...]:
    """Every reading of a token that is short enough to mean several things, else ().

    >>> from labhand.agents.entities.spellings import readings
    >>> [r.detail for r in readings("CO")], readings("CCO"), readings("NaCl")
    (['formula', 'smiles', 'formula'], (), ())
    """
    if text in _KNOWN:
        return tuple(Reading(*pair) for pair in _KNOWN[text])
    symbols, tokens = formula_parts(text), smiles_tokens(text)
    if _BRACKET_ATOM.search(text):
        return ()  # "[Na]Cl": no formula has brackets around a single symbol
    if not symbols or not tokens or len(symbols) < 2 or len(set(symbols)) < len(symbols):
        return ()
    if any(t[0] not in _ATOM_STARTS or t.islower() for t in tokens):
        return ()
    return (
        Reading("formula", f"{text} as a formula"),
        Reading("smiles", f"{text} as SMILES"),
    )


_ISOTOPE = re.compile(r"(?<![\w.,⟨(\[^-])(?P<mass>\d{1,3})(?P<symbol>[A-Z][a-z]?)(?![\w(\[/·°-])")
#: Mass numbers of light elements whose symbols are units too ("25C", "5N"); others are no units.
_LABELS = {
    "H": (2, 3), "C": (11, 13, 14), "N": (13, 15), "O": (15, 17, 18), "F": (18, 19),
    "S": (33, 34, 35), "P": (31, 32, 33), "B": (10, 11), "K": (), "V": (), "W": (),
    "Pa": (),
}  # fmt: skip
_AT = re.compile(
    r"\b(?:at|to|from|until|below|above|around|about|and|between|in)\s+$", re.IGNORECASE
)


def isotopes(text: str) -> list[re.Match[str]]:
    """Bare isotopes: ``13C``, ``235U``; "at 13C" is a temperature.

    >>> from labhand.agents.entities.spellings import isotopes
    >>> [m.group() for m in isotopes("mass of 13C and 235U at 14C or 25C")]
    ['13C', '235U']
    """
    return [m for m in _ISOTOPE.finditer(text) if _is_isotope(m)]


def _is_isotope(match: re.Match[str]) -> bool:
    symbol, mass = match["symbol"], int(match["mass"])
    if symbol not in ELEMENTS or symbol in ("D", "T"):
        return False
    if symbol in ("C", "F") and _AT.search(match.string[: match.start()]):
        return False
    return mass in _LABELS[symbol] if symbol in _LABELS else mass > 5


def cas_check(text: str) -> bool:
    """True if the check digit of a CAS number is right (``108-88-3``)."""
    digits = text.replace("-", "")
    body, check = digits[:-1], int(digits[-1])
    return sum(i * int(d) for i, d in enumerate(reversed(body), 1)) % 10 == check
