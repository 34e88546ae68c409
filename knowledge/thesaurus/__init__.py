"""What residents say and what the office calls it: links between Japanese words, written for this project.

Columns: said, official, relation, weight. `same` and `near` hold both ways, `means` leads from the resident's word to
the official one, `not` keeps two words apart that look alike.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from knowledge.glossary import rows

FOLDER = Path(__file__).parent


class Relation(StrEnum):
    """How two words belong together."""

    SAME = "same"
    MEANS = "means"
    NEAR = "near"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One way from what is said to what is written."""

    said: str
    official: str
    relation: Relation
    weight: float  # 0-1: how surely `said` means `official`


@lru_cache(maxsize=1)
def links() -> tuple[Link, ...]:
    """All our links, in order of their files."""
    return read_links(FOLDER)


def read_links(folder: Path) -> tuple[Link, ...]:
    """All links of a folder. Raises ValueError that names file and line of a bad row."""
    return tuple(link for file in sorted(folder.glob("*.tsv")) for link in _read(file))


def _read(file: Path) -> Iterator[Link]:
    for number, row in enumerate(rows(file, ("said", "official", "relation", "weight")), 2):
        try:
            weight, relation = float(row["weight"]), Relation(row["relation"])
        except ValueError as exc:
            raise ValueError(f"{file.name}, line {number}: {exc}") from exc
        said, official = row["said"].strip(), row["official"].strip()
        if not 0 < weight <= 1 or said == official:
            raise ValueError(f"{file.name}, line {number}: a weight is above 0 and at most 1, and no word is its own")
        yield Link(said=said, official=official, relation=relation, weight=weight)
