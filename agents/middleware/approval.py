"""Approval: a step that is dear or changes something needs a person's yes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...tools.contract import ToolSpec, Touch
from ...tools.contract.errors import ApprovalDeniedError
from ..context import TurnContext
from ..events import ApprovalNeeded
from .base import Middleware, ToolCallRequest, ToolHandler, turn_of


class Approval(Middleware):
    """Asks before such a call; where there is nobody to ask, the step is not taken."""

    def wrap_tool_call(self, request: ToolCallRequest, handler: ToolHandler) -> Any:
        """Ask if the tool needs it; raise ``ApprovalDeniedError`` without a yes."""
        context = turn_of(request)
        call = request.tool_call
        spec = context.registry[call["name"]]
        reason = self.reason(spec, context)
        if reason is None:
            return handler(request)
        question = ApprovalNeeded(str(call["id"]), spec.name, dict(call["args"]), reason)
        context.emit(question)
        granted = bool(context.approve and context.approve(question))
        context.emit(replace(question, granted=granted))
        if not granted:
            raise ApprovalDeniedError(
                f"{spec.name} was not run, because it {reason} and nobody agreed to it.",
                "Go on without it, and say that this step was not taken.",
            )
        return handler(request)

    @staticmethod
    def reason(spec: ToolSpec, context: TurnContext) -> str | None:
        """Why this call needs a yes; ``None`` if it does not."""
        if not spec.needs_approval:
            return None
        tainted = any(not o.trusted for o in context.observations())
        after = " after text by others was read" if tainted else ""
        if spec.touches in (Touch.WRITE, Touch.EXECUTE, Touch.NETWORK):
            return f"touches more than this session ({spec.touches.value}){after}"
        return f"takes {spec.cost.value}{after}"
