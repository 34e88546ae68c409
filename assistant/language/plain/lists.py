"""Words that only our rules need to know, from word_lists.tsv; a list a row."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from knowledge.glossary import forms, rows

_FOLDER = Path(__file__).parent


def listed(name: str) -> frozenset[str]:
    """The words of a list. Raises KeyError for a list that isn't there."""
    return _lists()[name]


@lru_cache(maxsize=1)
def plain_verbs() -> Mapping[str, str]:
    """尊敬語・謙譲語: a verb of respect → the everyday verb, for those that have one meaning only."""
    return {row["respectful"]: row["plain"] for row in rows(_FOLDER / "plain_verbs.tsv", ("respectful", "plain"))}


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    return {row["list"]: frozenset(forms(row["words"])) for row in rows(_FOLDER / "word_lists.tsv", ("list", "words"))}
