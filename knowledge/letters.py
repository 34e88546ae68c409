"""How much of a question stands letter by letter in a text: a second opinion beside words and vectors."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from math import log

_RUN = re.compile(r"[\u3041-\u3096\u30a1-\u30ff\u3400-\u9fff々]+|[a-z0-9]+")


def shares(question: str, texts: Sequence[str]) -> list[float]:
    """For each text the share (0-1) of the question's letter pairs in it; a pair that few texts have counts more.

    Pairs need no dictionary, so they see what a wrong cut into words hides. A question without pairs gives zeros.
    """
    pairs = sorted({run[i : i + 2] for run in _RUN.findall(_plain(question)) for i in range(len(run) - 1)})
    if not pairs or not texts:
        return [0.0] * len(texts)
    held = [[pair in text for pair in pairs] for text in map(_plain_text, texts)]
    spread = [sum(column) for column in zip(*held, strict=True)]
    weights = [log(1 + (len(texts) - n + 0.5) / (n + 0.5)) for n in spread]
    total = sum(weights)
    return [sum(w for w, has in zip(weights, row, strict=True) if has) / total for row in held]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).lower()


@lru_cache(maxsize=4_000)
def _plain_text(text: str) -> str:
    # Of texts, which come again and again; never of questions, which are a resident's own and must not stay.
    return _plain(text)
