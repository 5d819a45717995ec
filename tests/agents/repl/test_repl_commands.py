import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from labhand.agents.repl.commands import COMMANDS, find, run_command
from labhand.agents.repl.plain import PlainRepl
from labhand.agents.repl.prompt import ChatCompleter


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.name)
def test_every_command_runs_without_an_argument(state, printed, command):
    run_command(state, f"/{command.name}")
    assert printed() or command.name in ("quit", "clear")


def test_commands_are_found_by_an_unambiguous_beginning():
    assert find("ev") is find("evidence")
    assert find("c") is None
    assert find("") is None


def test_evidence_shows_all_of_an_observation(state, printed):
    list(state.session.stream("mass"))
    run_command(state, "/evidence o1")
    run_command(state, "/evidence [o9]")
    assert "{o1.molar_mass}" in printed()
    assert "194.194 g/mol" in printed()
    assert "the session has no observation o9" in printed()


def test_draw_runs_the_tool_and_says_what_was_read(state, printed):
    run_command(state, "/draw")
    assert "There is no molecule to draw yet." in printed()
    for line in ("/draw ethanol", "/draw gibberish", "/draw CO"):
        run_command(state, line)
    assert "⠉⠒⠤ drawn CCO\n" in printed()
    assert "CCO [o2]" in printed()
    assert "nothing is known as 'gibberish'" in printed()
    assert "Reading: carbon monoxide [o3]" in printed()
    assert "CO has 2 readings [o3]" in printed()
    assert [o.tool for o in state.session.ledger.all()].count("depict_molecule") == 2
    list(state.session.stream("mass"))
    run_command(state, "/draw")
    assert "CN1C=NC2=C1C(=O)N(C(=O)N2C)C" in printed()


def test_a_command_that_breaks_does_not_end_the_conversation(state, printed):
    for line in ("/export ~nobody-here/x.md", "/export a\0b", "/resume \udcff", "/model \x1b[31m"):
        run_command(state, line)
    assert "cannot be written" in " ".join(printed().split())
    assert "\x1b" not in printed()


def test_export_writes_where_it_is_told(state, printed, tmp_path):
    run_command(state, f"/export {tmp_path}/a.json")
    run_command(state, f"/export {tmp_path}/no/such/folder.md")
    assert (tmp_path / "a.json").read_text() == "json of s1"
    assert "cannot be written" in " ".join(printed().split())
    run_command(state, "/export")
    assert (tmp_path / "transcript.md").read_text() == "markdown of s1"


def completions(state, text):
    found = ChatCompleter(state).get_completions(Document(text), CompleteEvent())
    return [c.text for c in found]


def test_the_menu_filters_and_completes_arguments(state, tmp_path):
    (tmp_path / "data.csv").write_text("x")
    assert completions(state, "/")[: len(COMMANDS)] == [f"/{c.name}" for c in COMMANDS]
    assert completions(state, "/mo") == ["/model"]
    assert completions(state, "/model e") == ["embedded"]
    assert completions(state, "/resume ") == ["old"]
    assert completions(state, "why /mo") == []
    assert completions(state, f"read @{tmp_path}/da") == ["ta.csv"]


def plain(state, *lines, asks=True):
    left = list(lines)

    def read(_prompt):
        if not left:
            raise EOFError
        return left.pop(0)

    repl = PlainRepl(state, read, asks)
    state.approve.ask = repl.approve
    repl.run()


def test_the_plain_loop_has_the_same_commands_and_turns(state, printed):
    plain(state, "/help", "one\\", "two", "", "/quit", "never asked")
    assert "/evidence [oN]" in printed()
    assert [r.question for r in state.session.turns()] == ["one\ntwo"]
    assert "194.194 g/mol" in printed()


def test_the_plain_loop_asks_only_where_somebody_is(state, printed):
    plain(state, "dear one", "y")
    assert "nobody agreed" not in printed()
    plain(state, "dear two", asks=False)
    assert "nobody agreed" in printed()
