"""The door of the sources: which files can be read, and which reader reads one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.sources import ocr
from knowledge.sources.reading import KINDS, PICTURES, SETTINGS, Origin, Reading

_ENDINGS: dict[str, tuple[str, ...]] = {
    "guides": (".md", ".markdown"),
    "faq": (".csv", ".tsv", ".xlsx", ".jsonl", ".jsonl.gz"),
    "law": (".xml", ".jsonl", ".jsonl.gz"),
    "table": (".csv", ".tsv", ".xlsx"),
    "site": (".html", ".htm", ".xhtml", ".md", ".markdown", ".txt", ".pdf", ".docx", ".xlsx", *PICTURES),
}
_ENDINGS["auto"] = tuple(dict.fromkeys(ending for endings in _ENDINGS.values() for ending in endings))
# Files that belong to a folder of knowledge without being knowledge.
_COMPANIONS = frozenset({SETTINGS, "town.yaml", "readme.md", "source.md", "licence", "license", "license.md", "notice"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A file that was not taken, and why (the reason holds no content)."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What stands below the given paths, both in stable order."""

    found: tuple[Path, ...]
    skipped: tuple[Skipped, ...]


def read(path: Path, origin: Origin, *, kind: str = "auto") -> Reading:
    """What the file gives.

    The content decides where it contradicts the ending: a PDF named .txt is read as a PDF.  `kind` is one of
    KINDS and forces the reader among those that fit.
    Raises a SourceError whose message names the file relative to the origin and the cure; ValueError for a kind
    that is none.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    # The libraries for PDF, Office and HTML load only when something is read: the server starts without them.
    from knowledge.sources.readers import read_by_form

    return read_by_form(path, origin, kind, ending_of(path))


def discover(paths: Sequence[Path], kind: str = "auto") -> list[Path]:
    """The files below the paths that `read` takes, in stable order; `survey` also says what was left out."""
    return list(survey(paths, kind).found)


def survey(paths: Sequence[Path], kind: str = "auto") -> Survey:
    """All files below the paths: those to read, and those left out with the reason.

    A file given by name is always taken. Links are followed when they stay below the given folder, each folder
    once.  Raises ValueError for a kind that is none.
    """
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}")
    found: dict[Path, None] = {}
    skipped: list[Skipped] = []
    for path in paths:
        if not path.is_dir():
            found[path] = None
            continue
        for file in _walk(path, skipped):
            reason = _why_not(file, kind)
            if reason:
                skipped.append(Skipped(path=file, reason=reason))
            else:
                found[file] = None
    return Survey(found=tuple(found), skipped=tuple(skipped))


def ending_of(path: Path) -> str:
    """The ending in small letters with the dot; '.jsonl.gz' is one ending."""
    endings = [suffix.lower() for suffix in path.suffixes[-2:]]
    return ".jsonl.gz" if endings == [".jsonl", ".gz"] else (endings[-1] if endings else "")


def _walk(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    root = folder.resolve()
    visited: set[Path] = set()
    for here, folders, files in os.walk(folder, followlinks=True):
        place = Path(here)
        kept = []
        for name in sorted(folders):
            target = (place / name).resolve()
            reason = _link_fault(place / name, target, root) or _folder_fault(name, met=target in visited)
            if reason:
                skipped.append(Skipped(path=place / name, reason=reason))
            else:
                visited.add(target)
                kept.append(name)
        folders[:] = kept
        for name in sorted(files):
            fault = _link_fault(place / name, (place / name).resolve(), root)
            if fault:
                skipped.append(Skipped(path=place / name, reason=fault))
            else:
                yield place / name


def _folder_fault(name: str, *, met: bool) -> str:
    if name.startswith("."):
        return "the folder is hidden"
    return "a folder met before" if met else ""


def _link_fault(path: Path, target: Path, root: Path) -> str:
    if not path.is_symlink():
        return ""
    if not target.exists():
        return "the link leads nowhere"
    if target == root or root in target.parents:
        return "a loop of links" if target == root or target in path.absolute().parents else ""
    return "the link leads out of the folder"


def _why_not(path: Path, kind: str) -> str:
    if path.name.startswith((".", "~$")):
        return "the file is hidden"
    if path.name.lower() in _COMPANIONS:
        return "it belongs to the folder and is no knowledge itself"
    ending = ending_of(path)
    if ending not in _ENDINGS[kind]:
        return f"files ending in {ending or 'nothing'} are not read" + ("" if kind == "auto" else f" as {kind}")
    if ending in PICTURES and not ocr.available():
        return "pictures need tesseract with Japanese, which is not installed"
    return ""
