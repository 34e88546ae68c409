"""答えのない質問: questions that found no answer, grouped by nearness, so that one guide can close a whole group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.model import Why
from knowledge.passage import content_digest

GAP_WHYS = (Why.NO_ANSWER, Why.LOW_CONFIDENCE, Why.OUT_OF_SCOPE)
"""Outcomes that leave a resident without an answer from the knowledge."""

UNHELPFUL = "unhelpful"
"""The reason of a question whose answer the resident marked as not helpful."""

NEAR = 0.6
"""Cosine from which on two questions ask for the same.

Over all pairs of the demo town's 1,453 Japanese questions: of the pairs joined 94 % belong to the same guide, and
48 % of a guide's own pairs are joined. The bundled encoder has learnt from this town's guides: elsewhere it is less.
"""

T = TypeVar("T")

Embed = Callable[[list[str]], NDArray[np.float32]]
"""Texts → unit vectors, one a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """One question as it is stored: personal data masked."""

    question: str
    language: str
    why: str  # one of GAP_WHYS or UNHELPFUL
    at: datetime

    @property
    def mark(self) -> str:
        """What the question is known by when staff say that it is dealt with."""
        return content_digest(self.question)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Questions that ask for the same, the most frequent first."""

    questions: tuple[tuple[str, str, int], ...]  # (question, language, how often)
    marks: tuple[str, ...]
    whys: tuple[tuple[str, int], ...]  # (why, how often), the most frequent first
    count: int
    last: datetime

    @property
    def question(self) -> str:
        """The question that stands for the group."""
        return self.questions[0][0]


def group(asked: Sequence[Unanswered], embed: Embed, *, near: float = NEAR) -> list[Gap]:
    """The questions in groups, the largest first, ties by the newest; every question is in exactly one group.

    Greedy: each question, most frequent first, joins the nearest group's first question, or founds its own group.
    """
    folded: dict[tuple[str, str], list[Unanswered]] = {}
    for one in asked:
        if one.question.strip():
            folded.setdefault((_folded(one.question), one.language), []).append(one)
    if not folded:
        return []
    entries = sorted(folded.values(), key=lambda same: (-len(same), same[0].question))
    vectors = embed([same[0].question for same in entries])
    leaders: list[int] = []
    members: dict[int, list[Unanswered]] = {}
    for n, same in enumerate(entries):
        scores = vectors[leaders] @ vectors[n] if leaders else np.zeros(0, dtype=np.float32)
        best = int(scores.argmax()) if len(scores) else -1
        if best >= 0 and float(scores[best]) >= near:
            members[leaders[best]].extend(same)
        else:
            leaders.append(n)
            members[n] = list(same)
    gaps = [_gap(members[leader]) for leader in leaders]
    return sorted(gaps, key=lambda gap: (-gap.count, -gap.last.timestamp()))


def _gap(members: list[Unanswered]) -> Gap:
    questions = _counted((one.question, one.language) for one in members)
    return Gap(
        questions=tuple((question, language, n) for (question, language), n in questions),
        marks=tuple(dict.fromkeys(one.mark for one in members)),
        whys=tuple(_counted(one.why for one in members)),
        count=len(members),
        last=max(one.at for one in members),
    )


def _counted(items: Iterable[T]) -> list[tuple[T, int]]:
    return Counter(items).most_common()


def _folded(question: str) -> str:
    return "".join(question.split()).casefold().rstrip("。.?？!！")
