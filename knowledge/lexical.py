"""Keyword search: BM25 over title, asked questions and body, by tantivy (memory-mapped)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path

import tantivy

from knowledge.asking import Slot

FIELDS = ("title", "asked", "body")
_WRITER_HEAP = 64_000_000  # bytes; tantivy refuses under 15 MB a thread
_B, _K1 = 0.75, 1.2  # tantivy's own constants, needed to know a query's best possible score

MANY = 50_000
"""Passages above which `LexicalIndex.search` would take too long: `nearby` finds, `weigher` scores what it found."""

_MOST_WORDS = 12  # of a question, its expansions counted, that a large shelf is searched for
_ALL = "all"  # field with the words of all three, for `nearby`; only where there are many passages

Weights = dict[str, float]
DEFAULT_WEIGHTS: Weights = {"title": 1.0, "asked": 0.5, "body": 1.0}


Lengths = dict[str, int]
"""Field → tokens in all its passages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """One passage's tokens, field by field."""

    ordinal: int  # place in the snapshot, from 0
    title: Sequence[str]
    asked: Sequence[str]
    body: Sequence[str]


Weigher = Callable[[Terms], float]
"""Scores a passage for a question as `LexicalIndex.search` does."""


def build(folder: Path, rows: Iterable[Terms], *, many: bool = False) -> Lengths:
    """Write a keyword index into an empty folder; returns each field's number of tokens. `many`: see MANY.

    A single writing thread gives one segment, so that doc frequencies are exact and the folder is reproducible.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = tantivy.Index(_schema(many=many), path=str(folder))
    index.register_tokenizer("spaces", _spaces())
    writer = index.writer(heap_size=_WRITER_HEAP, num_threads=1)
    lengths = dict.fromkeys(FIELDS, 0)
    for row in rows:
        document = tantivy.Document()
        document.add_unsigned("ordinal", row.ordinal)
        for name, words in (("title", row.title), ("asked", row.asked), ("body", row.body)):
            lengths[name] += len(words)
            document.add_text(name, " ".join(words))
        if many:
            document.add_text(_ALL, " ".join((*row.title, *row.asked, *row.body)))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return lengths


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

    def search(self, slots: Sequence[Slot], mass: float, k: int) -> list[tuple[int, float]]:
        """The best k (ordinal, score) for these slots, best first.

        A slot scores by the best of its alternatives. score is the BM25 sum over fields divided by what a passage
        could reach that holds all of the question's `mass` (its summed idf) in title and body: 0-1, comparable across
        queries. No slots or no match give [].
        """
        if not slots or k < 1:
            return []
        should = tantivy.Occur.Should
        query = tantivy.Query.boolean_query([(should, self._slot_query(slot)) for slot in dict.fromkeys(slots)])
        found = self._searcher.search(query, k, count=False).hits
        best = self._best(mass)
        ordinals = self._searcher.fast_field_values("ordinal", [address for _, address in found])
        return [(int(n or 0), min(1.0, float(score) / best)) for n, (score, _) in zip(ordinals, found, strict=True)]

    def titled(self, word: str, k: int) -> list[int]:
        """At most k ordinals whose title or path holds the word, such as the token of a law article."""
        query = tantivy.Query.term_query(self._schema, "title", word, "freq")
        found = self._searcher.search(query, k, count=False).hits
        return sorted(int(n or 0) for n in self._searcher.fast_field_values("ordinal", [at for _, at in found]))

    def nearby(self, slots: Sequence[Slot], k: int) -> list[int]:
        """The k ordinals that `search` most likely puts first, in a fraction of its time; the index is one of many.

        One list of words in one field lets tantivy skip whatever can't come first (block-max WAND), which a best of
        alternatives does not. On 100,000 passages the first 100 hold 98.7 % of the first 30 of `search`, all of its 10.
        Only the words that weigh most are looked for: on 1,000,000 passages 12 instead of 16 of up to 34 change 1.5 %
        of the best ten and save a tenth to a fifth of the time.
        """
        weights: dict[str, float] = {}
        for alternative in (a for slot in slots for a in slot.alternatives):
            for word in alternative.words:
                weights[word] = max(weights.get(word, 0.0), alternative.weight)
        if not weights or k < 1:
            return []
        if len(weights) > _MOST_WORDS:
            weightiest = sorted(weights.items(), key=lambda each: -each[1] * self.idf(each[0]))
            weights = dict(weightiest[:_MOST_WORDS])
        query = tantivy.Query.boolean_query([self._word(_ALL, word, weight) for word, weight in weights.items()])
        found = self._searcher.search(query, k, count=False).hits
        return [int(n or 0) for n in self._searcher.fast_field_values("ordinal", [address for _, address in found])]

    def weigher(self, slots: Sequence[Slot], mass: float, lengths: Lengths) -> Weigher:
        """What scores passages one by one as `search` would; `lengths` as `build` returned them."""
        words = {word for slot in slots for a in slot.alternatives for word in a.words}
        sides = [
            (name, weight * (_K1 + 1), max(lengths[name] / max(1, self._count), 1e-9),
             {word: self._idf(self._searcher.doc_freq(name, word)) for word in words})
            for name, weight in self._weights.items()
        ]  # fmt: skip
        ways = [[(a.words, a.weight) for a in slot.alternatives] for slot in dict.fromkeys(slots)]
        best = self._best(mass)

        def weigh(terms: Terms) -> float:
            got: dict[str, float] = {}
            for name, weight, average, idf in sides:
                held: Sequence[str] = getattr(terms, name)
                norm = _K1 * (1 - _B + _B * _rounded(len(held)) / average)
                for word in words.intersection(held):
                    often = held.count(word)
                    got[word] = got.get(word, 0.0) + weight * idf[word] * often / (often + norm)
            if not got:
                return 0.0
            found = sum(max(w * sum(got.get(word, 0.0) for word in way) for way, w in slot) for slot in ways)
            return min(1.0, found / best)

        return weigh

    def idf(self, word: str) -> float:
        """The word's BM25 idf: ln(1 + (N - n + .5) / (n + .5)), n = most passages with it in any one field.

        Source: Robertson & Zaragoza, 2009, as Lucene and tantivy smooth it.
        """
        return self._idf(max(self._searcher.doc_freq(name, word) for name in FIELDS))

    def _idf(self, n: int) -> float:
        return log(1 + (self._count - n + 0.5) / (n + 0.5))

    def _best(self, mass: float) -> float:
        return mass * (self._weights["title"] + self._weights["body"]) * (_K1 + 1)

    def _slot_query(self, slot: Slot) -> tantivy.Query:
        ways = [self._words_query(alternative.words, alternative.weight) for alternative in slot.alternatives]
        return ways[0] if len(ways) == 1 else tantivy.Query.disjunction_max_query(ways)

    def _words_query(self, words: Sequence[str], weight: float) -> tantivy.Query:
        return tantivy.Query.boolean_query(
            [self._word(name, word, own * weight) for word in words for name, own in self._weights.items()]
        )

    def _word(self, field: str, word: str, weight: float) -> tuple[tantivy.Occur, tantivy.Query]:
        query = tantivy.Query.term_query(self._schema, field, word, "freq")
        return tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)


def _rounded(length: int) -> int:
    """A field's length as tantivy stores it in a byte: exact up to 40, then to three bits below the first."""
    if length < 40:
        return length
    shift = (length - 24).bit_length() - 4
    return 24 + ((length - 24) >> shift << shift)


def _schema(*, many: bool) -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field("ordinal", stored=False, fast=True)
    for name in (*FIELDS, _ALL) if many else FIELDS:
        builder.add_text_field(name, stored=False, tokenizer_name="spaces", index_option="freq")
    return builder.build()


def _spaces() -> tantivy.TextAnalyzer:
    return tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
