"""SQLite files: migrations in order, threads, and every bad state in one sentence."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from labhand.tools.contract.errors import ProgrammerMustFix, StorageError
from labhand.tools.ledger import Database, open_database


def _table(name: str):
    def migration(connection: sqlite3.Connection) -> None:
        connection.execute(f"CREATE TABLE {name} (value INTEGER PRIMARY KEY, text TEXT)")

    return migration


def _versions(path: Path) -> dict[str, int]:
    with sqlite3.connect(path) as connection:
        return dict(connection.execute("SELECT component, version FROM schema_versions"))


def test_each_component_keeps_its_own_version(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "folder" / "s.sqlite"
    first = open_database(path, "ledger", [_table("a")])
    second = open_database(path, "events", [_table("b"), _table("c")])
    assert _versions(path) == {"ledger": 1, "events": 2}
    first.close()
    second.close()


def test_only_the_missing_migrations_run(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    open_database(path, "x", [_table("a")]).close()
    with open_database(path, "x", [_table("a"), _table("b")]) as database:
        assert database.query("SELECT * FROM b") == []
    open_database(path, "x", [_table("a"), _table("b")]).close()


def test_a_migration_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"

    def broken(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE half (x)")
        connection.execute("nonsense")

    with pytest.raises(StorageError):
        open_database(path, "x", [_table("a"), broken])
    with open_database(path, "x", [_table("a")]) as database:
        assert database.query("SELECT name FROM sqlite_schema WHERE name = 'half'") == []


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    open_database(path, "x", [_table("a"), _table("b")]).close()
    with pytest.raises(StorageError, match=r"newer version.*Upgrade"):
        open_database(path, "x", [_table("a")])


def test_read_only_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with pytest.raises(StorageError, match="cannot be opened"):
        open_database(path, "x", [_table("a")], read_only=True)
    assert not path.exists()
    open_database(path, "x", [_table("a")]).close()
    with open_database(path, "x", [_table("a")], read_only=True) as database:
        with pytest.raises(StorageError, match="cannot be written"):
            database.query("INSERT INTO a VALUES (1, 'x')")
        with pytest.raises(StorageError, match="older version"):
            open_database(path, "x", [_table("a"), _table("b")], read_only=True)


def test_a_transaction_is_whole_or_not_at_all(tmp_path: Path) -> None:
    def write_twice(database: Database) -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO a VALUES (1, 'x')")
            connection.execute("INSERT INTO a VALUES (1, 'x')")

    def give_up(database: Database) -> None:
        with database.transaction() as connection:
            connection.execute("INSERT INTO a VALUES (1, 'x')")
            raise ZeroDivisionError

    with open_database(tmp_path / "s.sqlite", "x", [_table("a")]) as database:
        with pytest.raises(ZeroDivisionError):
            give_up(database)
        with pytest.raises(ProgrammerMustFix, match="UNIQUE"):
            write_twice(database)
        assert database.query("SELECT * FROM a") == []


def test_threads_share_one_connection(tmp_path: Path) -> None:
    with open_database(tmp_path / "s.sqlite", "x", [_table("a")]) as database:

        def write(start: int) -> None:
            for value in range(start, start + 50):
                with database.transaction() as connection:
                    connection.execute("INSERT INTO a VALUES (?, 'x')", (value,))

        threads = [threading.Thread(target=write, args=(i * 50,)) for i in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert database.query("SELECT count(*) FROM a") == [(200,)]


def test_text_in_place_of_a_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.sqlite"
    path.write_text("dear diary, " * 200)
    with pytest.raises(StorageError, match="not an SQLite database") as caught:
        open_database(path, "x", [_table("a")])
    assert str(path) in caught.value.message
    assert caught.value.remedy
    assert path.read_text().startswith("dear diary")


def test_a_truncated_file(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with open_database(path, "x", [_table("a")]) as database, database.transaction() as connection:
        rows = [(i, "text " * 100) for i in range(500)]
        connection.executemany("INSERT INTO a VALUES (?, ?)", rows)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(StorageError, match=r"damaged") as caught:
        open_database(path, "x", [_table("a")])
    assert str(path) in caught.value.message


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="Check the path"):
        open_database(tmp_path / "file" / "s.sqlite", "x", [_table("a")])


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be opened"):
        open_database(tmp_path, "x", [_table("a")])


def test_a_locked_file_is_waited_for_then_reported(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with open_database(path, "x", [_table("a")], busy_seconds=0.05) as database:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageError, match="locked by another program"):
            database.query("INSERT INTO a VALUES (1, 'x')")
        other.execute("COMMIT")
        other.close()
        database.query("INSERT INTO a VALUES (1, 'x')")
        assert database.query("SELECT * FROM a") == [(1, "x")]


def test_a_file_that_is_locked_while_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE z (x)")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StorageError, match="locked"):
        open_database(path, "x", [_table("a")], busy_seconds=0.05)
    other.close()


def test_a_full_disk_keeps_what_was_committed(tmp_path: Path) -> None:
    """RLIMIT_FSIZE makes every write beyond 200 kB fail as a full disk does."""
    path = tmp_path / "s.sqlite"
    program = f"""
        import resource
        from pathlib import Path
        from labhand.tools.contract.errors import StorageError
        from labhand.tools.ledger import Database, open_database
        table = lambda c: c.execute("CREATE TABLE a (x TEXT)")
        database = open_database(Path({str(path)!r}), "x", [table])
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
        written = 0
        try:
            while True:
                with database.transaction() as connection:
                    connection.execute("INSERT INTO a VALUES (?)", ("x" * 5000,))
                written += 1
        except StorageError as error:
            print(written)
            print(error)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    written, sentence = done.stdout.strip().split("\n")
    assert "disk" in sentence
    assert str(path) in sentence
    with sqlite3.connect(path) as connection:
        (count,) = connection.execute("SELECT count(*) FROM a").fetchone()
    assert count == int(written) > 0
