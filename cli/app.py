"""The ``labhand`` command: its groups, and what every command does about errors.

Nothing heavy is imported here or at the top of the command files, so that ``--help``
answers at once; each command imports what it needs when it runs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from . import ask, chat, config, doctor, sessions, tools
from .report import ANSWERED, FAILED, INTERRUPTED, WRONG_USAGE, failed_reply, report, sentence_of
from .signals import Terminated, ending_in_order
from .streams import drop_output, prepare_streams

# typer brings its own click or uses the installed one, by version: the family of its
# errors is found through a member that every version exports.
_UsageError: type[Exception] = typer.BadParameter.__mro__[1]
_ClickError: type[Exception] = _UsageError.__mro__[1]

app = typer.Typer(
    name="labhand",
    help="A laboratory hand at the terminal: ask in your own words, see the evidence.",
    epilog="Without a command the conversation opens, as with 'labhand chat'.",
    rich_markup_mode=None,  # plain help needs no rich, which halves its time
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)
app.command("chat")(chat.chat)
app.command("ask")(ask.ask)
app.add_typer(tools.app, name="tools")
app.add_typer(sessions.app, name="sessions")
app.add_typer(config.app, name="config")
app.command("doctor")(doctor.doctor)


def _version(asked: bool) -> None:
    if asked:
        import importlib.metadata

        print(f"labhand {importlib.metadata.version('labhand')}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _main(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of errors.")] = False,
) -> int | None:
    if context.invoked_subcommand is None:
        return chat.chat()
    return None


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code and never raises.

    Args:
        arguments: instead of ``sys.argv[1:]``.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    own, debug = _without_debug(given)
    prepare_streams(as_json=_wants_json(own) or _has_file(own))
    if debug:
        os.environ["LABHAND_DEBUG"] = "1"  # seen by what runs deeper down
    try:
        with ending_in_order():
            result = app(own, standalone_mode=False, prog_name="labhand")
        sys.stdout.flush()
        return result if isinstance(result, int) else ANSWERED
    except typer.Exit as leave:
        return leave.exit_code
    except Terminated as ended:
        print("labhand: ended by a signal; what is done is kept.", file=sys.stderr)
        return 128 + ended.number
    except (KeyboardInterrupt, typer.Abort):
        print("labhand: interrupted.", file=sys.stderr)
        return INTERRUPTED
    except (BrokenPipeError, SystemExit):
        # Whoever read our output has seen enough (typer ends the program then); Python
        # must not complain when it ends.
        drop_output()
        return ANSWERED
    except _ClickError as error:
        return _wrong_usage(error, own)
    except Exception as error:
        try:
            _json_for(error, own)
        except OSError:
            drop_output()
        code = report(error, debug=debug)
        if isinstance(error, OSError):  # standard output may be what cannot be written
            drop_output()
        return code


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """``--debug`` may stand anywhere before a bare ``--``."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    own = [a for a in arguments[:end] if a != "--debug"]
    debug = len(own) < end or bool(os.environ.get("LABHAND_DEBUG"))
    return own + arguments[end:], debug


def _wrong_usage(error: BaseException, arguments: Sequence[str]) -> int:
    message = str(getattr(error, "format_message", lambda: error)())
    context = getattr(error, "ctx", None)
    path = getattr(context, "command_path", "labhand") or "labhand"
    from ..tools.contract.errors import UsageError

    first, *rest = (line.strip() for line in message.splitlines() if line.strip())
    said = " ".join([first, *rest])
    sentence = UsageError(
        said if said.endswith((".", "?")) else said + ".", f"See '{path} --help'."
    )
    _json_for(sentence, arguments)
    print(f"labhand: {sentence}", file=sys.stderr)
    return WRONG_USAGE if isinstance(error, _UsageError) else FAILED


def _wants_json(arguments: Sequence[str]) -> bool:
    end = arguments.index("--") if "--" in arguments else len(arguments)
    return "--json" in arguments[:end]


def _has_file(arguments: Sequence[str]) -> bool:
    """A batch's replies are JSON with or without ``--json``."""
    return any(a == "-f" or a.partition("=")[0] == "--file" for a in arguments)


def _json_for(error: BaseException, arguments: Sequence[str]) -> None:
    """With ``--json`` standard output holds JSON alone, also when nothing could be done."""
    if not _wants_json(arguments):
        return
    if arguments and arguments[0] == "ask":
        print(failed_reply("", error).to_json(), flush=True)
    else:
        record = {"error": type(error).__name__, "message": sentence_of(error)}
        print(json.dumps(record, ensure_ascii=False), flush=True)
