"""Programs: short typed sequences of tool calls with slots and references.

A program is written in Python's own call syntax and parsed with ``ast`` (never
executed)::

    b = balance_reaction(equation={equation})
    stoichiometry(equation=b.balanced_equation, given={amount}, of={molecule})

``{molecule}`` is a slot, ``b.balanced_equation`` the value of a property that an
earlier step yielded, and anything else a literal. Arguments are always named.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .errors import FrameError

Literal = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A place to be filled from the question: ``{molecule}``, ``{molecule_2}``."""

    name: str

    @property
    def base(self) -> str:
        """The name without its number: ``molecule_2`` → ``molecule``."""
        head, _, tail = self.name.rpartition("_")
        return head if head and tail.isdigit() else self.name


@dataclass(frozen=True, slots=True)
class Reference:
    """The value of a property that an earlier step yields: ``b.balanced_equation``."""

    step: str
    property: str


Argument = Slot | Reference | Literal | tuple[Slot | Reference | Literal, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """One step: a tool, its named arguments, and the name that later steps use."""

    tool: str
    arguments: tuple[tuple[str, Argument], ...]
    name: str

    def argument(self, name: str) -> Argument:
        """The argument of this name; ``KeyError`` if the call does not give it."""
        return dict(self.arguments)[name]


@dataclass(frozen=True, slots=True)
class Program:
    """A sequence of calls; the last one answers."""

    steps: tuple[Call, ...]

    @property
    def last(self) -> Call:
        """The step that answers."""
        return self.steps[-1]

    def slots(self) -> tuple[Slot, ...]:
        """Every slot, once, in the order of first use."""
        return tuple(dict.fromkeys(v for v in self._values() if isinstance(v, Slot)))

    def _values(self) -> Iterator[Argument]:
        for step in self.steps:
            for _, value in step.arguments:
                if isinstance(value, tuple):
                    yield from value
                else:
                    yield value

    def __str__(self) -> str:
        return "; ".join(_show_call(s, named=s is not self.last) for s in self.steps)


def parse_program(lines: str | Sequence[str]) -> Program:
    """Parse the lines of a program.

    >>> from labhand.tools.contract.program import parse_program
    >>> program = parse_program("molar_mass(smiles={molecule})")
    >>> str(program), program.slots()
    ('molar_mass(smiles={molecule})', (Slot(name='molecule'),))

    Raises:
        FrameError: the text is not a sequence of calls with named arguments, or
            refers to a step that is not there.
    """
    text = lines if isinstance(lines, str) else "\n".join(lines)
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        # ValueError: a null byte; the last two: nested beyond what the parser can do.
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise FrameError(f"the program {text!r} does not parse: {reason}.") from error
    steps: list[Call] = []
    for number, statement in enumerate(tree.body, start=1):
        steps.append(_call(statement, number, {s.name for s in steps}, text))
    if not steps:
        raise FrameError("a program has at least one call.")
    return Program(tuple(steps))


def _call(statement: ast.stmt, number: int, known: set[str], text: str) -> Call:
    name = f"s{number}"
    if isinstance(statement, ast.Assign) and [type(t) for t in statement.targets] == [ast.Name]:
        name, value = ast.unparse(statement.targets[0]), statement.value
    elif isinstance(statement, ast.Expr):
        value = statement.value
    else:
        raise FrameError(f"line {number} of {text!r} is not a call.")
    if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name) or value.args:
        raise FrameError(f"line {number} of {text!r} is not a call with named arguments.")
    names = [k.arg for k in value.keywords]
    if None in names or len(set(names)) < len(names):
        raise FrameError(f"line {number} of {text!r} unpacks an argument or names one twice.")
    arguments = tuple((str(k.arg), _argument(k.value, known, text)) for k in value.keywords)
    return Call(value.func.id, arguments, name)


def _argument(node: ast.expr, known: set[str], text: str) -> Argument:
    match node:
        case ast.Set(elts=[ast.Name(id=slot)]):
            return Slot(slot)
        case ast.Attribute(value=ast.Name(id=step), attr=name):
            if step not in known:
                raise FrameError(f"{text!r} refers to the step {step!r}, which is not there.")
            return Reference(step, name)
        case ast.List(elts=elements):
            parts = tuple(_argument(e, known, text) for e in elements)
            if any(isinstance(p, tuple) for p in parts):
                raise FrameError(f"{text!r} nests lists.")
            return parts  # type: ignore[return-value]
        case _:
            return _literal(node, text)


def _literal(node: ast.expr, text: str) -> Literal:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError, MemoryError) as error:
        raise FrameError(f"{text!r} has an argument that is not plain.") from error
    if not isinstance(value, str | int | float | None):
        raise FrameError(f"{text!r} has an argument that is neither text, number, yes or no.")
    if isinstance(value, float) and not math.isfinite(value):
        raise FrameError(f"{text!r} has a number that is not finite.")
    return value


def _show_call(call: Call, *, named: bool) -> str:
    inside = ", ".join(f"{k}={_show(v)}" for k, v in call.arguments)
    head = f"{call.name} = " if named else ""
    return f"{head}{call.tool}({inside})"


def _show(value: Argument) -> str:
    if isinstance(value, Slot):
        return f"{{{value.name}}}"
    if isinstance(value, Reference):
        return f"{value.step}.{value.property}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_show(v) for v in value) + "]"
    return repr(value)


def fill(argument: Argument, slots: Mapping[str, Literal]) -> Argument:
    """The argument with its slots replaced where a value is given."""
    if isinstance(argument, Slot):
        return slots.get(argument.name, argument)
    if isinstance(argument, tuple):
        return tuple(fill(a, slots) for a in argument)  # type: ignore[misc]
    return argument
