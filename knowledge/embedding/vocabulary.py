"""The tokenizer of the bundled embedding: normalisation lives in it, so every runtime agrees."""

from __future__ import annotations

import json
from collections.abc import Iterable

import numpy as np
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

UNKNOWN = "[UNK]"

_SCRIPT_RUNS = r"[\p{Han}々〆ヶ]+|\p{Hiragana}+|[\p{Katakana}ー]+|\p{N}+"
# Kanji and kana are cut apart: a bag of tokens then shares 引 and 越 between 引っ越し, 引越し and 引越,
# and no token is made of a noun and the particle that happens to follow it.


def new_tokenizer() -> Tokenizer:
    """An untrained BPE tokenizer: NFKC, lower case, letters and digits only, cut where the script changes.

    BPE, since its merges can be undone at random in training (BPE-dropout), which teaches the parts of a word as
    well as the word.  Source: Provilkov, Emelianenko & Voita, ACL 2020.
    """
    tokenizer = Tokenizer(models.BPE(unk_token=UNKNOWN))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"[^\p{L}\p{M}\p{N}]+"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Split(Regex(_SCRIPT_RUNS), "isolated")]
    )
    return tokenizer


def train_tokenizer(texts: Iterable[str], *, size: int) -> Tokenizer:
    """A tokenizer of at most `size` pieces over these texts; the same texts in the same order give the same pieces."""
    tokenizer = new_tokenizer()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        min_frequency=2,
        special_tokens=[UNKNOWN],
        limit_alphabet=6000,
        max_token_length=12,
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def token_parts(tokenizer: Tokenizer) -> np.ndarray:
    """The two tokens of which each token was merged: int32 of shape (size, 2), -1 where it was not merged.

    Training takes tokens apart at random with this table, seeded, as BPE-dropout would do unseeded.
    """
    model = json.loads(tokenizer.to_str())["model"]
    ids: dict[str, int] = model["vocab"]
    parts = np.full((len(ids), 2), -1, dtype=np.int32)
    for left, right in model["merges"]:
        parts[ids[left + right]] = ids[left], ids[right]
    return parts
