"""The evidence ledger of a session, the cache of pure tools, and the SQLite files under both."""

from __future__ import annotations

from .cache import CachedFinding, ToolCache, cache_key
from .database import Database, open_database
from .store import Damage, Ledger

__all__ = [
    "CachedFinding",
    "Damage",
    "Database",
    "Ledger",
    "ToolCache",
    "cache_key",
    "open_database",
]
