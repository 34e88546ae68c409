"""What official terms mean, in one line, in each language but Japanese: meanings/CODE.tsv, columns ja and meaning.

Japanese meanings, in plain words, stand with the terms themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from knowledge.glossary import rows

FOLDER = Path(__file__).with_name("meanings")


@cache
def meanings(language: str) -> Mapping[str, str]:
    """The term's usual spelling → what it means in this language (BCP-47); empty for Japanese and unknown languages."""
    file = FOLDER / f"{language}.tsv"
    if language not in {known.stem for known in FOLDER.glob("*.tsv")}:
        return {}
    return {row["ja"]: row["meaning"] for row in rows(file, ("ja", "meaning"))}
