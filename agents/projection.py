"""The messages that a model sees, as a projection of the event log.

There is no second memory: every turn, and every resumption after a crash, starts
from the log. A call that has neither an observation nor an error is answered by
``interrupted by the user``, since providers refuse a history with open calls.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from ..tools.contract import Observation
from .events import Event, ModelFinished, ToolFailed, ToolFinished, TurnFinished, TurnStarted

INTERRUPTED = "interrupted by the user"
ObservationLookup = Callable[[str], Observation]


def tool_message(call_id: str, observation: Observation) -> ToolMessage:
    """An observation as the model reads it; the record itself travels as the artifact."""
    text = observation.for_model()
    if not observation.trusted:
        text = fence(text, observation.id)
    return ToolMessage(
        content=text,
        tool_call_id=call_id,
        name=observation.tool,
        artifact={"observation": observation.model_dump(mode="json")},
    )


def fence(text: str, name: str) -> str:
    """Mark text that others wrote, so that a model treats it as data."""
    safe = text.replace("</untrusted>", "<∕untrusted>")
    return f'<untrusted source="{name}">\n{safe}\n</untrusted>'


def error_message(call_id: str, tool: str, text: str) -> ToolMessage:
    """A failed call as the model reads it."""
    return ToolMessage(content=text, tool_call_id=call_id, name=tool, status="error")


def ai_message_to_dict(message: AIMessage) -> dict[str, Any]:
    """What the log keeps of a model's message."""
    return {
        "text": message.text,
        "tool_calls": [
            {"name": c["name"], "args": c["args"], "id": c["id"]} for c in message.tool_calls
        ],
        **({"labhand": kept} if (kept := message.response_metadata.get("labhand")) else {}),
    }


def ai_message_from_dict(record: dict[str, Any]) -> AIMessage:
    """The inverse of ``ai_message_to_dict``."""
    metadata = {"labhand": record["labhand"]} if "labhand" in record else {}
    calls = [{**c, "type": "tool_call"} for c in record["tool_calls"]]
    return AIMessage(record["text"], tool_calls=calls, response_metadata=metadata)


def project(
    events: Iterable[Event], observation: ObservationLookup, *, close: bool = True
) -> list[AnyMessage]:
    """The conversation so far as messages.

    Args:
        close: answer open calls with ``interrupted``; pass False to find and run them.
    """
    messages: list[AnyMessage] = []
    open_calls: dict[str, str] = {}
    for event in events:
        match event:
            case TurnStarted():
                messages += _closing(open_calls)
                messages.append(HumanMessage(question_with_attachments(event)))
            case ModelFinished():
                message = ai_message_from_dict(event.message)
                messages += _closing(open_calls)
                messages.append(message)
                open_calls.update({str(c["id"]): c["name"] for c in message.tool_calls})
            case ToolFinished() if event.call_id in open_calls:
                del open_calls[event.call_id]
                messages.append(tool_message(event.call_id, observation(event.observation)))
            case ToolFailed() if event.call_id in open_calls:
                del open_calls[event.call_id]
                messages.append(error_message(event.call_id, event.tool, event.message))
            case TurnFinished():
                messages += _closing(open_calls)
                _close_turn(messages, event)
            case _:
                pass
    if close:
        messages += _closing(open_calls)
    return messages


def question_with_attachments(event: TurnStarted) -> str:
    """The question, with the attachments fenced behind it."""
    return "\n\n".join([event.question, *event.attachments])


def open_calls(messages: Sequence[AnyMessage]) -> list[dict[str, Any]]:
    """The calls at the end of a projection that have no answer yet."""
    answered = {m.tool_call_id for m in messages if isinstance(m, ToolMessage)}
    last = next((m for m in reversed(messages) if isinstance(m, AIMessage)), None)
    calls = last.tool_calls if last is not None else []
    return [dict(c) for c in calls if c["id"] not in answered]


def _closing(calls: dict[str, str]) -> list[AnyMessage]:
    closing: list[AnyMessage] = [error_message(i, n, INTERRUPTED) for i, n in calls.items()]
    calls.clear()
    return closing


def _close_turn(messages: list[AnyMessage], event: TurnFinished) -> None:
    """A turn always ends with a message of the model, even when it was cut off."""
    last = messages[-1] if messages else None
    if isinstance(last, AIMessage) and not last.tool_calls:
        return
    text = str(event.reply.get("answer") or event.reply.get("reason") or "(no answer)")
    messages.append(AIMessage(text))


def recent(messages: Sequence[AnyMessage], turns: int) -> list[AnyMessage]:
    """The last turns only, cut at a question, so that no call loses its answer."""
    starts = [i for i, m in enumerate(messages) if isinstance(m, HumanMessage)]
    return list(messages if len(starts) <= turns else messages[starts[-turns] :])
