"""Greetings, thanks and "what can you do?": a friendly sentence instead of a shrug."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ...tools.contract import ToolRegistry
from .plan import Abstention
from .words import FILLERS, MARKS, Token

_GREETING = frozenset("hello hi hey hallo greetings yo morning evening afternoon day".split())
_THANKS = frozenset("thanks thank thx ty cheers great perfect nice cool awesome wonderful".split())
_GOODBYE = frozenset("bye goodbye ciao quit exit".split())
_HELP = frozenset("help capabilities able abilities can do use work know who are examples".split())
#: Words that may stand beside the ones above without asking for anything else.
_BESIDE = frozenset(
    """you i me your we am is it the a an for so very much that this there good all please could
    what how to with of my be things questions ask have tools commands kind which some show give
    labhand was and ok okay well again lot tell about yourself need job everyone""".split()
)
_EXAMPLES = 3
_MORE = "I look up, calculate and convert: molecules and their properties, units, reactions."


def small_talk(tokens: Sequence[Token], examples: Iterable[str] = ()) -> Abstention | None:
    """What to say to a greeting, a thank-you or a call for help; ``None`` for anything else."""
    words = {t.word for t in tokens if t.word not in MARKS}
    if any(t.is_entity for t in tokens) or not words:
        return None
    if not words <= _GREETING | _THANKS | _GOODBYE | _HELP | _BESIDE:
        return None
    if words & _THANKS and not words & (_HELP - {"are", "do"}):
        return Abstention("small_talk", "You are welcome. What else would you like to know?")
    if words & _GOODBYE:
        return Abstention("small_talk", "Goodbye.")
    asks_for_help = bool(words & {"help", "capabilities", "abilities", "examples", "tools"})
    asks_for_help |= words >= {"can", "you"} or words >= {"are", "you"} or words >= {"do", "you"}
    if not (words & _GREETING or asks_for_help):
        return None
    listed = tuple(examples)[:_EXAMPLES]
    text = f"Hello. {_MORE}" if words & _GREETING else _MORE
    if listed:
        text += " You could ask: " + "; ".join(f"“{e}”" for e in listed) + "."
    return Abstention("small_talk", text, listed)


def is_chatter(tokens: Sequence[Token]) -> bool:
    """True for "Could you help me with that?" and "Thanks a lot!" beside a question."""
    words = {t.word for t in tokens if t.word not in MARKS}
    polite = words & (_THANKS | {"help", "grateful", "appreciate", "appreciated", "assist"})
    known = _GREETING | _THANKS | _HELP | _BESIDE | FILLERS | polite
    return bool(polite) and words <= known and not any(t.is_entity for t in tokens)


def sample_questions(registry: ToolRegistry, allowed: Iterable[str]) -> list[str]:
    """The first worked example of tools of different folders, with its own values put in."""
    found: dict[str, str] = {}
    for name in sorted(allowed):
        spec = registry[name]
        folder = spec.function.__module__.rpartition(".")[0]
        frames = spec.frames()
        if folder in found or not frames.frames:
            continue
        frame = frames.frames[0]
        text = frame.ask[0]
        for slot in frame.slots_of(text):
            values = frames.examples.get(slot) or _choice(frames.choices.get(slot))
            text = text.replace(f"{{{slot}}}", values[0] if values else slot)
        found[folder] = text
    return list(found.values())


def _choice(values: object) -> tuple[str, ...]:
    """The first way to say the first value of a choice."""
    ways = list(values.values()) if isinstance(values, dict) else []
    return tuple(ways[0]) if ways else ()
