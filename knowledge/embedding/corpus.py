"""The public texts that the embedding may be trained on, read from the data folder into pairs.

Laws are free of copyright; the じょうるり市 pages and the Tokyo strings are MIT, Tatoeba is CC BY 2.0 FR.
Evaluation sets are not read here, and must never be.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

from knowledge.embedding.pair import Pair, Source

_HALF_CHARS = 60  # a shorter article is not halved: its halves say too little
_MAX_CHARS = 400  # of one side of a pair; more adds time, not meaning
_TOKYO_LANGUAGES = ("ja-Hira", "en", "zh_CN", "zh_TW", "ko", "vi", "th")


def public_pairs(data: Path) -> list[Pair]:
    """All pairs of the public sets under `data`, in file order.

    Raises FileNotFoundError when a set is missing: a model trained on less must not look like the same model.
    """
    return [
        *law_pairs(data / "laws_jp"),
        *page_pairs(data / "demo_city_joruri"),
        *parallel_pairs(data / "crosslingual"),
    ]


def law_pairs(folder: Path) -> Iterator[Pair]:
    """Each article's first half with its second, each law's title with its articles, and neighbouring articles."""
    before: tuple[str, str] | None = None  # law title, text
    for row in _rows(folder / "articles.jsonl.gz"):
        text, law = str(row["text"]), str(row["title"]).split(" ")[0]
        group = str(row["id"])
        yield Pair(left=law, right=text[:_MAX_CHARS], group=law, source=Source.LAW)
        if len(text) >= _HALF_CHARS:
            middle = _middle(text)
            first, second = text[:middle][-_MAX_CHARS:], text[middle:][:_MAX_CHARS]
            yield Pair(left=first, right=second, group=group, source=Source.LAW)
        if before is not None and before[0] == law:
            yield Pair(left=before[1][:_MAX_CHARS], right=text[:_MAX_CHARS], group=law, source=Source.LAW)
        before = (law, text)


def page_pairs(folder: Path) -> Iterator[Pair]:
    """Each page's title with every paragraph block of it, and with the page's start."""
    for row in _rows(folder / "corpus.jsonl"):
        title, group = str(row["title"]), str(row["id"])
        for block in _blocks(str(row["text"])):
            yield Pair(left=title, right=f"{title}\n{block}", group=group, source=Source.PAGE)
            yield Pair(left=title, right=block, group=group, source=Source.PAGE)


def parallel_pairs(folder: Path) -> Iterator[Pair]:
    """Sentences with their translations: Tatoeba (language ↔ English) and the Tokyo strings (language ↔ Japanese)."""
    for path in sorted((folder / "tatoeba").glob("*.jsonl")):
        for row in _rows(path):
            yield Pair(left=str(row["text"]), right=str(row["eng"]), group=f"ta {row['eng']}", source=Source.PARALLEL)
    for row in _rows(folder / "tokyo_covid_i18n" / "parallel.dev.jsonl"):
        for language in _TOKYO_LANGUAGES:
            if row.get(language):
                yield Pair(left=str(row[language]), right=str(row["ja"]), group=str(row["id"]), source=Source.PARALLEL)


def _rows(path: Path) -> Iterator[dict[str, object]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    for line in text.split("\n"):  # not splitlines: U+2028 may stand inside a JSON string
        if line.strip():
            yield json.loads(line)


def _middle(text: str) -> int:
    """The sentence end nearest to the middle, or the middle itself."""
    half = len(text) // 2
    ends = [i + 1 for i, c in enumerate(text[:-1]) if c in "。\n"]
    return min(ends, key=lambda end: abs(end - half), default=half)


def _blocks(text: str) -> Iterator[str]:
    """Lines joined to blocks of about 200 characters."""
    block = ""
    for line in text.splitlines():
        block = f"{block}\n{line}".strip()
        if len(block) >= 200:
            yield block[:_MAX_CHARS]
            block = ""
    if block:
        yield block
