"""Write docs/tools.md from the tools themselves; a test holds that the page is up to date.

python docs/build_tools_page.py
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from labhand.tools.contract import ToolRegistry, ToolSpec, catalogue
from labhand.tools.contract.frames import slot_base

PAGE = Path(__file__).with_name("tools.md")


def page() -> str:
    """The whole page."""
    tools = sorted(ToolRegistry(), key=lambda s: (s.domain, s.name))
    lines = [
        "# The tools",
        "",
        "Made by `docs/build_tools_page.py` from the tools' own definitions; do not edit.",
        "",
    ]
    for domain, members in groupby(tools, key=lambda s: s.domain):
        lines += [f"## {domain}", ""]
        for spec in members:
            lines += [*_tool(spec), ""]
    return "\n".join(lines).rstrip() + "\n"


def _tool(spec: ToolSpec) -> Iterator[str]:
    yield f"### `{spec.signature}`"
    yield ""
    yield spec.summary
    yield ""
    for name, schema in spec.json_schema().get("properties", {}).items():
        yield f"- `{name}`: {schema.get('description', '')}"
    yield f"- yields {', '.join(_property(name) for name in spec.yields)}"
    yield f"- method: {spec.method}"
    if spec.reference:
        yield f"- reference: {spec.reference}"
    yield f"- {spec.cost.value}; touches: {spec.touches.value}"
    frames = spec.frames()
    asked = [_example(f.ask[0], frames.examples, frames.choices) for f in frames.frames[:4]]
    yield f"- ask, for example: {'; '.join(f'“{a}”' for a in asked)}"


def _property(name: str) -> str:
    unit = catalogue()[name].unit
    return f"`{name}`" + (f" ({unit})" if unit else "")


def _example(ask: str, examples, choices) -> str:
    import re

    def value(match: re.Match[str]) -> str:
        base = slot_base(match[1])
        if base in choices:
            return next(iter(choices[base].values()))[0]
        number = int(match[1].rpartition("_")[2]) - 1 if base != match[1] else 0
        return examples[base][min(number, len(examples[base]) - 1)]

    return re.sub(r"\{([a-z_0-9]+)\}", value, ask)


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
