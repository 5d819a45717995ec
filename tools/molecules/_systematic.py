"""Structures of names that no table has: systematic names by OPSIN, drugs by ADMET-AI's table."""

from __future__ import annotations

import csv
import functools
import importlib.metadata
import importlib.util
import re
import shutil
import subprocess
from pathlib import Path

from ._rdkit import try_smiles
from ._readings import Reading
from .name_keys import normalise, tidy

#: Endings and parts by which a name is worth the start of a Java machine (0.5 s).
_SYSTEMATIC = re.compile(
    r"(ane|ene|yne|ol|one|al|yl|ide|ate|ite|ine|in|ole|ium|acid|amine|amide|imine|nitrile|oxide|"
    r"ether|ester|aldehyde|hydrate|urea|phosphine|borane|silane|anhydride|ketone|thiol|azide)s?$"
    r"|\d[,'\d-]*-[a-z(\[]",
    re.IGNORECASE,
)
_SECONDS = 15.0
OPSIN_REFERENCE = "Lowe et al., J. Chem. Inf. Model. 2011, 51, 739, doi:10.1021/ci100384d"


def looks_systematic(text: str) -> bool:
    """True if the text may be a systematic name (OPSIN decides)."""
    return len(text) > 4 and bool(_SYSTEMATIC.search(text))


def java_is_missing() -> bool:
    """True if no ``java`` command is on the path."""
    return shutil.which("java") is None


def from_opsin(name: str) -> Reading | None:
    """The structure of a systematic name, or ``None`` if OPSIN cannot read it.

    Stereo descriptors that OPSIN does not understand make it refuse: none is dropped.
    """
    jar = _jar()
    java = shutil.which("java")
    if jar is None or java is None:
        return None
    try:
        done = subprocess.run(
            [java, "-Xshare:auto", "-XX:TieredStopAtLevel=1", "-jar", str(jar), "-osmi"],
            input=tidy(name).replace("\n", " ") + "\n",
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    mol = try_smiles(done.stdout.strip())
    if mol is None or not mol.GetNumAtoms():
        return None
    version = importlib.metadata.version("py2opsin")
    return Reading("systematic name", mol, f"OPSIN (py2opsin {version})", tidy(name))


def _jar() -> Path | None:
    spec = importlib.util.find_spec("py2opsin")
    if spec is None or spec.origin is None:
        return None
    return next(iter(sorted(Path(spec.origin).parent.glob("opsin*.jar"))), None)


def from_drug_table(name: str, table: Path | None = None) -> Reading | None:
    """The structure of an approved drug, from the table that ADMET-AI installs, if it is there.

    The table is read in place and never copied: its content is DrugBank's, whose licence
    (CC BY-NC 4.0) binds whoever installed it.
    """
    table = table or _drug_table()
    if table is None:
        return None
    smiles = _drugs(table).get(normalise(name))
    mol = try_smiles(smiles) if smiles else None
    if mol is None:
        return None
    return Reading("drug name", mol, f"DrugBank approved drugs ({table.name} of ADMET-AI)", name)


def _drug_table() -> Path | None:
    spec = importlib.util.find_spec("admet_ai")
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / "resources" / "data" / "drugbank_approved.csv"
    return path if path.is_file() else None


@functools.cache
def _drugs(table: Path) -> dict[str, str]:
    with open(table, encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return {
            normalise(row["name"]): row["smiles"]
            for row in rows
            if row.get("name") and row.get("smiles")
        }
