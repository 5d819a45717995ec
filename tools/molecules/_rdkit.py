"""What every tool of this folder needs of RDKit; imported inside functions only."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ..contract.errors import ToolInputError
from ._formula import hill

if TYPE_CHECKING:
    from rdkit.Chem import Mol

WEIGHTS_REFERENCE = (
    "IUPAC standard atomic weights, abridged, as RDKit's periodic table holds them; "
    "Prohaska et al., Pure Appl. Chem. 2022, 94, 573, doi:10.1515/pac-2019-0603"
)
_HEAVY_HYDROGEN = {(2, "H"): "D", (3, "H"): "T"}
_RING = re.compile(r"%\d\d|%\(\d+\)|\d")
_BRACKETED = re.compile(r"\[[^\]]*\]")
_ALLOWED = re.compile(r"[A-Za-z0-9@+\-\[\]()=#$:/\\.%*>~]*")
#: Dative bonds of coordination compounds, which RDKit writes beyond standard SMILES.
_DATIVE = re.compile(r"->|<-")
#: The only letters of bare atoms: B C N O P S F Cl Br I and aromatic b c n o p s.
_BARE = re.compile(r"Cl|Br|[BCNOPSFIbcnops*]|[^A-Za-z]")


def version() -> str:
    """RDKit's version, as it stands in methods."""
    import rdkit

    return f"RDKit {rdkit.__version__}"


def parse_smiles(smiles: str) -> Mol:
    """The molecule of a SMILES, sanitised, stereo and isotopes kept.

    Raises:
        ToolInputError: it does not parse, or a valence is impossible; the message says why.
    """
    text = smiles.strip()
    mol = try_smiles(text)
    if mol is None or mol.GetNumAtoms() == 0:
        raise ToolInputError(
            f"{shortened(text)} is not a valid SMILES: {why_not_smiles(text)}.",
            "Give a SMILES such as CCO, or a name, which is looked up first.",
            smiles=text[:200],
        )
    return mol


def try_smiles(text: str) -> Mol | None:
    """The molecule, or ``None`` when the text is not a SMILES; nothing is printed."""
    from rdkit import Chem, rdBase

    plain = _DATIVE.sub("", text)
    if not text or not _ALLOWED.fullmatch(plain) or ">" in plain:
        return None
    with rdBase.BlockLogs():
        return Chem.MolFromSmiles(text)


def canonical(mol: Mol) -> str:
    """Canonical isomeric SMILES: the entity of every quantity here."""
    from rdkit import Chem

    return Chem.MolToSmiles(mol)


def inchi_of(mol: Mol) -> tuple[str, str]:
    """InChI and InChIKey; empty texts where InChI cannot describe the molecule."""
    from rdkit import rdBase
    from rdkit.Chem import inchi

    with rdBase.BlockLogs():
        text = str(inchi.MolToInchi(mol) or "")
        return text, (str(inchi.InchiToInchiKey(text) or "") if text else "")


def formula_of(mol: Mol) -> str:
    """Molecular formula in Hill order, charge at the end (``C8H10N4O2``, ``H4N+``).

    Isotope labels stand in it: ``D2O``, ``[13C]H4``. (RDKit's own formula puts H first where
    there is no carbon, which is not Hill's order.)
    """
    from rdkit import Chem

    return hill(labelled_counts(mol), Chem.GetFormalCharge(mol))


def labelled_counts(mol: Mol) -> Counter[str]:
    """Atoms by symbol, hydrogens included; labelled ones apart (``D``, ``T``, ``[13C]``)."""
    counts: Counter[str] = Counter()
    for atom in mol.GetAtoms():
        label, symbol = atom.GetIsotope(), atom.GetSymbol()
        if label:
            symbol = _HEAVY_HYDROGEN.get((label, symbol), f"[{label}{symbol}]")
        counts[symbol] += 1
        counts["H"] += atom.GetTotalNumHs()
    return +counts


def amide_form(mol: Mol) -> Mol:
    """The molecule with open-chain imidic acids, C(OH)=N, drawn as the amides that they are.

    Some rows of the tables (150 of 76,000) were made from InChI, which does not tell the
    tautomers apart. The change is kept only if the InChIKey stays the same.
    """
    from rdkit import Chem, rdBase

    pattern = Chem.MolFromSmarts("[CX3;!R]([OX2H])=[NX2;!R]")
    if not mol.HasSubstructMatch(pattern):
        return mol
    with rdBase.BlockLogs():
        edited = Chem.RWMol(mol)
        for carbon, oxygen, nitrogen in mol.GetSubstructMatches(pattern):
            if edited.GetBondBetweenAtoms(carbon, oxygen).GetBondTypeAsDouble() == 2:
                continue
            if edited.GetBondBetweenAtoms(carbon, nitrogen).GetBondTypeAsDouble() != 2:
                continue
            edited.GetBondBetweenAtoms(carbon, oxygen).SetBondType(Chem.BondType.DOUBLE)
            edited.GetBondBetweenAtoms(carbon, nitrogen).SetStereo(Chem.BondStereo.STEREONONE)
            edited.GetBondBetweenAtoms(carbon, nitrogen).SetBondType(Chem.BondType.SINGLE)
            for index in (oxygen, nitrogen):
                edited.GetAtomWithIdx(index).SetNoImplicit(False)
                edited.GetAtomWithIdx(index).SetNumExplicitHs(0)
        changed = Chem.MolFromSmiles(Chem.MolToSmiles(edited))
    return changed if changed is not None and inchi_of(changed) == inchi_of(mol) else mol


def average_mass(mol: Mol) -> float:
    """Average molar mass in g/mol, isotope labels counted."""
    from rdkit.Chem import Descriptors

    # RDKit binds this name when it is imported, which type checkers do not see.
    return float(Descriptors.MolWt(mol))  # pyright: ignore[reportAttributeAccessIssue]


def crippen(mol: Mol) -> tuple[float, float]:
    """Wildman and Crippen's log P and molar refractivity (cm³/mol)."""
    from rdkit.Chem import rdMolDescriptors

    logp, refractivity = rdMolDescriptors.CalcCrippenDescriptors(mol)
    return float(logp), float(refractivity)


def undefined_stereo(mol: Mol) -> list[str]:
    """The stereo elements that the molecule could have but leaves open, in words."""
    from rdkit import Chem

    found = []
    for info in Chem.FindPotentialStereo(mol):
        if info.specified != Chem.StereoSpecified.Unspecified:
            continue
        if info.type == Chem.StereoType.Bond_Double:
            bond = mol.GetBondWithIdx(info.centeredOn)
            if any(a.GetAtomicNum() == 7 and a.GetFormalCharge() > 0 for a in _ends(bond)):
                continue  # azides and diazo compounds are linear
            if _is_amidine(bond) or _is_cumulated(bond):
                continue  # moves from nitrogen to nitrogen; N=C=N turns freely
            ends = f"{_atom(bond.GetBeginAtom())}={_atom(bond.GetEndAtom())}"
            found.append(f"double bond {ends} (E or Z)")
        elif info.type == Chem.StereoType.Atom_Tetrahedral:
            atom = mol.GetAtomWithIdx(info.centeredOn)
            if atom.GetAtomicNum() == 7 and not atom.GetFormalCharge():
                continue  # an amine inverts, or its ring leaves it no choice
            if _shares_a_proton(atom):
                continue  # P(=O)OH and S(=O)OH: the proton goes from oxygen to oxygen
            found.append(f"centre {_atom(atom)} (R or S)")
    return found


def _ends(bond: Any) -> tuple[Any, Any]:
    return bond.GetBeginAtom(), bond.GetEndAtom()


def _is_amidine(bond: Any) -> bool:
    """C=N with another nitrogen that has a hydrogen on the carbon, or a hydrogen on this one."""
    carbon, nitrogen = sorted(_ends(bond), key=lambda a: a.GetAtomicNum())
    if (carbon.GetAtomicNum(), nitrogen.GetAtomicNum()) != (6, 7):
        return False
    others = [a for a in carbon.GetNeighbors() if a.GetIdx() != nitrogen.GetIdx()]
    amino = [a for a in others if a.GetAtomicNum() == 7]
    return bool(amino) and any(a.GetTotalNumHs() for a in (nitrogen, *amino))


def _is_cumulated(bond: Any) -> bool:
    """True if a nitrogen stands at one end and the carbon has another double bond: X=C=N."""
    if all(a.GetAtomicNum() == 6 for a in _ends(bond)):
        return False
    return any(
        sum(b.GetBondTypeAsDouble() == 2 for b in a.GetBonds()) > 1 and a.GetAtomicNum() == 6
        for a in _ends(bond)
    )


def _shares_a_proton(atom: Any) -> bool:
    """True for a P or S with =O and -OH (or -O⁻), whose two oxygens are the same."""
    if atom.GetAtomicNum() not in (15, 16):
        return False
    ends = [a for a in atom.GetNeighbors() if a.GetAtomicNum() == 8 and a.GetDegree() == 1]
    return len(ends) > 1


def _atom(atom: Any) -> str:
    return f"{atom.GetSymbol()}{atom.GetIdx() + 1}"


def structure_warnings(mol: Mol) -> list[str]:
    """What a careful reader must know of a structure: open stereo, several components."""
    warnings = []
    open_ones = undefined_stereo(mol)
    if open_ones:
        named = ", ".join(open_ones[:6]) + (", …" if len(open_ones) > 6 else "")
        warnings.append(
            f"the structure leaves its stereochemistry open at {named} "
            "(atoms counted in the SMILES as written)."
        )
    parts = components(mol)
    if len(parts) > 1:
        counted = Counter(parts)
        shown = [f"{n} {part}" if n > 1 else part for part, n in counted.items()]
        warnings.append(
            f"the structure has {len(parts)} components ({' + '.join(shown[:6])}), "
            "a salt, hydrate or mixture; it is taken as a whole."
        )
    return warnings


def components(mol: Mol) -> list[str]:
    """Canonical SMILES of each disconnected part."""
    return canonical(mol).split(".")


def shortened(text: str, most: int = 60) -> str:
    """The text in quotes, cut in the middle of a sentence's patience."""
    return repr(text if len(text) <= most else text[: most - 1] + "…")


def why_not_smiles(text: str) -> str:
    """One clause that says what is wrong with a text that RDKit does not take."""
    if not text:
        return "it is empty"
    if re.search(r"\s", text):
        return "it has blanks in it"
    text = _DATIVE.sub("", text)
    strange = next((c for c in text if not _ALLOWED.fullmatch(c)), None)
    if strange is not None:
        return f"the sign {strange!r} does not occur in SMILES"
    if ">" in text:
        return "it is a reaction, not a molecule"
    return _syntax(text) or _chemistry(text) or "it does not parse"


def _syntax(text: str) -> str:
    if text.count("[") != text.count("]"):
        return "a square bracket is not closed"
    bare = _BRACKETED.sub("*", text)
    if bare.count("(") != bare.count(")"):
        return "a branch is not closed: the round brackets do not match"
    rings = _RING.findall(bare)
    lonely = sorted({r for r in rings if rings.count(r) % 2})
    if lonely:
        return f"the ring closure {', '.join(lonely)} has no partner"
    wrong = _BARE.sub("", bare)
    if wrong:
        return f"{wrong[:10]!r} is no atom that may stand without square brackets"
    return ""


def _chemistry(text: str) -> str:
    from rdkit import Chem, rdBase

    with rdBase.BlockLogs():
        mol = Chem.MolFromSmiles(text, sanitize=False)
        if mol is None:
            return ""
        problems = Chem.DetectChemistryProblems(mol)
    if not problems:
        return ""
    if problems[0].GetType() == "AtomValenceException":
        atom = mol.GetAtomWithIdx(problems[0].GetAtomIdx())
        bonds = sum(b.GetValenceContrib(atom) for b in atom.GetBonds())
        return f"atom {_atom(atom)} has {bonds:g} bonds, more than its valence allows"
    if problems[0].GetType() in ("KekulizeException", "AtomKekulizeException"):
        return "its aromatic ring has no Kekulé structure (a hydrogen such as [nH] may be missing)"
    return str(problems[0].Message()).rstrip(".")
