"""Tells damaged files of an index version from whole ones, without reading gigabytes at every start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

LARGE = 64 * 1024 * 1024
"""Bytes from which on a file is read in full only when it is not the very file that was found whole before: a town's
index is always read, in some hundredths of a second; a nation's would take the start half a minute from a slow disk."""

_SEEN = ".seen.json"

Mark = list[int]
"""Size, time of change in ns, inode: a copy, a cut-off or a changed file has another one."""


def sha256_of(path: Path) -> str:
    """The file's sha256, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def whole(folder: Path, digests: Mapping[str, str]) -> bool:
    """True when every file is there as its sha256 says; large ones are believed when they were seen whole before."""
    seen, fresh = _read(folder), False
    for name, digest in digests.items():
        path = folder / name
        if not path.is_file():
            return False
        if path.stat().st_size >= LARGE:
            if seen.get(name) == _mark(path):
                continue
            fresh = True
        if sha256_of(path) != digest:
            return False
    if fresh:
        remember(folder, digests)
    return True


def remember(folder: Path, names: Iterable[str]) -> None:
    """Note that the large ones among these files are whole; a folder that can't be written is checked each time."""
    marks = {name: _mark(folder / name) for name in names if (folder / name).stat().st_size >= LARGE}
    if marks:
        with suppress(OSError):
            (folder / _SEEN).write_text(json.dumps(marks), encoding="utf-8")


def _read(folder: Path) -> dict[str, Mark]:
    try:
        found: dict[str, Mark] = json.loads((folder / _SEEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _mark(path: Path) -> Mark:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ino]
