"""Official terms of Japanese municipalities in fourteen languages, written for this project; a file a topic.

Columns: ja, reading (hiragana), topic, meaning (plain Japanese), then one a language; `|` separates forms, of which the
first is the approved one and the others are what people also write.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.romaji import romaji

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ko", "vi", "pt-BR", "es", "fil", "id", "ne", "th", "my")

_HIRAGANA = re.compile("[\u3041-\u3096ー]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """専門用語: an official word, how it is read, what it means and what it is called elsewhere."""

    ja: tuple[str, ...]  # spellings, the usual one first
    reading: str  # hiragana
    topic: str
    meaning: str  # one sentence of plain Japanese
    local: tuple[tuple[str, tuple[str, ...]], ...]  # (language, forms), the approved form first

    @property
    def romaji(self) -> str:
        """The reading in Latin letters."""
        return romaji(self.reading)


@lru_cache(maxsize=1)
def terms() -> tuple[Term, ...]:
    """All our terms, in order of their files."""
    return read_terms(FOLDER)


def read_terms(folder: Path, *, gaps: bool = False) -> tuple[Term, ...]:
    """All terms of a folder, in order of its files; with `gaps` a language may be empty.

    Raises ValueError that names file and line of a bad row.
    """
    return tuple(term for file in sorted(folder.glob("*.tsv")) for term in _read(file, gaps))


def rows(file: Path, columns: tuple[str, ...], *, may_lack: Collection[str] = ()) -> Iterator[dict[str, str]]:
    """The rows of a tab-separated file with exactly these columns, no cell empty but in the columns of `may_lack`.

    Raises ValueError that names file and line otherwise.
    """
    lines = csv.reader(io.StringIO(_text(file), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE)
    try:
        if tuple(next(lines, ())) != columns:
            raise ValueError(f"{file.name}, line 1: it must name the columns {', '.join(columns)}, with tabs between")
        for cells in lines:
            if len(cells) != len(columns):
                raise ValueError(f"{file.name}, line {lines.line_num}: {len(columns)} cells are needed")
            row = dict(zip(columns, cells, strict=True))
            for name, cell in row.items():
                if not forms(cell) and (name not in may_lack or cell.strip()):
                    raise ValueError(f"{file.name}, line {lines.line_num}: nothing stands under {name}")
            yield row
    except csv.Error as exc:
        raise ValueError(f"{file.name}, line {lines.line_num}: {exc}") from exc


def forms(cell: str) -> tuple[str, ...]:
    """The forms of a cell."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def local_forms(row: dict[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The forms of each language that has some."""
    return tuple((language, found) for language in LANGUAGES if (found := forms(row[language])))


def _read(file: Path, gaps: bool) -> Iterator[Term]:
    columns = ("ja", "reading", "topic", "meaning", *LANGUAGES)
    for number, row in enumerate(rows(file, columns, may_lack=LANGUAGES if gaps else ()), 2):
        reading = row["reading"].strip()
        if not _HIRAGANA.fullmatch(reading):
            raise ValueError(f"{file.name}, line {number}: the reading must be hiragana")
        yield Term(
            ja=forms(row["ja"]), reading=reading, topic=row["topic"], meaning=row["meaning"], local=local_forms(row)
        )


def _text(file: Path) -> str:
    raw = file.read_bytes()
    try:
        return raw.decode("utf-8-sig")  # spreadsheets write a byte order mark
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        raise ValueError(f"{file.name}, line {line}: this is not UTF-8; save the file as UTF-8 text") from exc
