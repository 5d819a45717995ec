"""The embedded model: what answers when no language model is configured."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .model import EmbeddedPlanner
    from .planner import Planner

__all__ = ["EmbeddedPlanner", "Planner"]


def __getattr__(name: str) -> Any:
    """Loaded on first use: ``model`` imports LangChain."""
    if name == "EmbeddedPlanner":
        from .model import EmbeddedPlanner

        return EmbeddedPlanner
    if name == "Planner":
        from .planner import Planner

        return Planner
    raise AttributeError(name)
