"""Everyday words of residents in twelve languages, each with the Japanese words that a guide would use.

Columns: ja (search words, the most usual first), then one a language; `|` separates forms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from knowledge.glossary import LANGUAGES, forms, local_forms, rows

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Everyday:
    """One idea: Japanese search words, and what people type for it."""

    ja: tuple[str, ...]
    local: tuple[tuple[str, tuple[str, ...]], ...]  # (language, forms)


@lru_cache(maxsize=1)
def everyday() -> tuple[Everyday, ...]:
    """All our ideas, in order of their files."""
    return read_everyday(FOLDER)


def read_everyday(folder: Path, *, gaps: bool = False) -> tuple[Everyday, ...]:
    """All ideas of a folder; with `gaps` a language may be empty. Raises ValueError that names file and line."""
    return tuple(idea for file in sorted(folder.glob("*.tsv")) for idea in _read(file, gaps))


def _read(file: Path, gaps: bool) -> Iterator[Everyday]:
    for row in rows(file, ("ja", *LANGUAGES), may_lack=LANGUAGES if gaps else ()):
        yield Everyday(ja=forms(row["ja"]), local=local_forms(row))
