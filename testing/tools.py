"""Small tools that behave, and small tools that misbehave, for tests of what runs tools.

They live in a module so that worker processes can import them. They have no frames, so
``validate_tool`` does not pass them, and their properties are their own.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import time
from typing import Annotated

from pydantic import Field

from ..tools.contract import (
    Finding,
    NewFile,
    NotFoundError,
    PropertySpec,
    Quantity,
    ToolRegistry,
    ToolSpec,
    Touch,
    tool,
)
from ..tools.execution.progress import report

Text = Annotated[str, Field(max_length=100_000, description="any text")]
Number = Annotated[float, Field(description="any number")]
Count = Annotated[int, Field(ge=0, le=1_000_000, description="how many")]
Seconds = Annotated[float, Field(ge=0, le=3600, description="how long, in seconds")]

LENGTH = PropertySpec(
    name="text_length", label="length of the text", description="characters in a text", minimum=0
)
SHARE = PropertySpec(
    name="test_share",
    label="share",
    description="a fraction of a whole",
    unit="percent",
    minimum=0,
    maximum=100,
)
ITEMS = PropertySpec(name="test_items", label="items", description="a list of integers")
PROCESS = PropertySpec(
    name="test_process", label="process", description="identifier of the process that ran"
)


def _length(text: str) -> Quantity:
    return Quantity(property="text_length", value=len(text), entity=text[:40] or None)


@tool(yields=["text_length"], method="counting", where="inline", properties=[LENGTH])
def text_length(text: Text) -> Finding:
    """Count the characters of a text, in process."""
    return Finding((_length(text),), summary="The text was counted.")


@tool(yields=["text_length"], method="counting", touches=Touch.READ, properties=[LENGTH])
def slow_length(text: Text, seconds: Seconds = 0.0) -> Finding:
    """Count the characters of a text in a worker, after a pause; never cached."""
    started = time.monotonic()
    while (passed := time.monotonic() - started) < seconds:
        report(f"waited {passed:.1f} s", passed / seconds)
        time.sleep(min(0.05, seconds - passed))
    return Finding((_length(text),), summary="The text was counted.")


@tool(yields=["text_length"], method="counting", properties=[LENGTH])
def pure_length(text: Text) -> Finding:
    """Count the characters of a text in a worker; a pure call, so it is cached."""
    return Finding((_length(text),), summary="The text was counted.")


@tool(yields=["test_process"], method="os.getpid", touches=Touch.READ, properties=[PROCESS])
def process_id() -> Finding:
    """Say which process ran the call."""
    return Finding((Quantity(property="test_process", value=os.getpid()),))


@tool(yields=["text_length"], method="none", touches=Touch.READ, seconds=0.5, properties=[LENGTH])
def hang(text: Text = "") -> Finding:
    """Never return; the time limit is half a second."""
    while True:
        time.sleep(60)


@tool(yields=["text_length"], method="none", touches=Touch.READ, seconds=60, properties=[LENGTH])
def hang_long(text: Text = "") -> Finding:
    """Never return; the time limit is a minute."""
    while True:
        time.sleep(60)


@tool(yields=["text_length"], method="none", touches=Touch.READ, properties=[LENGTH])
def crash(number: Annotated[int, Field(description="signal number")] = 11) -> Finding:
    """End the process by a signal, as a native crash does."""
    os.write(2, b"about to crash\n")
    os.kill(os.getpid(), signal.Signals(number))
    time.sleep(5)
    return Finding(())


@tool(yields=["text_length"], method="none", touches=Touch.READ, properties=[LENGTH])
def leave(status: Annotated[int, Field(description="exit status")] = 0) -> Finding:
    """End the process in silence, as an engine that calls ``exit`` does."""
    os._exit(status)


@tool(
    yields=["text_length"],
    method="none",
    touches=Touch.READ,
    megabytes=200,
    properties=[LENGTH],
)
def eat_memory(
    megabytes: Count,
    shared: Annotated[bool, Field(description="shared memory, which no limit of the heap sees")],
) -> Finding:
    """Fill so much memory, of which 200 MB are allowed."""
    if shared:
        filled = mmap.mmap(-1, megabytes * 1024 * 1024)
        for _ in range(megabytes):
            filled.write(b"x" * 1024 * 1024)
        time.sleep(1.0)
    else:
        filled = bytearray(megabytes * 1024 * 1024)
    return Finding((Quantity(property="text_length", value=len(filled)),))


@tool(yields=["text_length"], method="none", where="inline", properties=[LENGTH])
def fail(text: Text = "") -> Finding:
    """Raise a ``ValueError``, as an engine does, in process."""
    raise ValueError(text or "the engine does not like it")


@tool(yields=["text_length"], method="none", properties=[LENGTH])
def fail_in_worker(text: Text = "") -> Finding:
    """Print a line, then raise a ``ValueError`` in a worker."""
    print("engine: converging ...")
    raise ValueError(text or "the engine does not like it")


@tool(yields=["text_length"], method="none", properties=[LENGTH])
def unknown_name(name: Text) -> Finding:
    """Raise an error of the house in a worker, with data."""
    raise NotFoundError(f"nothing is known of {name!r}.", "Check its spelling.", name=name)


@tool(yields=["text_length"], method="none", touches=Touch.READ, properties=[LENGTH])
def chatter(count: Count = 10) -> Finding:
    """Print so many lines to standard output, by Python and past it."""
    for number in range(count):
        print(f"line {number}")
    sys.stdout.flush()
    os.write(1, b"native words\n")
    return Finding((Quantity(property="text_length", value=count),))


@tool(yields=["test_items"], method="counting", where="inline", properties=[ITEMS])
def long_list(count: Count) -> Finding:
    """Return one list of so many integers."""
    items = Quantity(property="test_items", value=list(range(count)))
    return Finding((items,), summary="The integers were listed.")


@tool(yields=["text_length"], method="counting", where="inline", properties=[LENGTH])
def many_values(count: Count) -> Finding:
    """Return so many single values."""
    values = (
        Quantity(property="text_length", value=i, entity=f"entity number {i}") for i in range(count)
    )
    return Finding(tuple(values), summary="The values were listed.")


@tool(yields=["test_share"], method="none", where="inline", properties=[SHARE])
def share(value: Number, unit: Annotated[str, Field(description="unit")] = "percent") -> Finding:
    """Return a share as it is given, possible (0 to 100 percent) or not."""
    return Finding((Quantity(property="test_share", value=value, unit=unit),))


@tool(yields=["text_length"], method="none", where="inline", properties=[LENGTH, ITEMS])
def stray(text: Text = "") -> Finding:
    """Return a property that the tool does not yield."""
    return Finding((Quantity(property="test_items", value=1),))


@tool(yields=["text_length"], method="none", properties=[LENGTH])
def make_files(text: Text) -> Finding:
    """Make two files of one name, which tries to leave its folder, and one of bytes."""
    files = (
        NewFile("../../note.txt", text, description="a note"),
        NewFile("note.txt", text + "!"),
        NewFile("bytes.bin", bytes(range(256)), "application/octet-stream"),
    )
    return Finding((_length(text),), files=files)


#: Every tool of this module.
TOOLS: tuple[ToolSpec, ...] = (
    text_length,
    slow_length,
    pure_length,
    process_id,
    hang,
    hang_long,
    crash,
    leave,
    eat_memory,
    fail,
    fail_in_worker,
    unknown_name,
    chatter,
    long_list,
    many_values,
    share,
    stray,
    make_files,
)


def example_registry() -> ToolRegistry:
    """A registry of the tools of this module alone."""
    return ToolRegistry(TOOLS, builtin=False)
