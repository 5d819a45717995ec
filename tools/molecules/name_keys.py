"""Keys under which names of compounds are the same: case, spaces, hyphens, Greek, spelling.

``normalise("β-Carotene") == normalise("beta carotene")``. What carries meaning stays:
``(+)`` and ``(-)``, ``D`` and ``L``, locants, primes, brackets, and the charge of an ion.
"""

from __future__ import annotations

import re
import unicodedata

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta",
    "η": "eta", "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu",
    "ξ": "xi", "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_SIGNS = str.maketrans(
    {
        **_GREEK,
        **dict.fromkeys("‐‑‒–—―−﹣－", "-"),
        **dict.fromkeys("′’‘´`ʹ", "'"),
        **dict.fromkeys("″“”", '"'),
        "·": ".",
        "•": ".",
        "\u200b": "",
        "\ufeff": "",
        "\u00ad": "",
    }
)
_DOTTED_GREEK = re.compile(r"\.(" + "|".join(sorted(set(_GREEK.values()), key=len)) + r")\.")
# Whole words only where the two spellings name the same thing everywhere.
_SPELLINGS = (("sulph", "sulf"), ("aluminium", "aluminum"), ("caesium", "cesium"))
_ROTATION = (
    (re.compile(r"\((?:\+/-|\+-|±|-/\+|-\+)\)"), "(racemic)"),
    (re.compile(r"\(-\)"), "(minus)"),
    (re.compile(r"\(\+\)"), "(plus)"),
)
# A hyphen joins parts of a name, except in a charge: 'Cl-', 'SO4--', '(2-)', '-2' at the end.
_JOINING_HYPHEN = re.compile(r"-(?=[^-)\s])(?!\d\)?$)")
_SPACE = re.compile(r"\s+")


def tidy(text: str) -> str:
    """The text with typographic signs made plain and outer spaces and quotes gone; case kept."""
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    return _SPACE.sub(" ", plain).strip().strip("\"'").strip()


def normalise(name: str) -> str:
    """The key of a name.

    >>> from labhand.tools.molecules.name_keys import normalise
    >>> normalise("β-Carotene") == normalise("beta carotene") == normalise(".beta.-carotene")
    True
    >>> normalise("(+)-Menthol") == normalise("(-)-Menthol")
    False
    >>> normalise("Sulphuric Acid"), normalise("1,2-Dichloroethane")
    ('sulfuricacid', '1,2dichloroethane')
    """
    if name.isascii():
        key = name.strip().strip("\"'").lower()
    else:
        key = unicodedata.normalize("NFKC", tidy(name).casefold()).translate(_SIGNS)
    if "." in key:
        key = _DOTTED_GREEK.sub(r"\1", key)
    if "(" in key:
        for pattern, word in _ROTATION:
            key = pattern.sub(word, key)
    if " " in key or "\t" in key or "\n" in key:
        key = _SPACE.sub("", key)
    if "-" in key:
        key = _JOINING_HYPHEN.sub("", key)
    for british, american in _SPELLINGS:
        key = key.replace(british, american)
    return key


_CONFIGURATION = re.compile(
    r"(?:^|[^a-z])(?:[dl]-|cis-|trans-|meso-|\((?:[rsez]|[+-]|\d+[a-z]?[rsez])(?:,[^)]*)?\)-)"
)


def names_a_configuration(text: str) -> bool:
    """True if a name says which stereo form is meant.

    >>> from labhand.tools.molecules.name_keys import names_a_configuration
    >>> [names_a_configuration(n) for n in ("L-alanine", "(2R,3S)-x", "DL-alanine", "(ethyl)-x")]
    [True, True, False, False]
    """
    return bool(_CONFIGURATION.search(text.lower()))


def cas_is_valid(text: str) -> bool:
    """True if the check digit of a CAS registry number is right.

    The last digit is the sum of the others, each weighted by its place counted from the
    right, modulo 10 (https://www.cas.org/support/documentation/chemical-substances/checkdig).

    >>> from labhand.tools.molecules.name_keys import cas_is_valid
    >>> cas_is_valid("58-08-2"), cas_is_valid("58-08-3")
    (True, False)
    """
    if not CAS.fullmatch(text):
        return False
    *digits, check = (int(c) for c in text if c.isdigit())
    return sum(n * d for n, d in enumerate(reversed(digits), start=1)) % 10 == check


CAS = re.compile(r"\d{2,7}-\d{2}-\d")
INCHI_KEY = re.compile(r"[A-Z]{14}-[A-Z]{10}-[A-Z]")
