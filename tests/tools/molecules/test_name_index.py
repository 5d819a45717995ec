"""Names, numbers and formulas are found on disk, quickly and without heavy imports."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labhand.tools.contract.errors import StorageError
from labhand.tools.molecules.name_index import TABLES, NameIndex, build_index
from labhand.tools.molecules.name_keys import cas_is_valid, normalise
from labhand.tools.molecules.name_spelling import edit_distance


@pytest.fixture
def few_tables(tmp_path: Path) -> Path:
    """Tables of the right form with two compounds."""
    folder = tmp_path / "tables"
    folder.mkdir()
    for file, _ in TABLES[1:]:
        (folder / file).write_text("", "utf-8")
    rows = [
        "1\t64-17-5\tC2H6O\t46.07\tCCO\tC2H6O/c1-2-3/h3H,2H2,1H3\tLFQSCWFLJHTTHZ-UHFFFAOYSA-N"
        "\tethanol\tethanol\tspirit of wine\tcco\t64-17-5",
        "2\t67-56-1\tCH4O\t32.04\tCO\tCH4O/c1-2/h2H,1H3\tOKKJLVBELUTLKV-UHFFFAOYSA-N"
        "\tmethanol\tmethanol\tco",
    ]
    (folder / TABLES[-1][0]).write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def test_spelling_does_not_matter(names: NameIndex) -> None:
    for spelling in ("β-carotene", "Beta Carotene", ".beta.-CAROTENE", "beta‑carotene"):
        assert names.lookup(spelling)[0].cas == "7235-40-7", spelling
    for spelling in ("Sulphuric acid", "sulfuric  acid", "SULFURIC ACID"):
        assert names.lookup(spelling)[0].formula == "H2O4S"


def test_rotation_and_charge_matter() -> None:
    assert normalise("(+)-menthol") != normalise("(-)-menthol") != normalise("menthol")
    assert normalise("D-alanine") != normalise("L-alanine")
    assert normalise("chloride(1-)") != normalise("chloride(1+)")
    assert normalise("1,2-dichloroethane") != normalise("1,1-dichloroethane")


@given(st.text(max_size=60))
def test_any_text_has_a_stable_key(text: str) -> None:
    key = normalise(text)
    assert " " not in key
    assert normalise(text.upper().lower()) == normalise(text.lower())


def test_lookup_is_quick_and_says_its_source(names: NameIndex) -> None:
    names.lookup("caffeine")
    start = time.perf_counter()
    for _ in range(100):
        found = names.lookup("caffeine")
    assert (time.perf_counter() - start) / 100 < 0.001
    assert found[0].source.startswith("chemicals: PubChem table")
    assert found[0].source.endswith("CAS 58-08-2")


def test_known_ways_in(names: NameIndex) -> None:
    assert names.by_cas("58-08-2")[0].name == "caffeine"
    assert [e.name for e in names.by_formula("CO", 3)] == ["carbon monoxide"]
    assert names.count_formula("C6H12O6") > 20
    forms = {e.cas for e in names.by_inchi_key("QNAYBMKLOCPYGJ")}
    assert {"56-41-7", "338-69-2", "302-72-7"} <= forms
    assert names.contains("aspirin")
    assert not names.contains("unobtainium oxide")


def test_abbreviations_and_drugs_of_the_supplement(names: NameIndex) -> None:
    assert names.lookup("THF")[0].cas == "109-99-9"
    assert names.lookup("atorvastatin")[0].inchi_key == "XUKUURHRXDUEBC-KAYWLYCHSA-N"
    assert names.lookup("sucrose")[0].inchi_key == "CZMRCDWAGMRECN-UGDNZRGBSA-N"
    assert names.lookup("geraniol")[0].cas != names.lookup("nerol")[0].cas


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("asprin", "aspirin"),
        ("benzaldehide", "benzaldehyde"),
        ("cholestrol", "cholesterol"),
        ("ibuprofin", "ibuprofen"),
    ],
)
def test_near_names(names: NameIndex, typed: str, meant: str) -> None:
    assert names.near(typed)[0] == meant


def test_smiles_and_cas_among_synonyms_are_no_names(few_tables: Path, tmp_path: Path) -> None:
    index = NameIndex.open(build_index(tmp_path / "few.sqlite", few_tables))
    assert index.lookup("spirit of wine")[0].match == "synonym"
    assert not index.contains("cco")
    assert not index.contains("co")  # methanol's SMILES, but carbon monoxide's formula
    assert not index.contains("64-17-5")


def test_a_missing_index_says_how_to_build_it(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="name_index"):
        NameIndex.open(tmp_path / "none.sqlite", build=False)


@pytest.mark.parametrize("content", [b"", b"not a database at all" * 300])
def test_a_damaged_index_is_noticed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.sqlite"
    path.write_bytes(content)
    with pytest.raises(StorageError):
        NameIndex.open(path, build=False)


def test_a_truncated_index_is_noticed(few_tables: Path, tmp_path: Path) -> None:
    path = build_index(tmp_path / "cut.sqlite", few_tables)
    path.write_bytes(path.read_bytes()[:-4096])
    with pytest.raises(StorageError):
        NameIndex.open(path, build=False)


def test_a_folder_that_cannot_be_made(few_tables: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        build_index(tmp_path / "file" / "names.sqlite", few_tables)


def test_two_processes_may_build_at_once(few_tables: Path, tmp_path: Path) -> None:
    path = tmp_path / "both.sqlite"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=build_index, args=(path, few_tables)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [w.exitcode for w in workers] == [0, 0]
    assert NameIndex.open(path, build=False).lookup("ethanol")
    assert [p.name for p in tmp_path.glob("both*")] == ["both.sqlite"]


def test_the_main_process_stays_light(names: NameIndex) -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from labhand.tools.molecules.name_index import NameIndex;"
        f"NameIndex.open(Path({str(names.path)!r})).lookup('caffeine');"
        "heavy = {'rdkit', 'chemicals', 'pandas', 'numpy'} & set(sys.modules); assert not heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize("cas", ["58-08-2", "7732-18-5", "64-17-5", "134523-00-5"])
def test_check_digits(cas: str) -> None:
    assert cas_is_valid(cas)
    wrong = cas[:-1] + str((int(cas[-1]) + 1) % 10)
    assert not cas_is_valid(wrong)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_edit_distance_is_symmetric(a: str, b: str) -> None:
    assert edit_distance(a, b, 6) == edit_distance(b, a, 6)
    assert (edit_distance(a, b, 6) == 0) == (a == b)


def test_a_build_removes_earlier_versions_and_old_remains(tmp_path):
    from labhand.tools.molecules.name_index import _sweep

    path = tmp_path / "names-2.sqlite"
    earlier, remains, running = (
        tmp_path / "names-1.sqlite",
        tmp_path / "names-1.sqlite.abc.tmp",
        tmp_path / "names-2.sqlite.def.tmp",
    )
    for file in (path, earlier, remains, running):
        file.write_text("x")
    os.utime(remains, (1, 1))
    _sweep(path)
    assert (path.exists(), earlier.exists(), remains.exists(), running.exists()) == (
        True,
        False,
        False,
        True,
    )
