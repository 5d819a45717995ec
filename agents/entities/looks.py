"""What a word looks like: systematic names and drug names that no table has."""

from __future__ import annotations

import re

from .tokens import DASHES

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
#: Nouns that close a name of several words.
HEAD_NOUNS = frozenset("acid acids ether ester oxide chloride bromide anhydride alcohol".split())
#: Endings of international non-proprietary names (WHO stem book), for drugs no table has.
_STEMS = re.compile(
    r"(?:statin|tinib|anib|ciclib|parib|rafenib|sartan|olol|prazole|conazole|nidazole|cillin"
    r"|mycin|floxacin|oxetine|azepam|azolam|caine|profen|coxib|gliptin|gliflozin|glitazone|afil"
    r"|vir|triptan|setron|dipine|thiazide|barbital|tidine|lukast|gatran|xaban|pril|prost|oxacin"
    r"|mab|fibrate|terol|sone|olone|mide|zepine|triptyline|pramine|peridol|zosin)s?$"
)


def is_drug_name(word: str) -> bool:
    """True for the ending of an international non-proprietary name.

    >>> from labhand.agents.entities.looks import is_drug_name
    >>> is_drug_name("imatinib"), is_drug_name("question")
    (True, False)
    """
    low = word.lower()
    return len(low) >= 7 and low.isalpha() and _STEMS.search(low) is not None


def is_systematic(word: str, following: str = "") -> bool:
    """True for a systematic name: a suffix, and locants, two roots, or an ester's two words.

    >>> from labhand.agents.entities.looks import is_systematic
    >>> is_systematic("2-methylbutane"), is_systematic("methyl", "benzoate"), is_systematic("done")
    (True, True, False)
    """
    plain = word.translate(DASHES)
    if len(plain) < 5 or not _IUPAC.match(plain):
        return False
    roots = len(re.findall(_ROOT, plain.lower()))
    opens_ester = plain.lower().endswith("yl") and roots > 0 and chemical_word(following)
    return _LOCANT.search(plain) is not None or roots >= 2 or opens_ester


def chemical_word(word: str) -> bool:
    """True for a word with a chemical root and suffix."""
    return bool(_IUPAC.match(word)) and len(re.findall(_ROOT, word)) >= 1


def ends_like_a_compound(word: str) -> bool:
    """True for an ending that compounds have, in a word that is not known to be another."""
    low = word.lower()
    return (
        len(low) > 5
        and low.isalpha()
        and re.search(_CHEMICAL_ENDING, low) is not None
        and low not in _NOT_CHEMICAL
    )
