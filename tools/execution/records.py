"""Findings as plain JSON data, to cross a process boundary and to be cached."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from ..contract import Finding, NewFile, Quantity


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """The finding as plain data; the content of files that are bytes in base 64."""
    return {
        "quantities": [
            q.model_dump(mode="json", exclude_defaults=True) for q in finding.quantities
        ],
        "summary": finding.summary,
        "method": finding.method,
        "reference": finding.reference,
        "warnings": list(finding.warnings),
        "files": [_file_to_dict(f) for f in finding.files],
    }


def finding_from_dict(record: Mapping[str, Any]) -> Finding:
    """Rebuild what ``finding_to_dict`` wrote.

    Raises:
        KeyError, TypeError, ValueError: the record is not a finding.
    """
    return Finding(
        quantities=tuple(Quantity.model_validate(q) for q in record["quantities"]),
        summary=record["summary"],
        method=record["method"],
        reference=record["reference"],
        warnings=tuple(record["warnings"]),
        files=tuple(_file_from_dict(f) for f in record["files"]),
    )


def _file_to_dict(file: NewFile) -> dict[str, Any]:
    content = file.content
    body = (
        {"text": content}
        if isinstance(content, str)
        else {"base64": base64.b64encode(content).decode("ascii")}
    )
    return {
        "name": file.name,
        "media_type": file.media_type,
        "description": file.description,
        **body,
    }


def _file_from_dict(record: Mapping[str, Any]) -> NewFile:
    content = record["text"] if "text" in record else base64.b64decode(record["base64"])
    return NewFile(record["name"], content, record["media_type"], record["description"])
