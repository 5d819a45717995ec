"""The index of compound names: names, CAS numbers, formulas → compounds, on disk.

The tables of ``chemicals`` (76,000 compounds, 860,000 names, from PubChem and others) are text
files; reading them takes seconds and hundreds of megabytes. They are read once into an SQLite
file in the cache folder, line by line, and looked up from there in well under a millisecond.
Nothing here imports ``chemicals``, ``rdkit`` or ``pandas``, so the main process may use it.

``python -m labhand.tools.molecules.name_index`` builds the file if it is missing.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.metadata
import importlib.util
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..contract.errors import ConfigurationError, StorageError
from ..contract.home import cache_folder
from .name_keys import CAS, normalise

SCHEMA = 7
#: Tables in the order in which they are trusted for a name: (file, what a source says). The
#: first is our own: elements, drugs and natural products that the tables of chemicals lack or
#: have without stereo. Its head says how the rows were verified.
SUPPLEMENT = "supplement.tsv"
TABLES = (
    (SUPPLEMENT, "labhand's supplement"),
    ("Inorganic db.tsv", "inorganic table"),
    ("Cation db.tsv", "cation table"),
    ("Anion db.tsv", "anion table"),
    ("chemical identifiers example user db.tsv", "curated PubChem table"),
    ("chemical identifiers pubchem small.tsv", "PubChem table (common compounds)"),
    ("chemical identifiers pubchem large.tsv", "PubChem table"),
)
Match = Literal["primary", "synonym", "formula"]
_MATCHES: tuple[Match, ...] = ("primary", "synonym", "formula")
_LAST_POSITION = 99
_MERGED_POSITION = 30  # names of a less trusted row stand behind a compound's own

_CREATE = """
CREATE TABLE compounds(id INTEGER PRIMARY KEY, cas TEXT, smiles TEXT, formula TEXT, inchi TEXT,
    inchi_key TEXT, iupac TEXT, common TEXT, tbl INTEGER, synonyms INTEGER);
CREATE TABLE names(key TEXT, compound INTEGER, kind INTEGER, position INTEGER,
    PRIMARY KEY(key, compound)) WITHOUT ROWID;
"""
_INDEX = """
CREATE INDEX by_cas ON compounds(cas);
CREATE INDEX by_inchi_key ON compounds(inchi_key);
CREATE INDEX by_formula ON compounds(formula);
"""
_ALIAS = (
    "INSERT OR IGNORE INTO names SELECT ?, compound, 1, 0 FROM names WHERE key = ? "
    "ORDER BY kind, position LIMIT 1"
)
_COLUMNS = "cas, smiles, formula, common, iupac, tbl, inchi, inchi_key, synonyms"


@dataclass(frozen=True, slots=True)
class NameEntry:
    """A compound as a table has it; texts are empty where the table has none.

    Attributes:
        smiles: as the table writes it (not canonical, sometimes without stereo).
        formula: as the table writes it, nearly always Hill order.
        name: the table's common name. iupac: its systematic name.
        source: the table and row, for the evidence.
        match: how the name that was looked up relates to the compound.
        position: where the name stands in the table's list; 0 is its foremost name.
        synonyms: how many names the table gives it: a measure of how well known it is.
    """

    cas: str
    smiles: str
    formula: str
    name: str
    iupac: str
    source: str
    inchi: str = ""
    inchi_key: str = ""
    match: Match = "primary"
    position: int = 0
    synonyms: int = 0


class NameIndex:
    """Names → compounds, read-only; one connection, usable from any thread."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self.path = path

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        build: bool = True,
        notify: Callable[[str], None] | None = None,
    ) -> NameIndex:
        """Open the index, building it first if it is missing or damaged.

        Args:
            path: the file (default: ``default_path()``).
            build: raise instead of building when False.
            notify: told in a sentence before a build starts (it takes seconds).

        Raises:
            ConfigurationError: ``chemicals`` is not installed.
            StorageError: the file is missing and ``build`` is False, or cannot be written.
        """
        path = path or default_path()
        index = cls._opened(path)
        if index is None:
            if not build:
                raise StorageError(
                    f"the index of compound names {path} is missing or damaged.",
                    "Build it: python -m labhand.tools.molecules.name_index",
                )
            if notify:
                notify("Building the index of compound names, once (a few seconds).")
            build_index(path)
            index = cls._opened(path)
        if index is None:
            raise StorageError(f"{path} was built but cannot be read.", "Check the disk.")
        return index

    @classmethod
    def _opened(cls, path: Path) -> NameIndex | None:
        if not path.is_file():
            return None
        connection = None
        try:
            uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            # The last page is touched too, so that a truncated file shows itself here.
            connection.execute("SELECT * FROM compounds ORDER BY id DESC LIMIT 1").fetchone()
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            size = connection.execute("PRAGMA page_size").fetchone()[0]
            if version == SCHEMA and pages * size == path.stat().st_size:
                return cls(connection, path)
        except (sqlite3.DatabaseError, OSError):
            pass
        if connection is not None:
            connection.close()
        return None

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def lookup(self, name: str) -> list[NameEntry]:
        """Every compound that a table calls by this name, the likeliest first.

        Case, spaces, hyphens, Greek letters and typographic signs do not matter. A name that
        is a compound's own (common or systematic) comes before one among its synonyms; a
        formula typed in the wrong case (``co2``) comes last, with ``match="formula"``. Among
        equals, what is no salt, and then what leaves its stereo open, comes first.
        """
        rows = self._rows(
            f"SELECT {_COLUMNS}, kind, position FROM names JOIN compounds ON id = compound "
            "WHERE key = ? "
            "ORDER BY kind, instr(smiles, '.') > 0, min(position, 4), instr(smiles, '@') > 0, "
            "tbl, position",
            (normalise(name),),
        )
        return [_entry(row, _MATCHES[row[9]], row[10]) for row in rows]

    def contains(self, name: str) -> bool:
        """True if a table has this name."""
        return bool(self._rows("SELECT 1 FROM names WHERE key = ? LIMIT 1", (normalise(name),)))

    def by_cas(self, cas: str) -> list[NameEntry]:
        """The compounds with this CAS registry number (one, but for errors of the tables)."""
        return self._compounds("cas = ? ORDER BY tbl", (cas,))

    def by_formula(self, formula: str, limit: int = 20) -> list[NameEntry]:
        """Compounds of this Hill formula (case matters), the best-known first."""
        where = "formula = ? ORDER BY tbl = 6, synonyms DESC LIMIT ?"
        return self._compounds(where, (formula, limit))

    def count_formula(self, formula: str) -> int:
        """How many compounds the tables have with this Hill formula."""
        rows = self._rows("SELECT count(*) FROM compounds WHERE formula = ?", (formula,))
        return int(rows[0][0])

    def by_inchi_key(self, inchi_key: str) -> list[NameEntry]:
        """Compounds with this InChIKey; its first block alone gives every stereo form."""
        where = "inchi_key >= ? AND inchi_key < ? ORDER BY tbl, synonyms DESC"
        return self._compounds(where, (inchi_key, inchi_key + "~"))

    def near(self, name: str, n: int = 3) -> list[str]:
        """Known names spelt nearly like this one, the nearest first (0.1 s; for messages)."""
        from .name_spelling import nearest

        return nearest(self._connection, name, n)

    def _compounds(self, where: str, values: tuple[object, ...]) -> list[NameEntry]:
        return [
            _entry(r, "primary")
            for r in self._rows(f"SELECT {_COLUMNS} FROM compounds WHERE {where}", values)
        ]

    def _rows(self, query: str, values: tuple[object, ...]) -> list[tuple]:
        try:
            return self._connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise StorageError(
                f"the index of compound names {self.path} is damaged ({error}).",
                "Delete it; it is built again at the next question.",
            ) from error


def _entry(row: tuple, match: Match, position: int = 0) -> NameEntry:
    cas, smiles, formula, common, iupac, table, inchi, inchi_key, synonyms = row[:9]
    package = "" if TABLES[table][0] == SUPPLEMENT else "chemicals: "
    source = f"{package}{TABLES[table][1]}, CAS {cas}"
    return NameEntry(
        cas, smiles, formula, common, iupac, source, inchi, inchi_key, match, position, synonyms
    )


def default_path() -> Path:
    """``cache/names-<version>.sqlite``: its name holds the version of ``chemicals``."""
    try:
        version = importlib.metadata.version("chemicals")
    except importlib.metadata.PackageNotFoundError:
        raise _missing() from None
    return cache_folder() / f"names-{version}-{SCHEMA}.sqlite"


@functools.cache
def shared_index(path: Path) -> NameIndex:
    """The index at this path, opened once a process."""
    return NameIndex.open(path)


def tables_folder() -> Path:
    """Where ``chemicals`` keeps its tables of identifiers, found without importing it.

    Raises:
        ConfigurationError: the package is not installed.
    """
    spec = importlib.util.find_spec("chemicals")
    if spec is None or spec.origin is None:
        raise _missing()
    return Path(spec.origin).parent / "Identifiers"


def _missing() -> ConfigurationError:
    return ConfigurationError(
        "the package chemicals, which holds the tables of compounds, is not installed.",
        "Install it: pip install chemicals",
    )


def build_index(path: Path, tables: Path | None = None) -> Path:
    """Build the index at ``path``; atomic, and safe when two processes do it at once.

    Args:
        tables: folder of the TSV files (default: that of ``chemicals``).

    Raises:
        StorageError: the folder cannot be written, or the disk is full.
    """
    tables = tables or tables_folder()
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=path.name + ".", suffix=".tmp", dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        _write(temporary, tables)
        os.replace(temporary, path)
    except (OSError, sqlite3.Error) as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()
        raise StorageError(
            f"the index of compound names cannot be written to {path.parent} ({error}).",
            "Free some space (100 MB), or set LABHAND_HOME to a folder that can be written.",
        ) from error
    _sweep(path)
    return path


def _sweep(path: Path) -> None:
    """Remove what killed builds (after an hour) and earlier versions left beside the index."""
    for other in path.parent.glob("names-*"):
        with contextlib.suppress(OSError):
            age = time.time() - other.stat().st_mtime
            earlier = other.suffix == ".sqlite" and other != path
            if earlier or (other.suffix == ".tmp" and age > 3600):
                other.unlink()


def _write(path: Path, tables: Path) -> None:
    connection = sqlite3.connect(path)
    try:
        connection.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-131072;"
        )
        connection.executescript(_CREATE)
        for identifier, table, fields, new in _rows_of(tables):
            if new:
                connection.execute(
                    "INSERT INTO compounds VALUES (?,?,?,?,?,?,?,?,?,?)",
                    (identifier, *_compound(fields), table, len(fields) - 7),
                )
            connection.executemany(
                "INSERT OR IGNORE INTO names VALUES (?,?,?,?)", _names(identifier, fields, new)
            )
        connection.executemany(_ALIAS, _aliases())
        connection.executescript(_INDEX)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")
        connection.commit()
    finally:
        connection.close()


def _rows_of(tables: Path) -> Iterator[tuple[int, int, list[str], bool]]:
    """Every row with a structure: id of its compound, table, columns, and whether it is new.

    The most trusted table wins a CAS number; a later row gives it its names as synonyms if it
    has the same skeleton.
    """
    seen: dict[str, tuple[int, str]] = {}
    for table, (file, _) in enumerate(TABLES):
        for fields in _supplement() if file == SUPPLEMENT else _lines(tables / file):
            known = seen.get(fields[1])
            if known is None and fields[4]:
                seen[fields[1]] = (len(seen) + 1, fields[6][:14])
                yield len(seen), table, fields, True
            elif known is not None and known[1] == fields[6][:14]:
                yield known[0], table, fields, False


def _lines(path: Path) -> Iterator[list[str]]:
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.startswith("#"):
                yield line.rstrip("\n").split("\t")


def _supplement() -> Iterator[list[str]]:
    """Rows of our own table, in the columns of those of chemicals."""
    for cas, formula, smiles, *rest in _lines(Path(__file__).with_name(SUPPLEMENT)):
        yield ["-1", cas, formula, "", smiles, *rest]


def _aliases() -> Iterator[tuple[str, str]]:
    """Abbreviations of the laboratory: key of the alias, key of the name it stands for."""
    for alias, name in _lines(Path(__file__).with_name("aliases.tsv")):
        yield normalise(alias), normalise(name)


def _compound(fields: list[str]) -> tuple[str, ...]:
    _, cas, formula, _, smiles, inchi, key, iupac, common = fields[:9]
    return cas, smiles, formula, (f"InChI=1S/{inchi}" if inchi else ""), key, iupac, common


def _names(identifier: int, fields: list[str], new: bool) -> Iterator[tuple[str, int, int, int]]:
    """The names of a row: key, compound, kind (index into _MATCHES), position."""
    formula, smiles = fields[2].lower(), fields[4].lower()
    primary = {normalise(fields[7]), normalise(fields[8])} if new else set()
    for position, name in enumerate(fields[7:], start=0 if new else _MERGED_POSITION):
        key = normalise(name)
        if key == formula and len(key) < 12:
            kind = 2
        elif not key or key == smiles or (name[:1].isdigit() and CAS.fullmatch(name)):
            continue  # SMILES and CAS numbers are found by other ways
        else:
            kind = 0 if key in primary else 1
        yield key, identifier, kind, min(position, _LAST_POSITION)


if __name__ == "__main__":
    opened = NameIndex.open(notify=lambda text: print(text, file=sys.stderr))
    print(opened.path)
