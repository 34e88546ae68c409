"""One shelf searched by both legs, keywords and vectors; their candidates weighed and grouped by text."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from knowledge.asking import Asked
from knowledge.followed import articles, gains, with_gain
from knowledge.letters import shares
from knowledge.passage import Hit, Passage
from knowledge.ranking import Scored, Scorer, Wanted, features, moved
from knowledge.rows import terms_in
from knowledge.snapshot import InForce, Snapshot
from knowledge.tokens import fold

CANDIDATES = 30
"""Passages that each leg brings from each layer; more gave no gain on localgovfaq dev."""

_ROUGHLY = 60  # passages of a large shelf that are weighed one by one to find the CANDIDATES
_DEEPER = 8  # times as many, when too few of the best are in force
_LETTERED = 20  # texts that are weighed by letters
_LETTERS = 0.5  # log-odds between a text with all of a question's letters and one with none
_LETTERS_CHINESE = 2.5
"""The same in a Chinese text beside the one that has most: we cut it into pairs, not words, and the vectors know it
little. The best keeps its fit, so that certainty means the same in every language."""

_USUAL = 8.2  # idf of a word in one of some 1,800 passages: a small shelf must not make questions look small
_TITLE = 1.5  # log-odds for a text whose title stands in the question
_TITLE_LEAST = 6  # characters of such a title
_BRACKETS = re.compile(r"[（(][^）)]*[）)]")

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfResult:
    """What one shelf has for a question."""

    scored: tuple[Scored, ...]  # best first, one a text
    mass: float  # what a passage could reach, see ranking.Wanted, as if the shelf had some 1,800 passages
    known: float  # 0-1: share of the question that was understood
    unseen: float  # 0-1: share of the question's ideas that no passage of the shelf has


def search_shelf(
    shelf: Snapshot, asked: Asked, vectors: Vector, *, day: date, language: str, reply_in: str, k: int, scorer: Scorer
) -> ShelfResult:
    """The best k texts of a shelf that are in force on that day; `vectors` are those of `asked.texts`."""
    own = shelf.speaks(language)  # then a word that no passage has is missing, not foreign
    missing = _unseen(shelf, asked)
    known = max(asked.known, 1 - missing)  # words of a language that the shelf holds too are known without a book
    wanted = Wanted.of(asked.slots, shelf.idf, shelf.has, own=own, known=known)
    vector = direction(vectors, 0.0 if own else asked.known)
    lexical, dense = _candidates(shelf, asked, wanted.mass, vector, day)
    dense |= _cosines(shelf, [n for n in lexical if n not in dense], vector)

    def weighed(ordinal: int, cosine: float) -> Scored:
        row = shelf.row(ordinal)
        fit = features(wanted, row, shelf.masses(ordinal), lexical.get(ordinal, 0.0), cosine, asked.articles)
        score = scorer.score(fit)
        hit = Hit(passage=row.passage, score=score, fit=score, lexical=fit.lexical, dense=cosine)
        return Scored(hit=hit, features=fit)

    best = _by_key(weighed(ordinal, cosine) for ordinal, cosine in dense.items())
    gained = gains(_ranked(best))
    if gained:
        found = articles(shelf, gained, best, day)
        fresh = [weighed(ordinal, cosine) for ordinal, cosine in _cosines(shelf, found, vector).items()]
        best = _by_key(with_gain(scored, gained) for scored in (*best.values(), *fresh))
    ranked = _ranked(best)[:k]
    return ShelfResult(
        scored=tuple(_in_language(shelf, s, reply_in) for s in ranked),
        mass=(wanted.mass if own else wanted.mass * known) * _USUAL / shelf.rarest,
        unseen=missing if own else 1 - known,
        known=known,
    )


def _by_key(found: Iterable[Scored]) -> dict[str, Scored]:
    """The best passage of each text."""
    best: dict[str, Scored] = {}
    for scored in found:
        key = scored.hit.passage.key
        held = best.get(key)
        if held is None or (scored.hit.fit, scored.hit.passage.id) > (held.hit.fit, held.hit.passage.id):
            best[key] = scored
    return best


def _ranked(best: Mapping[str, Scored]) -> list[Scored]:
    return sorted(best.values(), key=lambda s: (-s.hit.fit, s.hit.passage.id))


def by_letters(asked: Asked, scored: Sequence[Scored]) -> list[Scored]:
    """The best texts weighed once more by letters, then the others; a later one never fits better.

    Who writes a text's whole title means that text, though small words tell it from its sister (moving in, moving to).
    """
    head, tail = list(scored[:_LETTERED]), list(scored[_LETTERED:])
    question = fold(asked.texts[0])
    found = shares(asked.letters, [_whole(s.hit.passage) for s in head])
    most = max(found, default=0.0)
    fresh = []
    for s, share in zip(head, found, strict=True):
        by = _LETTERS * (share - 0.5) + _called(question, s)
        if s.hit.passage.language.startswith("zh"):
            by += _LETTERS_CHINESE * (share - most)
        fresh.append(replace(s, letters=share, hit=replace(s.hit, fit=moved(s.hit.fit, by))))
    fresh.sort(key=lambda s: (-s.hit.fit, s.hit.passage.id))
    least = fresh[-1].hit.fit if fresh else 0.0
    return fresh + [replace(s, hit=replace(s.hit, fit=min(s.hit.fit, least))) for s in tail]


def _called(question: str, scored: Scored) -> float:
    title = _folded_title(scored.hit.passage.title)
    return _TITLE if len(title) >= _TITLE_LEAST and title in question else 0.0


@lru_cache(maxsize=4_000)
def _folded_title(title: str) -> str:
    return fold(_BRACKETS.sub("", title)).strip()


def _whole(passage: Passage) -> str:
    return "\n".join((passage.title, *passage.questions, passage.text))


def direction(vectors: Vector, known: float) -> Vector:
    """One unit vector of the question and, as far as it was understood, of what it means in Japanese."""
    if len(vectors) == 1:
        return np.asarray(vectors[0])
    total = vectors[0] + known * vectors[1]
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), dtype=np.float32)


def _candidates(
    shelf: Snapshot, asked: Asked, mass: float, vector: Vector, day: date
) -> tuple[dict[int, float], dict[int, float]]:
    valid = shelf.in_force(day)
    words, by_vector = None if valid is None else valid.passages, partial(_by_vector, shelf, vector, valid)
    if not shelf.many:
        return _by_words(shelf, asked, mass, words), by_vector()
    # Both legs leave Python for milliseconds on a large shelf: the other core takes one of them.
    dense = _helpers().submit(by_vector)
    return _by_words(shelf, asked, mass, words), dense.result()


def _by_vector(shelf: Snapshot, vector: Vector, valid: InForce | None) -> dict[int, float]:
    dense: dict[int, float] = {}
    if shelf.vectors is not None:
        ids, scores = shelf.vectors.search(vector, CANDIDATES, None if valid is None else valid.vectors)
        for vector_id, score in zip(ids, scores, strict=True):
            dense.setdefault(int(shelf.vector_rows[vector_id]), float(score))
    return dense


@lru_cache(maxsize=1)
def _helpers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="vectors")


def _by_words(shelf: Snapshot, asked: Asked, mass: float, allowed: NDArray[np.bool_] | None) -> dict[int, float]:
    """The best passages that are allowed; looks deeper until there are enough of them or no more."""
    width = wanted = _ROUGHLY if shelf.many else CANDIDATES
    while True:
        found: list[tuple[int, float]]
        if shelf.many:
            found = [(n, 0.0) for n in shelf.lexical.nearby(asked.slots, width)]
        else:
            found = shelf.lexical.search(asked.slots, mass, width)
        kept = [(n, score) for n, score in found if allowed is None or allowed[n]]
        if len(kept) >= wanted or len(found) < width:
            break
        width *= _DEEPER
    if shelf.many:
        weigh = shelf.lexical.weigher(asked.slots, mass, shelf.lengths)
        kept = sorted(((n, weigh(terms_in(shelf.row(n), n))) for n, _ in kept[:wanted]), key=lambda e: (-e[1], e[0]))
    return dict(kept[:CANDIDATES])


def _cosines(shelf: Snapshot, ordinals: Sequence[int], vector: Vector) -> dict[int, float]:
    """Each passage's best cosine; all their vectors are fetched at once, which is most of the cost."""
    if shelf.vectors is None or not ordinals:
        return dict.fromkeys(ordinals, 0.0)
    starts, ends = shelf.vector_starts[list(ordinals)], shelf.vector_starts[[n + 1 for n in ordinals]]
    ids = np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)])
    found = shelf.vectors.of(ids) @ vector
    best = np.maximum.reduceat(found, np.cumsum([0, *(ends - starts)[:-1]]))
    return dict(zip(ordinals, best.tolist(), strict=True))


def _unseen(shelf: Snapshot, asked: Asked) -> float:
    if not asked.slots:
        return 1.0
    missing = sum(not any(shelf.has(w) for a in slot.alternatives for w in a.words) for slot in asked.slots)
    return missing / len(asked.slots)


def _in_language(shelf: Snapshot, scored: Scored, language: str) -> Scored:
    """With the hit's text in the asker's language when there is such a version in force; its first passage then."""
    passage = scored.hit.passage
    if passage.language == language:
        return scored
    versions = shelf.versions_of(passage.key)
    # Never a third language: a Vietnamese question that met the Portuguese version gets the Japanese one.
    ordinal = versions.get(language, None if passage.language == "ja" else versions.get("ja"))
    return scored if ordinal is None else replace(scored, hit=replace(scored.hit, passage=shelf.row(ordinal).passage))
