"""How likely each language is by the runs of letters in a text: a small linear model, made from our own texts.

`assistant.language.grams_training` makes the table from the glossary, the lexicon, the residents' questions and the
guides: it knows how residents write to an office, without accents and with Japanese terms in romaji.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

TABLE = Path(__file__).parent / "grams.npz"
FAMILIES: dict[str, tuple[str, ...]] = {
    "latin": ("en", "vi", "pt-BR", "es", "id", "fil", "ja", "ne"),
    "han": ("ja", "zh-Hans", "zh-Hant"),
}
"""Script → the languages that are told apart in it; ja and ne in Latin letters are romaji and romanised Nepali."""

MOST = 600  # letters that are looked at; a language shows in far fewer
_LONGEST = {"latin": 4, "han": 2}  # letters of the longest run


@dataclass(frozen=True, slots=True)
class Grams:
    """The weights of one family of languages."""

    weights: NDArray[np.float32]  # (buckets, languages)
    bias: NDArray[np.float32]  # (languages,)
    languages: tuple[str, ...]
    family: str

    def rank(self, words: Sequence[str]) -> dict[str, float]:
        """The probability (0-1) of each language, for words in folded letters; even ones without words."""
        buckets = list(runs(words, self.family, len(self.weights)))
        scores = self.bias.astype(np.float64)
        if buckets:
            scores = scores + self.weights[buckets].sum(axis=0, dtype=np.float64) / np.sqrt(len(buckets))
        odds = np.exp(scores - scores.max())
        return dict(zip(self.languages, (odds / odds.sum()).tolist(), strict=True))


def runs(words: Sequence[str], family: str, buckets: int) -> Iterator[int]:
    """The buckets of all runs of letters in the words, and of whole words; a space marks where a word ends."""
    longest, left = _LONGEST[family], MOST
    for word in words:
        if left <= 0:
            return
        word = word[:left]
        left -= len(word)
        padded = f" {word} "
        for size in range(1, longest + 1):
            for start in range(len(padded) - size + 1):
                yield crc32(padded[start : start + size].encode()) % buckets
        if len(word) > longest - 2:
            yield crc32(f"={word}".encode()) % buckets


@lru_cache(maxsize=2)
def load_grams(family: str) -> Grams:
    """The shipped weights of "latin" or "han"; read once."""
    with np.load(TABLE, allow_pickle=False) as table:
        weights = table[family].astype(np.float32) * float(table[f"{family}_unit"])
        bias = table[f"{family}_bias"].astype(np.float32)
    return Grams(weights=weights, bias=bias, languages=FAMILIES[family], family=family)
