"""The session: a conversation with its log, its ledger and its files in one folder."""

from __future__ import annotations

import queue
import threading
import traceback
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from ..tools.contract import LabhandError, Observation, ToolRegistry
from ..tools.contract.errors import StorageError, UsageError
from ..tools.execution.types import CancelToken, ToolExecutor
from .attachments import read_attachment
from .budget import Budget, Meter
from .context import Approver, TurnContext
from .events import Event, ModelFinished, Notice, Token, ToolFinished, TurnFinished, TurnStarted
from .outcome import Outcome, failed, unmade_reply
from .projection import project, recent
from .question import checked_question
from .reply import Reply, Usage
from .store import SessionStore
from .wellformed import well_formed

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from ..local_models.settings import ModelSettings
    from ..tools.execution.pool import WorkerPool
    from ..tools.ledger.store import Ledger
    from .assembly import Assembly

DEFAULT_MODEL = "embedded"
DEFAULT_STRATEGY = "zero_shot"
MAXIMUM_HISTORY_TURNS = 12


class Session:
    """A conversation.

    >>> from labhand import Session
    >>> with Session() as session:                                        # doctest: +SKIP
    ...     reply = session.ask("molar mass of caffeine")
    >>> reply.quantities[0].value, reply.quantities[0].unit               # doctest: +SKIP
    (194.194, 'g/mol')

    Args:
        model: a name (``embedded``, ``openai:NAME``, ``server:URL``, …) or any LangChain
            chat model.
        strategy: a prompting strategy by name.
        home: where state lives; by default ``LABHAND_HOME`` or the platform's data folder.
        resume: identifier of a session to go on with.
        budget: limits of each turn.
        approve: called when a step needs a person's yes; without it, none is given.
        registry: the tools; by default all that are installed.
        fallback: names of models to try, in order, when the first is unavailable.
        executor: how tools are run; by default warm worker processes.
        pool: worker processes to share with other sessions; the default executor starts
            its own.
        model_settings: temperature, limits, address and key of the model.

    Raises:
        ConfigurationError, MissingKeyError, ModelUnavailableError: the model cannot be made.
        NoSuchSessionError: there is nothing to resume.
        StorageError: the session's file cannot be opened, or another program has it open.
    """

    def __init__(
        self,
        model: str | BaseChatModel | None = None,
        *,
        strategy: str | None = None,
        home: Path | None = None,
        resume: str | None = None,
        budget: Budget | None = None,
        approve: Approver | None = None,
        registry: ToolRegistry | None = None,
        fallback: Sequence[str] = (),
        executor: Callable[[SessionStore, ToolRegistry], ToolExecutor] | None = None,
        pool: WorkerPool | None = None,
        model_settings: ModelSettings | None = None,
    ) -> None:
        from .assembly import Assembly

        self.budget = budget or Budget()
        self.approve = approve
        self.registry = registry or ToolRegistry()
        self.store = SessionStore.open(home, resume)
        try:
            self._assembly: Assembly = Assembly(
                self.store,
                self.registry,
                model or self.store.fact("model") or DEFAULT_MODEL,
                strategy or self.store.fact("strategy") or DEFAULT_STRATEGY,
                fallback=fallback,
                executor=executor,
                pool=pool,
                notify=self._notify,
                model_settings=model_settings,
            )
        except BaseException:
            self.store.close()
            raise
        self.store.remember(model=self.model_name, strategy=self.strategy_name)
        self._queue: queue.SimpleQueue[Event | None] = queue.SimpleQueue()
        self._cancel = CancelToken()
        self._busy = threading.Lock()
        self._turn = self.store.log.last_turn()
        self._log_lock = threading.Lock()
        self._asked = ""
        self._closed = False

    # --- what it is -----------------------------------------------------------------

    @property
    def id(self) -> str:
        """The session's identifier, by which it can be resumed."""
        return self.store.id

    @property
    def folder(self) -> Path:
        """Where its file and its artifacts are."""
        return self.store.folder

    @property
    def ledger(self) -> Ledger:
        """The evidence of this session."""
        return self.store.ledger

    @property
    def model_name(self) -> str:
        """The model in use."""
        return self._assembly.model_name

    @property
    def strategy_name(self) -> str:
        """The prompting strategy in use."""
        return self._assembly.strategy.name

    # --- asking ---------------------------------------------------------------------

    def ask(self, question: str, attach: Sequence[Path] = ()) -> Reply:
        """Ask and wait for the reply; never raises for what goes wrong with the question."""
        reply: Reply | None = None
        for event in self._stream(lambda: self._take(question, attach), tokens=False):
            if isinstance(event, TurnFinished):
                reply = Reply.model_validate(event.reply)
        assert reply is not None
        return reply

    def stream(self, question: str, attach: Sequence[Path] = ()) -> Iterator[Event]:
        """Ask and follow the turn event by event; the last one is ``TurnFinished``.

        Text comes as ``Token`` events, block by block, each one already rendered and
        grounded. Leaving the iterator early interrupts the turn.
        """
        return self._stream(lambda: self._take(question, attach), tokens=True)

    def unfinished(self) -> str | None:
        """The question of a turn that a crash or a kill cut off; ``None`` if all is finished."""
        question: str | None = None
        for _, event in self.store.conversation():
            if isinstance(event, TurnStarted):
                question = event.question
            elif isinstance(event, TurnFinished):
                question = None
        return question

    def resume_turn(self) -> Iterator[Event]:
        """Carry an unfinished turn to its end: only what was not finished runs again."""
        question = self.unfinished()
        if question is None:
            raise UsageError("There is no unfinished turn in this session.")
        return self._stream(lambda: question, tokens=True)

    def interrupt(self) -> None:
        """Stop the running turn, from any thread; it ends with what it has."""
        self._cancel.cancel()

    def call(self, tool: str, **arguments: Any) -> Observation:
        """Run one tool by hand, outside of any turn; its observation enters the evidence.

        Raises:
            LabhandError: there is no such tool, or the call failed.
        """
        return self._assembly.executor.run(tool, arguments)

    # --- the conversation -----------------------------------------------------------

    def switch_model(self, name: str | BaseChatModel) -> None:
        """Go on with another model.

        Raises:
            ConfigurationError, MissingKeyError, ModelUnavailableError: it cannot be made;
                the old one stays.
        """
        self._assembly.use_model(name)
        self.store.remember(model=self.model_name)

    def turns(self) -> list[Reply]:
        """The replies so far (of finished turns)."""
        return [
            Reply.model_validate(e.reply)
            for _, e in self.store.conversation()
            if isinstance(e, TurnFinished)
        ]

    def usage(self) -> Usage:
        """What the session has used so far."""
        return Usage.total([reply.usage for reply in self.turns()])

    def undo(self) -> str | None:
        """Take the last turn out of the conversation; its evidence stays in the ledger."""
        last: tuple[int, str] | None = None
        for number, event in self.store.conversation():
            if isinstance(event, TurnStarted):
                last = (number, event.question)
        if last is None:
            return None
        self.store.forget([last[0]])
        self._assembly.forget()
        return last[1]

    def clear(self) -> None:
        """Begin the conversation afresh; log and ledger keep everything."""
        self.store.forget(sorted({number for number, _ in self.store.conversation()}))
        self._assembly.forget()

    def close(self) -> None:
        """Stop the workers and close the file; a second call does nothing."""
        self._cancel.cancel()
        with self._busy:
            if not self._closed:
                self._closed = True
                self._assembly.close()
                self.store.close()

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # --- one turn -------------------------------------------------------------------

    def _take(self, question: str, attach: Sequence[Path]) -> str:
        """Check a question and open its turn in the log."""
        self._asked = well_formed(question.strip())
        text = checked_question(question)
        texts = [read_attachment(path) for path in attach]
        self._turn = self.store.log.last_turn() + 1
        self._emit(TurnStarted(self._turn, text, self.model_name, self.strategy_name, texts))
        return text

    def _stream(self, take: Callable[[], str], *, tokens: bool) -> Iterator[Event]:
        if not self._busy.acquire(blocking=False):
            raise UsageError(
                "This session is busy with another question.", "Wait, or interrupt it."
            )
        self._cancel = CancelToken()
        self._queue = queue.SimpleQueue()
        worker = threading.Thread(target=self._work, args=(take, tokens), name="labhand-turn")
        worker.daemon = True
        worker.start()
        try:
            while (event := self._queue.get()) is not None:
                yield event
        finally:
            if worker.is_alive() and not self._queue.empty():
                self._cancel.cancel()
            elif worker.is_alive():
                self._cancel_if_abandoned(worker)
            worker.join()
            self._busy.release()

    def _cancel_if_abandoned(self, worker: threading.Thread) -> None:
        worker.join(timeout=0.05)  # the normal end: the thread is about to return
        if worker.is_alive():
            self._cancel.cancel()

    def _work(self, take: Callable[[], str], tokens: bool) -> None:
        """The turn's thread: whatever happens, the queue ends with a reply and ``None``."""
        meter = Meter(self.budget)
        context: TurnContext | None = None
        question = ""
        try:
            question = take()
            context = self._context(question, meter, tokens)
            outcome = self._run(context)
        except LabhandError as error:
            outcome = failed(str(error), self._observations() if context else ())
        except BaseException as error:
            outcome = failed(
                f"An error inside labhand ended the turn ({type(error).__name__}: {error}). "
                "The session's log keeps the details."
            )
            self._deliver(Notice("crash", traceback.format_exc()))
        try:
            self._finish(question, outcome, meter, context)
        except BaseException as error:
            # Whoever waits for the reply must get one, whatever could not be made of this.
            known = {"model": self.model_name, "strategy": self.strategy_name, "session": self.id}
            reply = unmade_reply(outcome, error, question=self._asked[:1000], **known)
            self._queue.put(TurnFinished(reply.model_dump(mode="json")))
        finally:
            self._queue.put(None)

    def _context(self, question: str, meter: Meter, tokens: bool) -> TurnContext:
        given = [
            text
            for _, event in self.store.conversation()
            if isinstance(event, TurnStarted)
            for text in (event.question, *event.attachments)
        ]
        return TurnContext(
            turn=self._turn,
            question=question,
            model_name=self.model_name,
            emit=self._emit,
            meter=meter,
            cancel=self._cancel,
            registry=self.registry,
            executor=self._assembly.executor,
            given=tuple(given),
            observations=self.store.ledger.all,
            approve=self.approve,
            price=self._assembly.price,
            stream=tokens,
            used_ids={
                str(call["id"])
                for event in self.store.log.events(self._turn)
                if isinstance(event, ModelFinished)
                for call in event.message["tool_calls"]
            },
        )

    def _run(self, context: TurnContext) -> Outcome:
        events = (event for _, event in self.store.conversation())
        messages = project(events, self.store.ledger.get, close=False)
        return self._assembly.loop().run(recent(messages, MAXIMUM_HISTORY_TURNS), context)

    def _finish(
        self, question: str, outcome: Outcome, meter: Meter, context: TurnContext | None
    ) -> None:
        notice = self._assembly.take_notice()
        if notice:
            self._deliver(Notice("cache", notice))
        reply = self._assembly.reply(
            question or self._asked[:1000],
            outcome,
            meter,
            self._observations(outcome.judgement.cited),
            model=context.model_name if context else self.model_name,
        )
        if context is not None and context.stream and reply.answer:
            rest = context.blocks.rest(reply.answer)
            if rest is None:
                self._deliver(Notice("revised", "The answer was revised."))
                rest = reply.answer
            if rest:
                self._deliver(Token(rest))
        self._deliver(TurnFinished(reply.model_dump(mode="json")))

    def _observations(self, cited: Sequence[str] = ()) -> list[Observation]:
        """What this turn ran, and whatever else the answer refers to."""
        try:
            events = self.store.log.events(self._turn)
            ids = [e.observation for e in events if isinstance(e, ToolFinished)]
            wanted = {*ids, *cited}
            return [o for o in self.store.ledger.all() if o.id in wanted]
        except StorageError:
            return []

    def _emit(self, event: Event) -> None:
        with self._log_lock:
            self.store.log.append(self._turn, event)
        self._queue.put(event)

    def _deliver(self, event: Event) -> None:
        """Emit even when the log cannot be written any more (a full disk)."""
        try:
            self._emit(event)
        except StorageError:
            self._queue.put(event)

    def _notify(self, kind: str, text: str) -> None:
        """Something outside a turn's own flow: a fallback model, an index being built."""
        if self._busy.locked():
            self._deliver(Notice(kind, text))
