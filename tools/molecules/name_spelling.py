"""Names spelt nearly like one that nobody knows: "did you mean …"."""

from __future__ import annotations

import sqlite3

from .name_keys import normalise

_MOST_CANDIDATES = 20_000


def nearest(connection: sqlite3.Connection, name: str, n: int) -> list[str]:
    """The ``n`` known names nearest in spelling, best-known compound first among equals.

    Candidates share the first two or the last four signs of the key and nearly its length;
    they are ranked by edit distance. Only common and early names are offered.
    """
    key = normalise(name)
    if len(key) < 4 or len(key) > 80:
        return []
    most = 1 if len(key) < 6 else 2 if len(key) < 12 else 3
    rows = connection.execute(
        "SELECT key, kind, position, common, iupac, synonyms FROM names JOIN compounds "
        "ON id = compound WHERE key >= ? AND key < ? AND kind < 2 AND position < 12 "
        "AND length(key) BETWEEN ? AND ? LIMIT ?",
        (key[:2], key[:2] + "\U0010ffff", len(key) - most, len(key) + most, _MOST_CANDIDATES),
    ).fetchall()
    best: dict[str, tuple[int, int, int]] = {}
    for candidate, kind, position, common, iupac, synonyms in rows:
        distance = edit_distance(key, candidate, most)
        if distance > most:
            continue
        shown = next((t for t in (common, iupac) if normalise(t) == candidate), candidate)
        rank = (distance, min(position, 3) + kind, -synonyms)
        best[shown] = min(rank, best.get(shown, rank))
    return sorted(best, key=lambda shown: best[shown])[:n]


def edit_distance(a: str, b: str, most: int) -> int:
    """Optimal-string-alignment distance (a swap of neighbours counts one), or ``most + 1``.

    >>> from labhand.tools.molecules.name_spelling import edit_distance
    >>> edit_distance("cafeine", "caffeine", 2), edit_distance("asprin", "asprni", 2)
    (1, 1)
    """
    if abs(len(a) - len(b)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, sign in enumerate(a, start=1):
        new = [i]
        for j, other in enumerate(b, start=1):
            cost = min(row[j] + 1, new[j - 1] + 1, row[j - 1] + (sign != other))
            if i > 1 and j > 1 and sign == b[j - 2] and a[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            new.append(cost)
        if min(new) > most:
            return most + 1
        before, row = row, new
    return row[-1]
