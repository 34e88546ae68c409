"""Keyword search: BM25 over title, asked questions and body, by tantivy (memory-mapped)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import tantivy

FIELDS = ("title", "asked", "body")
_WRITER_HEAP = 64_000_000  # bytes; tantivy refuses under 15 MB a thread
_B, _K1 = 0.75, 1.2  # tantivy's own constants, needed to know a query's best possible score

Weights = dict[str, float]
DEFAULT_WEIGHTS: Weights = {"title": 1.0, "asked": 0.5, "body": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One passage's tokens, field by field."""

    ordinal: int  # place in the snapshot, from 0
    title: Sequence[str]
    asked: Sequence[str]
    body: Sequence[str]


def build(folder: Path, rows: Iterable[Terms]) -> None:
    """Write a keyword index into an empty folder.

    A single writing thread gives one segment, so that doc frequencies are exact and the folder is reproducible.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(), path=str(folder))
    index.register_tokenizer("spaces", _spaces())
    writer = index.writer(heap_size=_WRITER_HEAP, num_threads=1)
    for row in rows:
        document = tantivy.Document()
        document.add_unsigned("ordinal", row.ordinal)
        for name, words in (("title", row.title), ("asked", row.asked), ("body", row.body)):
            document.add_text(name, " ".join(words))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


class LexicalIndex:
    """An opened keyword index; safe to search from many threads."""

    def __init__(self, folder: Path, weights: Weights | None = None) -> None:
        """Open the index in `folder`. Raises ValueError when there is none."""
        index = tantivy.Index.open(str(folder))
        index.register_tokenizer("spaces", _spaces())
        self._schema = index.schema
        self._searcher = index.searcher()
        self._weights = weights or DEFAULT_WEIGHTS
        self._count = self._searcher.num_docs

    def search(self, words: Sequence[str], k: int) -> list[tuple[int, float]]:
        """The best k (ordinal, score) for these tokens, best first.

        score is the BM25 sum over fields divided by what a passage could reach that holds every word in
        its title and body (0-1, comparable across queries). No words or no match give [].
        """
        unique = list(dict.fromkeys(words))
        if not unique or k < 1:
            return []
        query = tantivy.Query.boolean_query([(tantivy.Occur.Should, self._word_query(word)) for word in unique])
        found = self._searcher.search(query, k, count=False).hits
        best = sum(self.idf(word) for word in unique) * (self._weights["title"] + self._weights["body"]) * (_K1 + 1)
        ordinals = self._searcher.fast_field_values("ordinal", [address for _, address in found])
        return [(int(n or 0), min(1.0, float(score) / best)) for n, (score, _) in zip(ordinals, found, strict=True)]

    def idf(self, word: str) -> float:
        """The word's BM25 idf: ln(1 + (N - n + .5) / (n + .5)), n = most passages with it in any one field.

        Source: Robertson & Zaragoza, 2009, as Lucene and tantivy smooth it.
        """
        n = max(self._searcher.doc_freq(name, word) for name in FIELDS)
        return log(1 + (self._count - n + 0.5) / (n + 0.5))

    def _word_query(self, word: str) -> tantivy.Query:
        parts = [
            (
                tantivy.Occur.Should,
                tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, word, "freq"), weight),
            )
            for name, weight in self._weights.items()
        ]
        return tantivy.Query.boolean_query(parts)


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("ordinal", stored=False, fast=True)
    for name in FIELDS:
        builder.add_text_field(name, stored=False, tokenizer_name="spaces", index_option="freq")
    return builder.build()


def _spaces() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
