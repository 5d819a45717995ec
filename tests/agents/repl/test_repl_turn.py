"""Turns in their thread: Ctrl-C, errors, and the order of events."""

import os
import signal
import threading

import pytest

from labhand.agents.events import ApprovalNeeded, Notice
from labhand.agents.repl.turn import Ask, Channel


def ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)


def test_ctrl_c_interrupts_the_turn_which_then_ends_by_itself():
    stopped = threading.Event()

    def stream():
        yield Notice("a", "begun")
        assert stopped.wait(5)
        yield Notice("b", "what was done")

    channel, seen = Channel(), []
    before = signal.getsignal(signal.SIGINT)
    for event in channel.follow(stream, stopped.set):
        seen.append(event)
        if len(seen) == 1:
            ctrl_c()
    assert [e.kind for e in seen] == ["a", "b"]
    assert channel.interrupted
    assert signal.getsignal(signal.SIGINT) is before


def test_the_second_ctrl_c_leaves():
    forever = threading.Event()

    def stream():
        yield Notice("a", "begun")
        forever.wait(5)

    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - the loop is what raises
        for _ in Channel().follow(stream, lambda: None):
            ctrl_c()
            ctrl_c()
    forever.set()


def test_what_the_turn_raises_is_raised_to_the_reader():
    def stream():
        yield Notice("a", "begun")
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        list(Channel().follow(stream, lambda: None))


def test_the_turn_waits_for_the_answer():
    channel, answers = Channel(), []

    def stream():
        answers.append(channel.approve(ApprovalNeeded("c", "t", {}, "takes minutes")))
        yield Notice("a", "done")

    for item in channel.follow(stream, lambda: None):
        if isinstance(item, Ask):
            item.answer.set_result(True)
    assert answers == [True]
