"""What reaches the screen: harmless text, whole SMILES, each block once."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from labhand.agents.events import ModelFinished, Notice, Token, TurnFinished
from labhand.agents.repl.blocks import BlockPrinter, ChemistryMarkdown, complete_blocks
from labhand.agents.repl.chat import make_console
from labhand.agents.repl.sanitise import clean, one_line
from labhand.agents.repl.view import Status, TurnView
from labhand.agents.reply import Reply


def console(width=100):
    return Console(file=io.StringIO(), width=width, force_terminal=False)


def rendered(markup, width=200):
    out = console(width)
    out.print(ChemistryMarkdown(markup))
    return out.file.getvalue()


@given(st.text())
def test_nothing_that_steers_a_terminal_is_left(text):
    left = clean("\x1b[31m" + text + "\x9b2J")
    assert not any((ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 for c in left)
    assert clean(left) == left


@pytest.mark.parametrize(
    "evil",
    [
        "\x1b[31mX\x1b[0m",
        "\x1b]0;title\x07X",
        "\x1b]52;c;aGk=\x1b\\X",
        "\x1bPq#0\x1b\\X",
        "\x9b31mX",
        "\x1b(0X",
        "\u202eX",
        "\x08\x7fX",
    ],
)
def test_sequences_go_with_their_parameters(evil):
    assert clean(evil) == "X"


def test_escape_sequences_of_tools_and_models_do_not_reach_the_screen(state, printed):
    view = TurnView(state.console, state.session.ledger, Status())
    for event in state.session.stream("\x1b[31mevil\x1b]0;x\x07"):
        view.show(event)
    assert "the salt is left out" in printed()
    assert "\x1b" not in printed()
    assert "owned" not in printed()


@pytest.mark.parametrize(
    "smiles",
    [
        "C[C@H](N)C(=O)O",
        "[Na+].[O-](C)C",
        "F/C=C\\[N]",
        "[*]CC[*]",
        "[1*]c1ccc([2*])cc1",
        "C#N",
        "CN1C=NC2=C1C(=O)N(C(=O)N2C)C",
        "![Si](C)(C)C",
    ],
)
@pytest.mark.parametrize("frame", ["{}", "The SMILES is {}.", "- {} [o1]", "| a |\n|---|\n| {} |"])
def test_markdown_leaves_smiles_whole(smiles, frame):
    assert smiles in rendered(frame.format(smiles))


def test_lines_are_not_filled_with_blanks():
    assert rendered("# One\n\ntwo three\n\n- four").splitlines()[2] == "two three"


def test_markdown_still_has_its_marks():
    text = rendered("# Head\n\n**bold** and *slanted* and `code`\n\n1. one\n2. two")
    assert "*" not in text
    assert "bold and slanted and code" in text


def test_a_long_smiles_in_a_table_is_folded_not_cut():
    smiles = "C" * 150
    text = rendered(f"| a | b |\n|---|---|\n| {smiles} | x |", 60)
    assert text.count("C") == 150


def test_a_wide_remote_link_is_plain_text():
    assert "![x](http://a.example/i.png)" in rendered("![x](http://a.example/i.png)")


@given(st.lists(st.sampled_from(["a\n", "\n", "```\n", "b", "~~~\n", "  \n"]), max_size=12))
def test_blocks_lose_nothing_but_blank_lines(pieces):
    text = "".join(pieces)
    blocks, rest = complete_blocks(text)
    assert "".join("".join(blocks).split()) + "".join(rest.split()) == "".join(text.split())


@given(st.integers(0, 200), st.integers(1, 17))
def test_an_answer_is_printed_once_however_it_is_cut(cut, step):
    answer = (
        "# Head\n\nOne **two**.\n\n```python\nx = 1\n\ny = 2\n```\n\n| a |\n|---|\n| 1 |\n\nEnd."
    )
    out = console()
    printer = BlockPrinter(out)
    shown = answer[:cut]
    for start in range(0, len(shown), step):
        printer.feed(shown[start : start + step])
    printer.finish(answer)
    text = out.file.getvalue()
    assert "revised" not in text
    assert [text.count(w) for w in ("Head", "two", "x = 1", "y = 2", "End.")] == [1] * 5


def test_a_revised_answer_is_printed_anew_and_says_so():
    out = console()
    printer = BlockPrinter(out)
    printer.feed("It is 5.\n\n")
    printer.finish("It is 6.")
    assert out.file.getvalue().split("revised")[1].count("It is 6.") == 1


def view_of(state, *events):
    view = TurnView(state.console, state.session.ledger, Status())
    for event in events:
        view.show(event)


def finished(answer, **more):
    reply = Reply(question="q", status="answered", answer=answer, **more)
    return TurnFinished(reply.model_dump(mode="json"))


def test_the_reason_of_a_failed_turn_is_shown(state, printed):
    failed = Reply(question="q", status="failed", reason="the endpoint does not answer.")
    view_of(state, TurnFinished(failed.model_dump(mode="json")))
    assert "the endpoint does not answer." in printed()


def test_an_ungrounded_answer_is_followed_by_the_next_one(state, printed):
    view_of(
        state,
        Token("Draft.\n\n"),
        Notice("ungrounded", "feedback for the model"),
        Token("Final.\n\n"),
        ModelFinished({"text": "Final."}),
        finished("Final."),
    )
    assert "feedback for the model" not in printed()
    assert printed().count("Final.") == 1


def test_a_drawing_is_printed_line_by_line(state, printed):
    view = TurnView(state.console, state.session.ledger, Status())
    for event in state.session.stream("picture"):
        view.show(event)
    assert "⠉⠒⠤\n  ⠤⠒\n" in printed()


def test_one_line_keeps_to_its_length():
    assert one_line("x" * 500, 20) == "x" * 19 + "…"


def test_no_color_leaves_colours_out(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    out = make_console("always")
    with out.capture() as capture:
        out.print("[red]x[/] [bold]y[/]")
    assert "31" not in capture.get()


def test_colours_are_for_terminals(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = make_console("auto")
    with out.capture() as capture:
        out.print("[red]x[/]")
    assert capture.get() == "x\n"
