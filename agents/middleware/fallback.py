"""Fallback: when a model is not available the next one answers, and it is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ...tools.contract.errors import LabhandError, MissingExtraError, PersonMustAct
from ..context import TurnContext
from ..events import Notice
from .base import Middleware, ModelHandler, ModelRequest, ModelResponse

MakeModel = Callable[[str], Any]


class Fallback(Middleware):
    """Tries the models that were named, in order; never silently.

    It stands outside of masking, so that a model that reads masked text can stand in
    for one that does not. For the rest of the session the model that answered stays.

    Args:
        names: the models to try after the session's own.
        make: name → chat model.
    """

    def __init__(self, names: Sequence[str], make: MakeModel) -> None:
        super().__init__()
        self._names = list(names)
        self._make = make
        self._standing_in: tuple[str, Any] | None = None

    def wrap_model_call(
        self,
        request: ModelRequest,
        handler: ModelHandler,
    ) -> ModelResponse:
        """Call the model, or whichever stands in for it."""
        context = request.runtime.context
        if self._standing_in is not None:
            context.model_name, model = self._standing_in
            request = request.override(model=model)
        while True:
            try:
                return handler(request)
            except PersonMustAct as error:
                if error.data.get("streamed") and context.blocks.passed:
                    raise  # half an answer was read already: no second one in its place
                request = request.override(model=self._next(context, error))

    def _next(self, context: TurnContext, error: LabhandError) -> Any:
        while self._names:
            name = self._names.pop(0)
            context.emit(Notice("fallback", f"{error.message} Going on with {name}."))
            try:
                model = self._make(name)
            except (PersonMustAct, MissingExtraError) as failure:
                error = failure
                continue
            self._standing_in = (name, model)
            context.model_name = name
            return model
        raise error
