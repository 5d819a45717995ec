"""One call of a tool function, here and now: the same in a worker and inline."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from ..contract import Finding, LabhandError, ToolSpec
from ..contract.errors import ToolDefinitionError, ToolFailedError, ToolMemoryError

_LONGEST_MESSAGE = 2000


def call_tool(spec: ToolSpec, arguments: Mapping[str, Any]) -> Finding:
    """Run a tool with arguments that are validated already.

    Raises:
        LabhandError: the tool's own; or
        ToolMemoryError: it ran out of memory.
        ToolFailedError: any other exception, its words in ``data['engine_message']``.
        ToolDefinitionError: it did not return a ``Finding``.
    """
    try:
        finding = spec.function(**arguments)
    except LabhandError:
        raise
    except MemoryError as error:
        raise memory_error(spec.name, spec.megabytes) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # engines call sys.exit, too
        raise tool_failed(spec.name, error) from error
    if not isinstance(finding, Finding):
        raise ToolDefinitionError(
            f"the tool {spec.name} returned a {type(finding).__name__}, not a Finding.",
            "Return Finding(quantities=(...)).",
            tool=spec.name,
        )
    return finding


def tool_failed(tool: str, error: BaseException) -> ToolFailedError:
    """The sentence for an exception that no tool should let out; never a traceback."""
    words = f"{type(error).__name__}: {error}"[:_LONGEST_MESSAGE]
    first = str(error).strip().partition("\n")[0][:200].rstrip(".")
    return ToolFailedError(
        f"{tool} failed" + (f": {first}." if first else f" ({type(error).__name__})."),
        "Check the input, or reach the answer with another tool.",
        tool=tool,
        engine_message=words,
    )


def memory_error(tool: str, megabytes: int, **data: Any) -> ToolMemoryError:
    """The sentence for a call that went over its memory limit."""
    return ToolMemoryError(
        f"{tool} was stopped: it needed more than its limit of {megabytes} MB of memory.",
        "Try a smaller input or a cheaper method.",
        tool=tool,
        megabytes=megabytes,
        **data,
    )


def find_tool(location: str, source: str | None) -> ToolSpec:
    """The tool at ``module:function``; from its source file where the name does not import.

    Raises:
        ToolDefinitionError: the module cannot be imported here, or has no such tool.
    """
    module_name, _, name = location.partition(":")
    module = _module(module_name, source)
    found = getattr(module, name, None)
    if not isinstance(found, ToolSpec):
        raise ToolDefinitionError(
            f"{module_name} has no tool {name!r} at its top level.",
            "A tool that runs in a worker must be a top-level name of an importable module; "
            "or declare it where='inline'.",
            location=location,
        )
    return found


def _module(name: str, source: str | None) -> ModuleType:
    # The program's __main__ is not the worker's: it has to come from its file.
    if name != "__main__":
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            # A module that the tool's own module lacks is another matter.
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise _unimportable(name, str(error)) from error
        except MemoryError:
            raise
        except Exception as error:
            raise _unimportable(name, f"{type(error).__name__}: {error}") from error
    if source is None or not Path(source).is_file():
        raise _unimportable(name, "there is no module of this name, and no source file")
    return _from_file(name, Path(source))


def _from_file(name: str, path: Path) -> ModuleType:
    alias = f"labhand_file_{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"
    if alias in sys.modules:
        return sys.modules[alias]
    specification = importlib.util.spec_from_file_location(alias, path)
    if specification is None or specification.loader is None:
        raise _unimportable(name, f"{path} is not a Python file")
    module = importlib.util.module_from_spec(specification)
    sys.modules[alias] = module
    try:
        specification.loader.exec_module(module)
    except Exception as error:
        del sys.modules[alias]
        raise _unimportable(name, f"{type(error).__name__}: {error}") from error
    return module


def _unimportable(module: str, why: str) -> ToolDefinitionError:
    return ToolDefinitionError(
        f"a worker process cannot import the module {module}: {why}.",
        "Put the tool into a module that is installed or on sys.path, or declare it "
        "where='inline'.",
        module=module,
    )
