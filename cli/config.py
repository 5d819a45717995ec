"""``labhand config``: the settings and where each comes from."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .report import ANSWERED, print_json

app = typer.Typer(help="Show the settings.", rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def _group() -> None:
    """Show the settings."""


@app.command("show")
def show(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> int:
    """Show every setting, its value and where the value comes from.

    In this order: flags, variables LABHAND_…, ./labhand.toml, the user's config.toml,
    defaults. Keys are never shown.
    """
    from .settings import Places, load

    loaded, places = load(), Places.usual()
    rows = {
        name: {"value": value, "origin": loaded.origins[name]}
        for name, value in _flat(loaded.settings.model_dump(mode="json")).items()
        if name in loaded.origins
    }
    files = [str(places.project), str(places.user)]
    if as_json:
        print_json({"settings": rows, "files": files, "notices": list(loaded.notices)})
        return ANSWERED
    width = max(len(name) for name in rows)
    for name, row in rows.items():
        shown = "-" if row["value"] in (None, []) else row["value"]
        print(f"{name:<{width}}  {_text(shown):<32}  {row['origin']}")
    print(f"\nFiles, by precedence: {', '.join(files)}")
    for notice in loaded.notices:
        print(f"! {notice}")
    return ANSWERED


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _flat(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            found.update(_flat(value, f"{prefix}{name}."))
        else:
            found[prefix + name] = value
    return found
