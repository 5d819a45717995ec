"""An answer mended in a helper does not live on in the cache."""

from __future__ import annotations

from pathlib import Path

from labhand.tools.contract.properties import TOOLS_FOLDER
from labhand.tools.execution.engines import _house_digest, source_digest


def test_a_change_in_any_helper_or_table_changes_the_digest(tmp_path: Path) -> None:
    helper = tmp_path / "molecules" / "_helper.py"
    helper.parent.mkdir()
    seen = set()
    for content in ("a", "b"):
        helper.write_text(content)
        _house_digest.cache_clear()
        seen.add(_house_digest(tmp_path))
    (tmp_path / "molecules" / "names.tsv").write_text("x")
    _house_digest.cache_clear()
    seen.add(_house_digest(tmp_path))
    _house_digest.cache_clear()
    assert len(seen) == 3


def test_tools_of_the_house_share_one_digest_and_others_have_their_own(tmp_path: Path) -> None:
    house = {
        source_digest(str(TOOLS_FOLDER / "molecules" / name))
        for name in ("molar_mass.py", "resolve_compound.py")
    }
    other = tmp_path / "other.py"
    other.write_text("x")
    assert len(house) == 1
    assert source_digest(str(other)) not in house
