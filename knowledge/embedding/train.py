"""Train the bundled embedding: `python -m knowledge.embedding.train --data DIR --out DIR`.

Seeded, one thread, no network; equal data, versions and machine type give equal bytes.
"""

from __future__ import annotations

import argparse
import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.dense import StaticEncoder
from knowledge.embedding.contrastive import EncodedPairs, Ids, Recipe, first_table, train_table
from knowledge.embedding.corpus import public_pairs
from knowledge.embedding.folder import write_folder
from knowledge.embedding.guides import guide_pairs, pairs_without, questions_held_back, read_guides
from knowledge.embedding.measure import guide_figures, set_figures, speed
from knowledge.embedding.pair import Pair, Source
from knowledge.embedding.tables import table_pairs
from knowledge.embedding.terms import term_pairs
from knowledge.embedding.vocabulary import token_parts, train_tokenizer
from knowledge.embedding.written import written_pairs

DEMO = Path(__file__).parents[1] / "demo_city"
"""The demo city: guides/LANGUAGE/ID.md and tables/*.csv."""

_VOCABULARY = 24_000  # tokens: 12.3 MB of float16 at 256 dimensions; fourteen languages in six scripts need them
_REPEATS = {
    Source.LAW: 1, Source.PAGE: 4, Source.PARALLEL: 4, Source.GUIDE: 3, Source.TABLE: 3, Source.TERM: 2,
    Source.ASKED: 4, Source.WRITTEN: 1,
}  # fmt: skip
# The tokenizer sees residents' words more often than the law's, which are a hundred times as many.

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A tokenizer and its table of vectors, (vocabulary, dimension)."""

    tokenizer: Tokenizer
    table: NDArray[np.float32]


def train(pairs: Sequence[Pair], recipe: Recipe, *, vocabulary: int = _VOCABULARY) -> Trained:
    """A tokenizer and a table trained on these pairs; the same pairs in the same order give the same result."""
    torch.set_num_threads(1)
    tokenizer = train_tokenizer(_texts(pairs), size=vocabulary)
    parts = token_parts(tokenizer)
    sources = {source: encoded(tokenizer, [pair for pair in pairs if pair.source is source]) for source in Source}
    present = {source: found for source, found in sources.items() if len(found.left)}
    counts = np.zeros(len(parts), dtype=np.int64)
    for found in present.values():
        for bag in (*found.left, *found.right):
            counts += np.bincount(bag, minlength=len(parts))
    table = train_table(first_table(counts, parts, recipe), parts, present, recipe)
    table[0] *= 1e-3 / max(float(np.linalg.norm(table[0])), 1e-6)  # [UNK] says nothing, yet is no zero vector
    return Trained(tokenizer=tokenizer, table=table)


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write the folder, print the figures as JSON; 0 when done."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with laws_jp, demo_city_joruri, crosslingual")
    parser.add_argument("--out", type=Path, required=True, help="where the model folder is written")
    parser.add_argument("--demo", type=Path, default=DEMO, help="folder with guides and tables")
    parser.add_argument("--steps", type=int, default=Recipe().steps)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    started = time.perf_counter()
    pairs = training_pairs(options.data, options.demo)
    _log.info("%d pairs", len(pairs))
    trained = train(pairs, Recipe(steps=options.steps))
    write_folder(options.out, trained.tokenizer, trained.table)
    _log.info("trained in %.0f s", time.perf_counter() - started)
    print(json.dumps(figures(options.out, options.data, options.demo), ensure_ascii=False, indent=2))
    return 0


def training_pairs(data: Path, demo: Path = DEMO) -> list[Pair]:
    """Everything that the bundled model is trained on, without the held-back questions."""
    guides = read_guides(demo / "guides")
    unseen = {question for _, question in questions_held_back(guides)}
    own = [*guide_pairs(guides), *table_pairs(demo / "tables"), *written_pairs(), *term_pairs()]
    return pairs_without([*public_pairs(data), *own], unseen)


def figures(folder: Path, data: Path, demo: Path = DEMO) -> dict[str, float]:
    """Every figure of the card for the model in `folder`; the evaluation sets are only ever read here."""
    started = time.perf_counter()
    encoder = StaticEncoder(folder)
    found: dict[str, float] = {"load_s": time.perf_counter() - started}
    read = read_guides(demo / "guides")
    found |= guide_figures(encoder, read)
    corpus = data / "localgovfaq" / "corpus.jsonl"
    for name in ("localgovfaq", "municipal_crosslingual"):
        found |= set_figures(encoder, corpus, data / name)
    found["texts_per_s"] = speed(encoder, [guide.passage for guide in read] * 20)
    return {name: round(value, 3) for name, value in found.items()}


def _texts(pairs: Sequence[Pair]) -> list[str]:
    """Each distinct text, repeated as its source deserves."""
    seen = {text: pair.source for pair in pairs for text in (pair.left, pair.right)}
    return [text for text, source in seen.items() for _ in range(_REPEATS[source])]


def encoded(tokenizer: Tokenizer, pairs: Sequence[Pair]) -> EncodedPairs:
    """The pairs whose both sides have tokens."""
    left = _ids(tokenizer, [pair.left for pair in pairs])
    right = _ids(tokenizer, [pair.right for pair in pairs])
    kept = [n for n in range(len(pairs)) if len(left[n]) and len(right[n])]
    number: dict[str, int] = {}
    groups = np.array([number.setdefault(pairs[n].group, len(number)) for n in kept], dtype=np.int64)
    return EncodedPairs(left=[left[n] for n in kept], right=[right[n] for n in kept], groups=groups)


def _ids(tokenizer: Tokenizer, texts: Sequence[str]) -> list[Ids]:
    return [np.asarray(found.ids, dtype=np.int32) for found in tokenizer.encode_batch(texts, add_special_tokens=False)]


if __name__ == "__main__":
    raise SystemExit(main())
