"""The bundled model trained on with a town's own knowledge, among our own words so that it forgets nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from knowledge.dense import BUNDLED, Encoder
from knowledge.embedding.contrastive import Recipe, train_table
from knowledge.embedding.guides import pairs_without
from knowledge.embedding.pair import Pair, Source, held_back
from knowledge.embedding.terms import term_pairs
from knowledge.embedding.train import Trained, encoded
from knowledge.embedding.vocabulary import token_parts
from knowledge.embedding.written import written_pairs
from knowledge.glossary import terms

GENTLE = Recipe(
    steps=400,
    batch=256,
    rate=0.0002,
    mixture=(
        (Source.GUIDE, 0.45),
        (Source.TABLE, 0.05),
        (Source.TERM, 0.3),
        (Source.ASKED, 0.1),
        (Source.WRITTEN, 0.1),
    ),
)
"""A fiftieth of the first training's rate: the table moves towards the town and stays itself.

At five times the rate the demo city's glossary terms were found .07 worse (mean 1/rank .749, then .680).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A word of another language, or a reading, and the Japanese term that it stands for."""

    text: str
    ja: str


def adapt(own: Sequence[Pair], recipe: Recipe = GENTLE, start: Path = BUNDLED) -> Trained:
    """The model of `start` after training on these pairs and on ours, without the held-back words.

    One thread; the same pairs give the same table.
    """
    torch.set_num_threads(1)
    tokenizer = Tokenizer.from_file(str(start / "tokenizer.json"))
    table = load_file(start / "model.safetensors")["embedding.weight"].astype(np.float32)
    pairs = [*own, *mixed_in()]
    sources = {source: encoded(tokenizer, [pair for pair in pairs if pair.source is source]) for source in Source}
    present = {source: found for source, found in sources.items() if len(found.left)}
    trained = train_table(table, token_parts(tokenizer), present, recipe)
    trained[0] *= 1e-3 / max(float(np.linalg.norm(trained[0])), 1e-6)  # [UNK] says nothing, yet is no zero vector
    return Trained(tokenizer=tokenizer, table=trained)


def mixed_in() -> list[Pair]:
    """Our own pairs without the held-back words: what keeps the table from forgetting."""
    unseen = {text for word in unseen_words() for text in (word.text, word.ja)}
    return [p for p in pairs_without([*term_pairs(), *written_pairs()], unseen) if p.group not in unseen]


def unseen_words() -> list[Word]:
    """15 % of the glossary's terms, by a fixed hash, in every language: `adapt` never mixes them in."""
    held = [term for term in terms() if held_back("term", term.ja[0])]
    return [
        Word(text=text, ja=term.ja[0])
        for term in held
        for text in (term.reading, *(form for _, written in term.local for form in written[:1]))
    ]


def word_ranks(encoder: Encoder, words: Sequence[Word]) -> list[float]:
    """For each word 1/rank of its term among all terms of the glossary, by the encoder alone."""
    names = [term.ja[0] for term in terms()]
    place = {name: n for n, name in enumerate(names)}
    scores = encoder.encode_queries([word.text for word in words]) @ encoder.encode_passages(names).T
    own = scores[np.arange(len(words)), [place[word.ja] for word in words]]
    return [float(rank) for rank in 1 / (1 + (scores > own[:, None]).sum(axis=1))]
