"""``labhand tools``: what there is, what one takes, and a call by hand."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .report import ANSWERED, print_json

if TYPE_CHECKING:
    from ..tools.contract import Observation, ToolSpec

app = typer.Typer(
    help="List, show and call the tools.", rich_markup_mode=None, no_args_is_help=True
)
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_tools(as_json: Json = False) -> int:
    """List the tools by domain."""
    from ..tools.contract import ToolRegistry

    specs = sorted(ToolRegistry(), key=lambda t: (t.domain, t.name))
    if as_json:
        keys = ("name", "domain", "summary", "signature", "method", "version")
        print_json([{key: getattr(t, key) for key in keys} for t in specs])
        return ANSWERED
    domain = ""
    width = max((len(t.name) for t in specs), default=0)
    for spec in specs:
        if spec.domain != domain:
            domain = spec.domain
            print(f"{domain}")
        print(f"  {spec.name:<{width}}  {first_sentence(spec.summary)}")
    return ANSWERED


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="Name of the tool.", metavar="NAME")],
    as_json: Json = False,
) -> int:
    """Show what a tool does, takes and returns."""
    from ..tools.contract import ToolRegistry

    spec = ToolRegistry()[name]
    if as_json:
        print_json(_as_data(spec))
    else:
        print(describe(spec))
    return ANSWERED


@app.command(
    "call",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
    add_help_option=False,
)
def call(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of the tool.", metavar="NAME")] = "",
    as_json: Json = False,
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Run it even if it needs approval.")
    ] = False,
) -> int:
    """Call a tool: labhand tools call molar_mass smiles=CCO. NAME --help shows its arguments."""
    from ..tools.contract import ToolRegistry
    from ..tools.contract.errors import UsageError

    words = [name, *context.args] if name else list(context.args)
    if not words or words[0] in ("--help", "-h"):
        print(context.get_help())
        print("\nArguments of a tool: labhand tools call NAME --help")
        return ANSWERED
    registry = ToolRegistry()
    spec = registry[words[0]]
    if "--help" in words or "-h" in words:
        print(describe(spec))
        return ANSWERED
    given = arguments_from(spec, words[1:])
    spec.validated(given)
    if spec.needs_approval and not yes and not _agreed(spec):
        raise UsageError(
            f"{spec.name} was not run: it needs approval ({spec.touches.value}, "
            f"{spec.cost.value}).",
            "Give --yes to run it.",
        )
    observation = run_once(registry, spec, given)
    if as_json:
        print_json(observation.model_dump(mode="json"))
    else:
        print_observation(observation)
    return ANSWERED


def run_once(registry: Any, spec: ToolSpec, arguments: Mapping[str, Any]) -> Observation:
    """Run a tool through the executor, as an agent would, outside of any session.

    What it writes goes to ``<home>/calls``, whose ledger numbers the calls.
    """
    from ..tools.contract.home import cache_folder
    from ..tools.execution.executor import LocalExecutor
    from ..tools.ledger import Ledger, ToolCache
    from ..tools.ledger.database import make_folder
    from .workbench import prepare

    home = prepare().settings.home
    cache = ToolCache(cache_folder() / "tools.sqlite")
    folder = home / "calls"
    make_folder(folder)
    ledger = Ledger(folder / "calls.sqlite")
    executor = LocalExecutor(registry, ledger, folder / "files", cache=cache, workers=1)
    try:
        return executor.run(spec.name, arguments)
    finally:
        executor.close()
        cache.close()
        ledger.close()


def arguments_from(spec: ToolSpec, words: Sequence[str]) -> dict[str, Any]:
    """Arguments from ``key=value`` (or ``--key value``), read as the schema says.

    Raises:
        ToolInputError: a word is neither.
    """
    from ..tools.contract.errors import ToolInputError

    found: dict[str, Any] = {}
    left = list(words)
    while left:
        word = left.pop(0)
        name, equals, value = word.lstrip("-").partition("=")
        if not equals and word.startswith("--") and left:
            value, equals = left.pop(0), "="
        if not equals:
            raise ToolInputError(f"{word!r} is no argument.", f"Write name=value: {spec.signature}")
        found[name.replace("-", "_")] = _value(spec, name.replace("-", "_"), value)
    return found


def _value(spec: ToolSpec, name: str, text: str) -> Any:
    """A text stays text where the schema takes text; else it is read as JSON."""
    schema = spec.json_schema().get("properties", {}).get(name, {})
    kinds = _types(schema)
    if "string" in kinds and not (text == "null" and "null" in kinds):
        return text
    try:
        return json.loads(text)
    except ValueError:
        pass
    if "boolean" in kinds and text.lower() in ("yes", "true", "no", "false"):
        return text.lower() in ("yes", "true")
    if "array" in kinds:
        return [part.strip() for part in text.split(",")]
    return text


def _types(schema: Mapping[str, Any]) -> set[str]:
    kinds = {schema["type"]} if isinstance(schema.get("type"), str) else set()
    for part in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        kinds |= _types(part)
    if all(isinstance(v, str) for v in schema.get("enum", (0,))):
        kinds.add("string")
    return kinds


def _agreed(spec: ToolSpec) -> bool:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    sys.stderr.write(f"{spec.name} {spec.touches.value}s ({spec.cost.value}). Run it? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def describe(spec: ToolSpec) -> str:
    """A page about a tool, from its docstring, its schema and its frames."""
    from ..tools.contract import catalogue

    lines = [spec.signature, "", spec.description, "", "Arguments:"]
    for name, info in spec.arguments.model_fields.items():
        schema = spec.json_schema()["properties"][name]
        default = "" if info.is_required() else f" (default: {info.default!r})"
        allowed = f" One of: {', '.join(map(str, schema['enum']))}." if "enum" in schema else ""
        lines.append(f"  {name}{default}  {info.description or ''}{allowed}")
    lines += ["", "Returns:"]
    for name in spec.yields:
        known = catalogue().get(name)
        unit = f" [{known.unit}]" if known and known.unit else ""
        lines.append(f"  {name}{unit}  {known.description if known else ''}")
    lines += ["", f"Method: {spec.method}"]
    lines += [f"Reference: {spec.reference}"] if spec.reference else []
    limits = f"{spec.cost.value}, {spec.touches.value}, at most {spec.seconds:g} s"
    lines += [f"Cost: {limits}" + (", asks before it runs" if spec.needs_approval else "")]
    asked = [way for frame in spec.frames().frames for way in frame.ask][:3]
    lines += ["", "Asked for by, for example:"] + [f"  {way}" for way in asked] if asked else []
    return "\n".join(lines)


def first_sentence(text: str) -> str:
    """The text up to its first full stop.

    >>> from labhand.cli.tools import first_sentence
    >>> first_sentence("The mass of one mole. More, e.g. this.")
    'The mass of one mole.'
    """
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def _as_data(spec: ToolSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "domain": spec.domain,
        "description": spec.description,
        "arguments": spec.json_schema(),
        "yields": list(spec.yields),
        "method": spec.method,
        "reference": spec.reference,
        "version": spec.version,
        "cost": spec.cost.value,
        "touches": spec.touches.value,
        "needs_approval": spec.needs_approval,
        "seconds": spec.seconds,
        "megabytes": spec.megabytes,
    }


def print_observation(observation: Observation) -> None:
    """The observation as text."""
    from ..agents.repl import evidence_table
    from .printing import console_for

    evidence_table.print_observation(console_for("auto"), observation)
