"""What a command needs to open sessions: settings, and workers that stay warm between them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .settings import Loaded, Settings, load

if TYPE_CHECKING:
    from ..agents.context import Approver
    from ..agents.session import Session
    from ..tools.contract import ToolRegistry
    from ..tools.execution.pool import WorkerPool


def prepare(flags: Mapping[str, Any] | None = None) -> Loaded:
    """Read the settings and make them hold for this process and its workers."""
    loaded = load(flags)
    apply(loaded.settings)
    return loaded


def apply(settings: Settings) -> None:
    """Put home and keys where all parts look for them: into the environment."""
    from ..local_models.names import PROVIDERS

    os.environ["LABHAND_HOME"] = str(settings.home)
    for provider, key in settings.keys.items():
        variable = PROVIDERS.get(provider, ("", f"{provider.upper()}_API_KEY"))[1]
        # A variable that the person has set for all programs is older than our file.
        os.environ.setdefault(variable, key.get_secret_value())


class Workbench:
    """Opens sessions with the same tools, cache and warm workers.

    Args:
        loaded: the settings.
    """

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.settings = loaded.settings
        self._pool: WorkerPool | None = None
        self._registry: ToolRegistry | None = None

    @property
    def registry(self) -> ToolRegistry:
        """The installed tools."""
        if self._registry is None:
            from ..tools.contract import ToolRegistry

            self._registry = ToolRegistry()
        return self._registry

    def session(
        self,
        *,
        model: str | None = None,
        resume: str | None = None,
        approve: Approver | None = None,
    ) -> Session:
        """A new session, or one to go on with (with its own model unless a flag names one).

        Raises:
            LabhandError: it cannot be opened.
        """
        from ..agents.session import Session
        from ..local_models.settings import ModelSettings

        settings, origins = self.settings, self.loaded.origins
        keep = resume is not None
        chosen = settings.model if not keep or origins["model"] == "flag" else None
        strategy = settings.strategy if not keep or origins["strategy"] == "flag" else None
        return Session(
            model or chosen,
            strategy=strategy,
            home=settings.home,
            resume=resume,
            budget=settings.budget.budget(),
            approve=approve,
            registry=self.registry,
            fallback=settings.fallback,
            model_settings=ModelSettings(**settings.options.model_dump()),
            pool=self._workers(),
        )

    def _workers(self) -> WorkerPool:
        if self._pool is None:
            from ..agents.assembly import WARM_MODULES
            from ..tools.execution.pool import WorkerPool

            self._pool = WorkerPool(self.settings.workers)
            # At once, so that they start while the model and its libraries are loaded.
            self._pool.prestart(WARM_MODULES)
        return self._pool

    def close(self) -> None:
        """Stop the workers."""
        if self._pool is not None:
            self._pool.close()

    def __enter__(self) -> Workbench:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
