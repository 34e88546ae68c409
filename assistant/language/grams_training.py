"""Makes the table of letter runs from our own texts: `python -m assistant.language.grams_training [--out FILE]`.

Seeded and without network: the same texts give the same bytes with the same numpy. Run it when the glossary, the
lexicon, the questions or the guides have changed much, and measure after it: `python -m eval.identification`.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.language.grams import FAMILIES, TABLE, runs
from assistant.language.grams_texts import Texts, han_texts, latin_texts

BUCKETS = {"latin": 1 << 14, "han": 1 << 14}
_EPOCHS = 6
_BATCH = 64
_RATE = 0.5  # of Adagrad (Duchi, Hazan & Singer, JMLR 2011)
_DECAY = 1e-6
_SEED = 20261120
_WORDS = re.compile(r"[a-z\u00c0-\u024f\u1e00-\u1eff']+|[\u3400-\u9fff々]+")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the table and print how many texts of each language went into it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=TABLE)
    chosen = parser.parse_args(arguments)
    arrays: dict[str, NDArray[np.generic]] = {}
    for family, texts in (("latin", latin_texts()), ("han", han_texts())):
        arrays |= trained(texts, family, BUCKETS[family])
        print(family, {name: sum(language == name for language, _ in texts) for name in FAMILIES[family]})
    np.savez_compressed(chosen.out, **arrays)  # type: ignore[arg-type]
    print(f"{chosen.out}: {chosen.out.stat().st_size:,} bytes")
    return 0


def trained(texts: Texts, family: str, buckets: int) -> dict[str, NDArray[np.generic]]:
    """The weights of one family by softmax regression on the runs of each text, as bytes and their unit.

    Every language counts the same in sum, however many texts it has.
    """
    languages = FAMILIES[family]
    held = [(languages.index(name), list(runs(_WORDS.findall(text), family, buckets))) for name, text in texts]
    held = [(label, found) for label, found in held if found]
    counts = np.bincount([label for label, _ in held], minlength=len(languages))
    worth = (len(held) / len(languages) / np.maximum(counts, 1)).astype(np.float64)
    weights, bias = np.zeros((buckets, len(languages))), np.zeros(len(languages))
    squares = np.full_like(weights, 1e-2)
    random = np.random.default_rng(_SEED)
    for _ in range(_EPOCHS):
        order = random.permutation(len(held))
        for start in range(0, len(order), _BATCH):
            batch = [held[index] for index in order[start : start + _BATCH]]
            _step(batch, weights, bias, squares, worth)
    unit = max(float(np.abs(weights).max()) / 127, 1e-9)
    return {
        family: np.round(weights / unit).astype(np.int8),
        f"{family}_unit": np.array(unit, dtype=np.float32),
        f"{family}_bias": bias.astype(np.float32),
    }


def _step(
    batch: Sequence[tuple[int, list[int]]], weights: NDArray[np.float64], bias: NDArray[np.float64],
    squares: NDArray[np.float64], worth: NDArray[np.float64],
) -> None:  # fmt: skip
    """One step of Adagrad on a batch; changes weights, bias and squares in place."""
    labels = np.array([label for label, _ in batch])
    lengths = np.array([len(found) for _, found in batch])
    buckets = np.concatenate([np.array(found) for _, found in batch])
    scale = np.repeat(1 / np.sqrt(lengths), lengths)[:, None]
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    scores = np.add.reduceat(weights[buckets] * scale, starts, axis=0) + bias
    odds = np.exp(scores - scores.max(axis=1, keepdims=True))
    slope = odds / odds.sum(axis=1, keepdims=True)
    slope[np.arange(len(batch)), labels] -= 1
    slope *= worth[labels][:, None]
    unique, place = np.unique(buckets, return_inverse=True)
    change = np.zeros((len(unique), weights.shape[1]))
    np.add.at(change, place, np.repeat(slope, lengths, axis=0) * scale)
    change += _DECAY * weights[unique]
    squares[unique] += change**2
    weights[unique] -= _RATE * change / np.sqrt(squares[unique])
    bias -= 0.01 * slope.mean(axis=0)


if __name__ == "__main__":
    raise SystemExit(main())
