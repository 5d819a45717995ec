"""Loop detection: the same call with the same result, again and again, means stuck."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from typing import Any

from langchain_core.messages import ToolMessage

from ..budget import LoopStopped
from ..events import Notice
from .base import Middleware, ToolCallRequest, ToolHandler, turn_of

WINDOW = 10
WARN_AT = 3
STOP_AT = 5


class Loops(Middleware):
    """Warns the model at the third identical call of the last ten, stops at the fifth."""

    def __init__(self) -> None:
        super().__init__()
        self._recent: deque[str] = deque(maxlen=WINDOW)
        self._turn = 0

    def wrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> Any:
        """Run the call and count how often the same one gave the same."""
        context = turn_of(request)
        if self._turn != context.turn:
            self._turn = context.turn
            self._recent.clear()
        message = handler(request)
        if not isinstance(message, ToolMessage):
            return message
        key = _fingerprint(request.tool_call, message)
        self._recent.append(key)
        times = self._recent.count(key)
        name = request.tool_call["name"]
        if times >= STOP_AT:
            raise LoopStopped(name, times)
        if times >= WARN_AT:
            context.emit(Notice("loop", f"{name} was called {times} times with the same result"))
            message.content = (
                f"{message.text}\nYou have called {name} {times} times with the same result. "
                "Use it, try something else, or answer with what you have."
            )
        return message


def _fingerprint(call: Any, message: ToolMessage) -> str:
    # The observation's id differs every time; its content decides.
    record = (message.artifact or {}).get("observation") or {}
    result = record.get("quantities") or message.text
    text = json.dumps([call["name"], call["args"], result], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
