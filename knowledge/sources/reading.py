"""The vocabulary of reading: where a file stands (Origin), what it gave (Reading), and how much is too much."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from knowledge.errors import MalformedSource, NoTextInSource, SourceError, SourceTooLarge
from knowledge.passage import Document, Kind, Layer, Section, Table

MAX_FILE_BYTES = 100 * 1024 * 1024
"""Larger files are refused: the largest law in 法令標準XML has about 30 MB, a scanned plan of a town about 80."""

MAX_PAGES = 2000
"""Longer PDFs are refused: a printed code of all by-laws of a town stays under 1,500 pages."""

MAX_CHARS = 20_000_000
"""More text than this in one file is refused: all 17,161 articles of the laws for residents have 7 million."""

KINDS = ("auto", "guides", "faq", "law", "table", "site")
"""What `--kind` may say; "auto" lets the file's name and content decide."""

SETTINGS = "tables.yaml"
"""Name of the file beside CSV tables that gives title, url, department, date and columns of each."""

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
"""Endings of files that only OCR can read."""

_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Whose files these are and from where they are named."""

    owner: str  # town code, prefecture code or passage.NATION
    layer: Layer
    root: Path  # files are named relative to it in ids and messages
    language: str = "ja"  # BCP-47, where the file does not say
    as_of: date | None = None  # where the file does not say

    def name(self, path: Path) -> str:
        """The file's name relative to the root with slashes; its bare name when it lies elsewhere."""
        try:
            relative = path.relative_to(self.root).as_posix()
        except ValueError:
            relative = ""
        # A root that is the file itself gives "."; the name goes into ids, so bytes that are no text are shown.
        return (relative if relative not in ("", ".") else path.name).encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one source gave; `warnings` name what was left out and why, never the content."""

    documents: tuple[Document, ...] = ()
    tables: tuple[Table, ...] = ()
    warnings: tuple[str, ...] = ()


def refusal(kind: type[SourceError], name: str, why: str = "") -> SourceError:
    """The error with the file's relative name in front; `why` must end with the cure and hold no content."""
    return kind(f"{name}: {why or (kind.__doc__ or '').strip()}")


def load(path: Path, origin: Origin) -> bytes:
    """The bytes of the file.

    Raises SourceTooLarge above MAX_FILE_BYTES and MalformedSource when it can't be opened.
    """
    name = origin.name(path)
    try:
        if not path.is_file():
            raise refusal(MalformedSource, name, "This is not a file. Give a file, or a folder with files.")
        size = path.stat().st_size
        if size > MAX_FILE_BYTES:
            limit = MAX_FILE_BYTES // (1024 * 1024)
            raise refusal(SourceTooLarge, name, f"This file has more than {limit} MB. Split it into smaller files.")
        return path.read_bytes()
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the path
        raise refusal(MalformedSource, name, "This file can't be opened. Check its permissions.") from exc


def page(
    name: str,
    origin: Origin,
    *,
    title: str,
    sections: Iterable[Section],
    part: str = "",
    language: str = "",
    url: str = "",
) -> Document:
    """A Kind.PAGE document named after its file (`page:NAME`, or `page:NAME#PART` for one sheet of several).

    Sections without text are left out.  Raises NoTextInSource when none is left.
    """
    kept = tuple(section for section in sections if section.text.strip())
    if not kept:
        raise refusal(NoTextInSource, name, "This file holds no text. Check that it is the right file.")
    check_chars(name, sum(len(section.text) for section in kept))
    identity = f"page:{name}#{part}" if part else f"page:{name}"
    return Document(
        id=identity, key=identity, owner=origin.owner, layer=origin.layer, kind=Kind.PAGE, title=title.strip() or name,
        language=language or origin.language, url=url, sections=kept, as_of=origin.as_of,
    )  # fmt: skip


def check_chars(name: str, count: int) -> None:
    """Nothing, or SourceTooLarge when one file holds more than MAX_CHARS characters."""
    if count > MAX_CHARS:
        raise refusal(SourceTooLarge, name, "This file holds more than 20 million characters. Split it.")


def day_in(text: str) -> date | None:
    """The first date in the text (2026-04-01, 2026/4/1 9:00, 2026年4月1日), or None."""
    found = _DAY.search(text)
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def fallback_day(path: Path, origin: Origin) -> date:
    """The origin's date, else the day on which the file was last changed (local time)."""
    return origin.as_of or datetime.fromtimestamp(path.stat().st_mtime).date()
