"""The other commands, and what holds for all of them."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = ["langchain", "langchain_core", "rdkit", "pandas", "torch", "chromadb", "openai", "pint"]


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["ask", "--help"], ["tools", "list"]]
)
def test_light_commands_load_nothing_heavy(arguments, home):
    code = (
        "import sys; from labhand.cli.app import run\n"
        f"code = run({arguments!r})\n"
        f"print(code, [m for m in {HEAVY!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"


def test_help_names_every_command(labhand):
    text = labhand("--help").out
    assert all(c in text for c in ("chat", "ask", "tools", "sessions", "config", "doctor"))


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["tools", "nonsense"], ["--nonsense"], ["sessions", "show"]]
)
def test_wrong_usage_is_one_sentence_and_exit_code_2(labhand, arguments):
    result = labhand(*arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("labhand: ")
    assert result.err.count("\n") == 1


def test_tools_are_listed_and_shown(labhand):
    assert "molar_mass" in labhand("tools", "list").out
    record = labhand("tools", "show", "molar_mass", "--json").json
    assert record["arguments"]["required"] == ["smiles"]
    text = labhand("tools", "show", "molar_mass").out
    assert "molar_mass [g/mol]" in text
    assert labhand("tools", "call", "molar_mass", "--help").out == text


def test_a_tool_is_called(labhand, home):
    result = labhand("tools", "call", "molar_mass", "smiles=CCO", "--json")
    assert result.json["quantities"][0]["value"] == pytest.approx(46.069, abs=1e-3)
    text = labhand("tools", "call", "molar_mass", "--smiles", "CCO").out
    assert "46.069 g/mol" in text
    assert "RDKit" in text


@pytest.mark.parametrize(
    ("arguments", "code", "part"),
    [
        (["molar_mas", "smiles=CCO"], 1, "Did you mean molar_mass"),
        (["molar_mass"], 1, "'smiles' is missing"),
        (["molar_mass", "CCO"], 1, "Write name=value"),
        (["molar_mass", "smiles=C(C"], 1, "C(C"),
        (["molar_mass", "smiles=CCO", "x=1"], 1, "no argument 'x'"),
    ],
)
def test_a_wrong_call_says_what_would_be_right(labhand, arguments, code, part):
    result = labhand("tools", "call", *arguments, "--json")
    assert result.code == code
    assert part in result.err
    assert part in result.json["message"]


def test_sessions_are_listed_shown_and_exported(labhand, home, ethanol):
    assert "no session yet" in labhand("sessions", "list").out
    session = labhand("ask", "weigh it", "--json", "--model", ethanol).json["session"]
    assert labhand("sessions", "list", "--json").json[0]["id"] == session
    assert "weigh it" in labhand("sessions", "list").out
    assert "Ethanol weighs 46.069 g/mol" in labhand("sessions", "show", session).out
    assert labhand("sessions", "show", session, "--json").json["session"] == session
    out = home.parent / "e.md"
    done = labhand("sessions", "export", session, "--format", "markdown", "--out", str(out))
    assert done.code == 0
    assert "46.069 g/mol" in out.read_text()
    assert json.loads(labhand("sessions", "export", session).out)["observations"]
    assert labhand("sessions", "show", "none").code == 1
    assert labhand("sessions", "export", session, "--out", "/no/folder/x").code == 1


def test_the_doctor_finds_a_working_house(labhand):
    result = labhand("doctor", "--json")
    checks = {c["name"]: c for c in result.json["checks"]}
    assert result.code == 0
    assert checks["worker"]["status"] == "ok"
    assert checks["worker"]["detail"].startswith("caffeine 194.19")
    assert {"python", "home", "strategies", "models", "extra sim"} <= checks.keys()


def test_the_doctor_names_what_fails_and_the_remedy(labhand, home, monkeypatch):
    home.write_text("a file where the folder should be")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret-1")
    monkeypatch.setenv("LABHAND_MODEL", "gpt 5")
    result = labhand("doctor", "--json")
    checks = {c["name"]: c for c in result.json["checks"]}
    assert result.code == 1
    assert checks["home"]["status"] == checks["chosen model"]["status"] == "fail"
    assert "LABHAND_HOME" in checks["home"]["remedy"]
    assert "OPENAI_API_KEY" in checks["keys"]["detail"]
    assert "sk-secret-1" not in result.out


def test_a_conversation_by_pipe(labhand, ethanol):
    result = labhand("chat", "--model", ethanol, stdin=b"weigh ethanol\n/cost\n/quit\nnot asked\n")
    assert result.code == 0
    assert "Ethanol weighs 46.069 g/mol [o1]." in result.out
    assert "1 turns" in result.out
    assert "labhand chat --resume" in result.out
    again = labhand("chat", "--continue", "--model", ethanol, stdin=b"/evidence o1\n")
    assert "{o1.molar_mass}" in again.out


def test_without_a_command_the_conversation_opens(labhand):
    result = labhand(stdin=b"/help\n")
    assert result.code == 0
    assert "/evidence [oN]" in result.out


def test_chat_with_contradicting_flags(labhand):
    assert labhand("chat", "--continue", "--resume", "x").code == 2
    assert labhand("chat", "--continue").code == 1


@pytest.mark.parametrize("arguments", [["tools", "list"], ["sessions", "list"], ["doctor"]])
def test_a_closed_pipe_is_no_error(home, arguments):
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "labhand", *arguments]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_unknown_error_is_one_sentence_and_debug_shows_where(labhand, monkeypatch):
    from labhand.agents import sessions

    def broken(_home):
        raise RuntimeError("boom")

    monkeypatch.setattr(sessions, "list_sessions", broken)
    plain = labhand("sessions", "list")
    assert plain.code == 1
    assert plain.err == (
        "labhand: An error inside labhand ended the command (RuntimeError: boom). "
        "Run it again with --debug to see where.\n"
    )
    assert "Traceback" in labhand("sessions", "list", "--debug").err
