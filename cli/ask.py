"""``labhand ask``: one question, several models, or a file of questions."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .report import ANSWERED, FAILED, INTERRUPTED, failed_reply, print_json, report

if TYPE_CHECKING:
    from ..agents.reply import Reply
    from .workbench import Workbench


def ask(
    question: Annotated[
        list[str] | None,
        typer.Argument(help="The question; - or nothing reads standard input.", metavar="QUESTION"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the reply as JSON.")] = False,
    model: Annotated[
        str | None, typer.Option("--model", "-m", help="The model that answers.", metavar="NAME")
    ] = None,
    models: Annotated[
        str | None,
        typer.Option("--models", help="Ask several models and compare.", metavar="A,B"),
    ] = None,
    strategy: Annotated[
        str | None, typer.Option("--strategy", "-s", help="The prompting strategy.", metavar="NAME")
    ] = None,
    attach: Annotated[
        list[Path] | None,
        typer.Option("--attach", "-a", help="A text file that goes with it.", metavar="FILE"),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--file",
            "-f",
            help='A file with one {"question": …} a line; - is standard input. '
            "Each line gets one reply line of JSON.",
            metavar="QUESTIONS.jsonl",
        ),
    ] = None,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Take steps that need approval without asking.")
    ] = False,
    resume: Annotated[
        str | None, typer.Option("--resume", "-r", help="Go on with this session.", metavar="ID")
    ] = None,
    max_calls: Annotated[int | None, typer.Option(help="Most model calls of a turn.")] = None,
    max_tokens: Annotated[int | None, typer.Option(help="Most tokens of a turn.")] = None,
    max_cost: Annotated[float | None, typer.Option(help="Most US dollars of a turn.")] = None,
    max_seconds: Annotated[float | None, typer.Option(help="Most seconds of a turn.")] = None,
) -> int:
    """Ask a question and print the answer with its evidence.

    The exit code is 0 when it was answered, abstained or refused, 1 when it failed,
    2 for wrong usage; with --file it is 0 once every line has its reply.
    """
    from .workbench import Workbench, prepare

    limits = {
        "model_calls": max_calls,
        "tokens": max_tokens,
        "cost_usd": max_cost,
        "seconds": max_seconds,
    }
    text = ""
    try:
        _check_modes(question, models, model, file, resume)
        flags: dict[str, Any] = {"model": model, "strategy": strategy, "budget": limits}
        flags["approvals"] = "all" if yes else None
        loaded = prepare(flags)
        with Workbench(loaded) as bench:
            if file is not None:
                return _file(bench, file, as_json)
            text = _question(question)
            files = _attachments(attach)
            if models is not None:
                return _several(bench, text, files, models, as_json)
            return _one(bench, text, files, resume, as_json)
    except OSError:
        raise  # standard output: there is no place for JSON
    except Exception as error:
        if not as_json:
            raise
        print(failed_reply(text, error, model=model or "").to_json(), flush=True)
        return report(error)


def _check_modes(
    question: list[str] | None,
    models: str | None,
    model: str | None,
    file: str | None,
    resume: str | None,
) -> None:
    from ..tools.contract.errors import UsageError

    excluded = (
        (file is not None and bool(question), "--file", "a question"),
        (file is not None and models is not None, "--file", "--models"),
        (file is not None and resume is not None, "--file", "--resume"),
        (models is not None and resume is not None, "--models", "--resume"),
        (models is not None and model is not None, "--models", "--model"),
    )
    for both, one, other in excluded:
        if both:
            raise UsageError(f"{one} and {other} exclude each other.", "Give one of them.")


def _question(words: list[str] | None) -> str:
    from ..agents.question import checked_question
    from ..tools.contract.errors import UsageError

    if not words and sys.stdin.isatty():
        raise UsageError("There is no question.", "Write: labhand ask 'molar mass of caffeine'")
    if not words or words == ["-"]:
        content = sys.stdin.buffer.read()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise UsageError("What came by standard input is not text.", "Pipe UTF-8.")
    else:
        text = _as_utf_8(" ".join(words))
    return checked_question(text)


def _as_utf_8(text: str) -> str:
    """In a terminal without UTF-8 Python keeps other bytes as surrogates: read them as UTF-8."""
    try:
        return text.encode(sys.getfilesystemencoding(), "surrogateescape").decode("utf-8")
    except UnicodeError:
        return text


def _attachments(files: list[Path] | None) -> list[Path]:
    from ..agents.attachments import expanded, read_attachment

    found = [expanded(path) for path in files or ()]
    for path in found:
        read_attachment(path)
    return found


def _one(bench: Workbench, text: str, files: list[Path], resume: str | None, as_json: bool) -> int:
    from .asking import Asker
    from .printing import print_reply

    asker = Asker(bench, quiet=as_json)
    session = bench.session(resume=resume, approve=asker.approver())
    with session:
        reply = asker.ask(session, text, files)
    if as_json:
        print(reply.to_json(), flush=True)
    else:
        print_reply(reply, bench.settings.color)
    if asker.interrupted:
        return INTERRUPTED
    return FAILED if reply.status == "failed" else ANSWERED


def _several(bench: Workbench, text: str, files: list[Path], models: str, as_json: bool) -> int:
    from ..tools.contract.errors import UsageError
    from .agreement import agreement
    from .asking import Asker
    from .printing import print_agreement, print_reply

    names = list(dict.fromkeys(name.strip() for name in models.split(",") if name.strip()))
    if len(names) < 2:
        raise UsageError("--models needs at least two names.", "Write: --models A,B")
    asker = Asker(bench, quiet=as_json)
    replies: list[Reply] = []
    for name in names:
        try:
            with bench.session(model=name, approve=asker.approver()) as session:
                replies.append(asker.ask(session, text, files))
        except Exception as error:
            # One model that cannot be made must not take the others' answers with it.
            print(f"labhand: {name}: {error}", file=sys.stderr)
            replies.append(failed_reply(text, error, model=name))
        if asker.interrupted:
            break
    verdict = agreement(names, replies)
    if as_json:
        several = [r.model_dump(mode="json") for r in replies]
        print_json({"question": text, "replies": several, "agreement": verdict})
    else:
        for name, reply in zip(names, replies, strict=False):
            print_reply(reply, bench.settings.color, heading=name)
        print_agreement(verdict, bench.settings.color)
    if asker.interrupted:
        return INTERRUPTED
    return FAILED if any(r.status == "failed" for r in replies) else ANSWERED


def _file(bench: Workbench, name: str, as_json: bool) -> int:
    from .asking import Asker
    from .batch import run_batch

    asker = Asker(bench, quiet=True)

    def answer(question: str) -> Reply:
        with bench.session(approve=asker.approver()) as session:
            return asker.ask(session, question, [])

    with _lines(name) as lines:
        for line in run_batch(lines, answer):
            print(line, flush=True)
            if asker.interrupted:
                return INTERRUPTED
    return ANSWERED


@contextmanager
def _lines(name: str) -> Iterator[Iterator[bytes]]:
    from ..agents.attachments import expanded
    from ..tools.contract.errors import UsageError

    if name == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        handle = open(expanded(Path(name)), "rb")  # noqa: SIM115 - closed below
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{name} cannot be read: {reason}.", "Check the path.") from error
    with handle:
        yield iter(handle)
