"""The vocabulary of training: Pair, and the sources from which pairs come."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a pair comes from; one batch is made of one source, so that its negatives are hard but fair."""

    LAW = "law"  # 法令: halves, neighbours and titles of articles
    PAGE = "page"  # pages of the fictional demo city じょうるり市
    PARALLEL = "parallel"  # one sentence in two languages
    GUIDE = "guide"  # our own demo city's guides: question ↔ text, translation ↔ Japanese
    TABLE = "table"  # our own demo city's tables: names in other words and languages
    TERM = "term"  # our glossary, lexicon and thesaurus
    ASKED = "asked"  # our questions of residents in thirteen languages
    WRITTEN = "written"  # pairs/*.tsv, written for this project


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two texts that mean the same or answer each other."""

    left: str
    right: str
    group: str  # pairs of one group are never each other's negatives
    source: Source


def held_back(*parts: str, share: float = 0.15) -> bool:
    """True for a fixed `share` (0-1) of all keys: the same keys on every machine and in every run."""
    digest = hashlib.sha256("\x1f".join(parts).encode()).digest()
    return int.from_bytes(digest[:4], "big") < share * 2**32
