"""The cache of pure tools: it helps where it can and never stands in the way."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest

from labhand.tools.ledger import ToolCache, cache_key


@pytest.fixture
def cache(tmp_path: Path):
    cache = ToolCache(tmp_path / "c.sqlite", busy_seconds=0.05)
    yield cache
    cache.close()


def test_a_hit_gives_record_and_original_seconds(cache: ToolCache) -> None:
    key = cache_key("t", "1", {"a": 1})
    assert cache.get(key) is None
    cache.put(key, "t", {"summary": "é", "n": [1, 2]}, 1.5)
    found = cache.get(key)
    assert found is not None
    assert (found.record, found.seconds) == ({"summary": "é", "n": [1, 2]}, 1.5)
    assert cache.take_notice() is None


def test_the_cache_outlives_the_program(cache: ToolCache) -> None:
    cache.put("k", "t", {"x": 1}, 0.1)
    cache.close()
    assert cache.get("k") is None
    again = ToolCache(cache.path)
    assert again.get("k") is not None
    again.close()


@pytest.mark.parametrize(
    "other",
    [
        cache_key("u", "1", {"a": 1}, {"rdkit": "1"}),
        cache_key("t", "2", {"a": 1}, {"rdkit": "1"}),
        cache_key("t", "1", {"a": 2}, {"rdkit": "1"}),
        cache_key("t", "1", {"b": 1}, {"rdkit": "1"}),
        cache_key("t", "1", {"a": "1"}, {"rdkit": "1"}),
        cache_key("t", "1", {"a": 1}, {"rdkit": "2"}),
        cache_key("t", "1", {"a": 1}),
    ],
)
def test_whatever_differs_has_another_key(other: str) -> None:
    assert cache_key("t", "1", {"a": 1}, {"rdkit": "1"}) != other


def test_the_least_recently_used_go_first(tmp_path: Path) -> None:
    cache = ToolCache(tmp_path / "c.sqlite", megabytes=10_000 / 1024 / 1024)
    for name in "abcdefgh":
        cache.put(name, "t", {"x": "y" * 1000}, 0.1)
    assert cache.get("a") is not None
    cache.put("i", "t", {"x": "y" * 2000}, 0.1)
    assert cache.get("a") is not None
    assert cache.get("i") is not None
    assert cache.get("b") is None
    assert cache.get("h") is not None
    cache.put("huge", "t", {"x": "y" * 20_000}, 0.1)
    assert cache.get("huge") is None
    assert cache.get("a") is not None
    cache.close()


def test_the_cap_holds_over_many_puts(tmp_path: Path) -> None:
    cap = 50_000
    cache = ToolCache(tmp_path / "c.sqlite", megabytes=cap / 1024 / 1024)
    for number in range(300):
        cache.put(str(number), "t", {"x": "y" * 1000}, 0.1)
    cache.close()
    with sqlite3.connect(cache.path) as connection:
        (total,) = connection.execute("SELECT sum(length(record)) FROM findings").fetchone()
    assert cap * 0.8 < total <= cap


@pytest.mark.parametrize("content", [b"some text " * 500, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_file_that_is_no_cache_is_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.sqlite"
    path.write_bytes(content)
    cache = ToolCache(path)
    assert cache.get("k") is None
    cache.put("k", "t", {"x": 1}, 0.1)
    assert cache.get("k") is None
    notice = cache.take_notice()
    assert notice is not None
    assert str(path) in notice
    assert cache.take_notice() is None
    assert path.read_bytes() == content
    cache.close()


def test_a_locked_cache_is_a_miss_told_once_and_later_tried_again(tmp_path: Path) -> None:
    cache = ToolCache(tmp_path / "c.sqlite", busy_seconds=0.05, retry_seconds=0.0)
    cache.put("k", "t", {"x": 1}, 0.1)
    other = sqlite3.connect(cache.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    cache.put("l", "t", {"x": 1}, 0.1)
    cache.put("m", "t", {"x": 1}, 0.1)
    assert "locked" in (cache.take_notice() or "")
    assert cache.take_notice() is None
    other.execute("COMMIT")
    other.close()
    assert cache.get("l") is None
    cache.put("l", "t", {"x": 2}, 0.1)
    assert cache.get("l") is not None
    cache.close()


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = ToolCache(tmp_path / "file" / "c.sqlite")
    assert cache.get("k") is None
    assert cache.take_notice() is not None
    cache.close()


def test_a_forged_entry_is_a_miss(cache: ToolCache) -> None:
    cache.put("k", "t", {"x": 1}, 0.1)
    with sqlite3.connect(cache.path) as connection:
        connection.execute("""UPDATE findings SET record = '{"x":2}'""")
    assert cache.get("k") is None
    cache.put("k", "t", {"x": 1}, 0.1)
    assert cache.get("k") is not None


def test_threads_share_a_cache(cache: ToolCache) -> None:
    def work(start: int) -> None:
        for number in range(start, start + 30):
            cache.put(str(number), "t", {"n": number}, 0.1)
            found = cache.get(str(number))
            assert found is not None
            assert found.record == {"n": number}

    threads = [threading.Thread(target=work, args=(i * 20,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.take_notice() is None
    assert all(cache.get(str(n)) for n in range(90))
