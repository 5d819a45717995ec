"""The files that tools make, kept under the session's folder with their SHA-256."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path

from ..contract import Artifact, NewFile
from ..contract.errors import StorageError
from ..ledger.database import make_folder

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_artifacts(folder: Path, files: Sequence[NewFile]) -> tuple[Artifact, ...]:
    """Write files into a folder of their own, each whole or not at all.

    A file's name is made safe (a tool never chooses where files go), and numbered when
    it is taken.

    Raises:
        StorageError: the disk is full, or the folder cannot be written.
    """
    if files:
        make_folder(folder)
    return tuple(_write(folder, file) for file in files)


def safe_name(name: str) -> str:
    """The last part of a name, with nothing in it that a file system may dislike.

    >>> from labhand.tools.execution.artifacts import safe_name
    >>> [safe_name(n) for n in ("../../etc/passwd", "a b?.svg", "..", ".bashrc")]
    ['passwd', 'a b_.svg', 'file', 'bashrc']
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return re.sub(r"[^A-Za-z0-9._+\- ]", "_", last).strip(" .")[-120:].strip(" .") or "file"


def _write(folder: Path, file: NewFile) -> Artifact:
    content = file.content.encode("utf-8") if isinstance(file.content, str) else file.content
    path = _free_path(folder, safe_name(file.name))
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        os.replace(part, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        what = "the disk is full" if error.errno in _FULL else str(error.strerror or error)
        raise StorageError(
            f"the file {path} could not be written: {what}.",
            "Free some space or choose another LABHAND_HOME, then ask again.",
            path=str(path),
        ) from error
    return Artifact(
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        media_type=file.media_type,
        description=file.description,
    )


def _free_path(folder: Path, name: str) -> Path:
    path = folder / name
    number = 2
    while path.exists():
        path = folder / f"{Path(name).stem}-{number}{Path(name).suffix}"
        number += 1
    return path
