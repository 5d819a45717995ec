"""How a session is put together: model, tools, workers, masker, strategy, loop.

The workers start before LangChain is imported, so that both take their second at the
same time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from ..prompts.loader import load_strategy
from ..prompts.strategy import Strategy
from ..tools.contract import LabhandError, Observation, ToolRegistry
from ..tools.contract.errors import ConfigurationError, MissingExtraError, PersonMustAct
from ..tools.contract.home import cache_folder
from ..tools.execution.types import ToolExecutor
from .budget import Meter
from .outcome import Outcome
from .reply import Reply
from .store import SessionStore

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ..local_models.settings import ModelSettings
    from ..tools.execution.pool import WorkerPool
    from .masker import Masker
    from .toolbox import Embedder, Shortlist
    from .turn import Loop

#: What a worker imports before it is first needed.
WARM_MODULES = ("rdkit.Chem.Descriptors",)

Notify = Callable[[str, str], None]
MakeExecutor = Callable[[SessionStore, ToolRegistry], ToolExecutor]


class Assembly:
    """The parts of a session; the costly ones are made when they are first needed."""

    def __init__(
        self,
        store: SessionStore,
        registry: ToolRegistry,
        model: str | BaseChatModel,
        strategy: str,
        *,
        fallback: Sequence[str],
        executor: MakeExecutor | None,
        pool: WorkerPool | None,
        notify: Notify,
        model_settings: ModelSettings | None = None,
    ) -> None:
        self._store = store
        self._registry = registry
        self._fallback = list(fallback)
        self._notify = notify
        self._model_settings = model_settings
        self._masker: Masker | None = None
        self._loop: Loop | None = None
        self._shortlist: Shortlist | None = None
        self.strategy: Strategy = load_strategy(strategy)
        self._closing = ExitStack()
        self.executor = (executor or _workers(pool, self._closing))(store, registry)
        self._closing.callback(self.executor.close)
        try:
            self.model_name, self._model = self._first_available(model)
        except BaseException:
            self.close()
            raise

    # --- the model ------------------------------------------------------------------

    def _first_available(self, model: str | BaseChatModel) -> tuple[str, BaseChatModel]:
        while True:
            try:
                return self._made(model)
            except (PersonMustAct, MissingExtraError):
                if not self._fallback:
                    raise
                model = self._fallback.pop(0)

    def _made(self, model: str | BaseChatModel) -> tuple[str, BaseChatModel]:
        if not isinstance(model, str):
            return _name_of(model), model
        from ..local_models.factory import make_model

        settings = self._model_settings
        return model, make_model(model, settings=settings, registry=self._registry)

    def use_model(self, model: str | BaseChatModel) -> None:
        """Switch; the old model stays if the new one cannot be made."""
        self.model_name, self._model = self._made(model)
        self._loop = None

    def price(self, input_tokens: int, output_tokens: int) -> float | None:
        """US dollars for so many tokens of the model; ``None`` where no price is known."""
        if not input_tokens and not output_tokens:
            return None
        from ..local_models.prices import cost_usd

        try:
            return cost_usd(self.model_name, input_tokens, output_tokens)
        except ConfigurationError:  # a model object that was handed in has no name of ours
            return None

    # --- the loop -------------------------------------------------------------------

    def loop(self) -> Loop:
        """The compiled loop over the model in use."""
        if self._loop is None:
            from .toolbox import langchain_tools
            from .turn import Loop

            self._loop = Loop(
                self._model,
                langchain_tools(self._registry, self.executor),
                masker=self.masker,
                choose=self._choose,
                system_prompt=self._system_prompt,
                fallback=self._fallback,
                make_model=lambda name: self._made(name)[1],
            )
        return self._loop

    def masker(self) -> Masker:
        """The session's entity table; opens the index of compound names on first use."""
        if self._masker is None:
            from ..tools.molecules.name_index import NameIndex
            from .entities import Recogniser
            from .masker import Masker

            names = NameIndex.open(notify=lambda text: self._notify("index", text))
            self._masker = Masker(Recogniser(names))
        return self._masker

    def take_notice(self) -> str | None:
        """What the executor has to say once: a damaged cache, for example."""
        take = getattr(self.executor, "take_notice", None)
        return take() if take else None

    def forget(self) -> None:
        """The conversation was cut: placeholders are numbered anew."""
        self._masker = None

    def _choose(self, question: str) -> list[str]:
        """The tools to offer a language model; by meaning too, where MiniLM is installed."""
        from .toolbox import Shortlist

        if self._shortlist is None:
            self._shortlist = Shortlist(self._registry, embedder=_embedder())
        try:
            return self._shortlist.choose(question)
        except LabhandError as error:
            self._notify("embedder", f"{error.message} Tools are chosen by their words alone.")
            self._shortlist = Shortlist(self._registry)
            return self._shortlist.choose(question)

    def _system_prompt(self, names: list[str]) -> str:
        from ..prompts.render import examples_for, system_prompt

        tools = [self._registry[n] for n in names]
        examples = examples_for(self.strategy, self._registry)
        return system_prompt(self.strategy, tools=tools, examples=examples)

    # --- the reply ------------------------------------------------------------------

    def reply(
        self,
        question: str,
        outcome: Outcome,
        meter: Meter,
        observations: list[Observation],
        **rest: Any,
    ) -> Reply:
        """The reply of a turn."""
        judgement = outcome.judgement
        return Reply(
            question=question,
            status=outcome.status,
            answer=judgement.text,
            quantities=list(judgement.quantities),
            claims=judgement.to_claims(),
            observations=observations,
            reason=outcome.reason,
            strategy=self.strategy.name,
            session=self._store.id,
            usage=meter.usage(),
            seconds=round(meter.seconds(), 3),
            **rest,
        )

    def close(self) -> None:
        """Stop the workers and close the cache."""
        self._closing.close()


def _name_of(model: BaseChatModel) -> str:
    name = getattr(model, "model_name", None) or getattr(model, "model", None)
    return str(name or model._llm_type)


def _embedder() -> Embedder | None:
    from ..rag.embedding import MiniLMEmbedder, available

    return MiniLMEmbedder().embed if available() else None


def _workers(pool: WorkerPool | None, closing: ExitStack) -> MakeExecutor:
    """Warm worker processes: the shared pool, or one of the session's own, started at once."""

    def make(store: SessionStore, registry: ToolRegistry) -> ToolExecutor:
        from ..tools.execution.executor import LocalExecutor
        from ..tools.ledger.cache import ToolCache

        cache = ToolCache(cache_folder() / "tools.sqlite")
        closing.callback(cache.close)
        executor = LocalExecutor(registry, store.ledger, store.files, cache=cache, pool=pool)
        if pool is None:
            executor.prestart(WARM_MODULES)
        return executor

    return make
