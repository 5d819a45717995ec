"""The loop, driven through prompt_toolkit's pipe input."""

import asyncio

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from labhand.agents.repl.loop import Repl


@pytest.fixture
def drive(state, until):
    """Run the loop while a script types into it; returns when the loop has ended."""

    def run(script):
        async def go():
            with create_pipe_input() as keys:
                repl = Repl(state, input=keys, output=DummyOutput())
                state.approve.ask = repl.approve
                task = asyncio.ensure_future(repl.run())

                async def idle():
                    await asyncio.sleep(0.05)
                    await until(lambda: not state.running)

                await script(keys.send_text, idle)
                await asyncio.wait_for(task, 5)

        asyncio.run(go())

    return run


def test_a_question_is_answered_and_ctrl_d_leaves(drive, state, printed):
    async def script(type_, idle):
        type_("mass of caffeine\r")
        await idle()
        type_("\x04")

    drive(script)
    text = printed()
    assert text.index("Let me look.") < text.index("→ molar mass") < text.index("Done.")
    assert "o1 · 12 ms" in text
    assert text.count("Done.") == 1
    assert [r.question for r in state.session.turns()] == ["mass of caffeine"]


def test_commands_and_unknown_commands(drive, printed):
    async def script(type_, idle):
        type_("/help\r/nope\r/quit\r")

    drive(script)
    assert "/evidence [oN]" in printed()
    assert "There is no command /nope. /help lists them." in printed()


@pytest.mark.parametrize("newline", ["\x1b\r", "\\\r", "\n"])
def test_lines_of_one_message(drive, state, newline):
    async def script(type_, idle):
        type_(f"one{newline}two\r")
        await idle()
        type_("\x04")

    drive(script)
    assert [r.question for r in state.session.turns()] == ["one\ntwo"]


def test_bracketed_paste_stays_whole(drive, state):
    async def script(type_, idle):
        type_("\x1b[200~CCO\rCCN\r/quit\r\x1b[201~")
        await asyncio.sleep(0.1)
        assert not state.session.turns()
        type_("\r")
        await idle()
        type_("\x04")

    drive(script)
    assert [r.question for r in state.session.turns()] == ["CCO\nCCN\n/quit"]


def test_ctrl_c_interrupts_and_keeps_what_is_done(drive, state, printed, until):
    async def script(type_, idle):
        type_("slow one\r")
        await until(lambda: state.status.doing == "molar_mass")
        type_("\x03")
        await idle()
        type_("second\r")
        await idle()
        type_("\x04")

    drive(script)
    assert "interrupted by the user" in printed()
    assert [o.id for o in state.session.ledger.all()] == ["o1", "o2"]
    assert [r.question for r in state.session.turns()] == ["slow one", "second"]


def test_escape_interrupts_too(drive, state, printed, until):
    async def script(type_, idle):
        type_("slow one\r")
        await until(lambda: state.status.doing == "molar_mass")
        type_("\x1b")
        await idle()
        type_("\x04")

    drive(script)
    assert "interrupted by the user" in printed()


def test_a_message_typed_during_a_turn_is_queued(drive, state, printed, until):
    async def script(type_, idle):
        type_("slow one\r")
        await until(lambda: state.status.doing == "molar_mass")
        type_("and then\r/model other\r/cost\r")
        await until(lambda: "model calls" in printed())
        assert "1 queued" in state.status_line()
        type_("\x03")
        await until(lambda: len(state.session.turns()) == 2)
        await idle()
        type_("\x04")

    drive(script)
    assert [r.question for r in state.session.turns()] == ["slow one", "and then"]
    assert "/model has to wait until the turn is over." in printed()
    assert state.session.model_name == "fake"


def test_two_ctrl_c_leave_and_the_first_clears_what_was_typed(drive, state, printed):
    async def script(type_, idle):
        type_("abc\x03")
        await asyncio.sleep(0.05)
        type_("\x03")
        await asyncio.sleep(0.05)
        type_("\x03")

    drive(script)
    assert "Ctrl-C again leaves" in printed()
    assert not state.session.turns()


@pytest.mark.parametrize(("answer", "run"), [("y", True), ("no", False), ("", False)])
def test_a_dear_step_is_asked_for(drive, state, printed, until, answer, run):
    async def script(type_, idle):
        type_("dear step\r")
        await until(lambda: "Run it?" in printed())
        type_(f"{answer}\r")
        await idle()
        type_("\x04")

    drive(script)
    assert "relax(cell=Si) takes minutes. Run it?" in printed()
    assert ("nobody agreed" not in printed()) is run


def test_ctrl_d_in_the_middle_of_a_question_of_approval_ends_it(drive, state, printed, until):
    async def script(type_, idle):
        type_("dear step\r")
        await until(lambda: "Run it?" in printed())
        type_("\x04")

    drive(script)
    assert "nobody agreed" in printed()


def test_approvals_can_be_settled_beforehand(drive, printed):
    async def script(type_, idle):
        type_("/approvals never\r")
        await asyncio.sleep(0.1)
        type_("dear step\r")
        await idle()
        type_("\x04")

    drive(script)
    assert "Run it?" not in printed()
    assert "nobody agreed" in printed()


def test_undo_puts_the_question_back_into_the_prompt(drive, state):
    async def script(type_, idle):
        type_("frist\r")
        await idle()
        type_("/undo\r")
        await asyncio.sleep(0.2)
        type_(" again\r")
        await idle()
        type_("\x04")

    drive(script)
    assert [r.question for r in state.session.turns()] == ["frist again"]


def test_files_are_attached(drive, state, printed, tmp_path):
    (tmp_path / "a b.csv").write_text("x,y\n1,2\n")
    (tmp_path / "bad.bin").write_bytes(b"\x00\x01")

    async def script(type_, idle):
        type_(f'mean of @"{tmp_path}/a b.csv"\r')
        await idle()
        type_(f"read @{tmp_path}/bad.bin\r")
        await asyncio.sleep(0.05)
        type_("what is @home\r")
        await idle()
        type_("\x04")

    drive(script)
    assert state.session.attached == [(tmp_path / "a b.csv").resolve()]
    assert [r.question for r in state.session.turns()] == ["mean of a b.csv", "what is @home"]
    assert "not a text file" in printed()


def test_resuming_offers_the_turn_that_was_cut_off(drive, state, printed, until):
    before = state.session

    async def script(type_, idle):
        type_("/resume\r/resume none\r/resume old\r")
        await until(lambda: state.session is not before)
        await asyncio.sleep(0.05)
        type_("/continue\r")
        await until(lambda: state.session.turns())
        await idle()
        type_("/continue\r\x04")

    drive(script)
    assert before.closed
    assert "no session is called none" in printed()
    assert "A turn was cut off: “why?”" in printed()
    assert [r.question for r in state.session.turns()] == ["why?"]


def test_the_history_is_kept_under_home(drive, house):
    async def script(type_, idle):
        type_("/cost\r\x04")

    drive(script)
    assert "+/cost" in (house.home / "history").read_text()
