"""The template engine: ``{{name}}`` is replaced by a text, and nothing else happens.

It is strict in both directions: a variable of the template that is not given, and a
given one that the template does not use, are errors. A value is put in as it is; braces
in it mean nothing, so text that others wrote cannot reach further than its place.
Single braces are plain text, because answers refer to evidence by them (``{o1.smiles}``).
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping

from ..tools.contract.errors import StrategyError

_VARIABLE = re.compile(r"\{\{([a-z][a-z0-9_]*)\}\}")


def variables_of(template: str) -> tuple[str, ...]:
    """The variables of a template, each once, in the order of first use.

    >>> from labhand.prompts.templates import variables_of
    >>> variables_of("{{persona}} Refer to {o1.smiles}. {{tools}}")
    ('persona', 'tools')

    Raises:
        StrategyError: double braces that enclose no lower-case name.
    """
    rest = _VARIABLE.sub("", template)
    broken = re.search(r"\{\{.{0,40}|.{0,40}\}\}", rest)
    if broken:
        raise StrategyError(
            f"the template has a malformed variable near {broken.group(0)!r}.",
            "Write variables as {{name}}, in lower case and without spaces.",
        )
    return tuple(dict.fromkeys(_VARIABLE.findall(template)))


def fill_template(template: str, values: Mapping[str, str]) -> str:
    """The template with its variables replaced.

    >>> from labhand.prompts.templates import fill_template
    >>> fill_template("You are {{role}}.", {"role": "a chemist"})
    'You are a chemist.'

    Raises:
        StrategyError: a variable is missing or given in vain; near names are named.
    """
    wanted = variables_of(template)
    missing = [name for name in wanted if name not in values]
    if missing:
        raise StrategyError(
            f"the template needs {{{{{missing[0]}}}}}, which is not given.",
            _near(missing[0], list(values)),
        )
    unused = [name for name in values if name not in wanted]
    if unused:
        raise StrategyError(
            f"the template does not use {{{{{unused[0]}}}}}, which is given.",
            _near(unused[0], list(wanted)),
        )
    return _VARIABLE.sub(lambda match: values[match.group(1)], template)


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"Did you mean {{{{{near[0]}}}}}?"
    return f"There are: {', '.join(known)}." if known else ""
