"""When an answer is good enough: thresholds of the town, and what a score means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from math import log

from assistant.calibration import Calibration
from knowledge.passage import Hit, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """From which values on the assistant speaks; each 0-1 but the ties, which are differences of log-odds."""

    answer: float = 0.37  # chance of being right from which on it replies, while the town has no calibration
    scope: float = 0.5  # chance of being a town hall's matter below which a question is turned away
    sure_scope: float = 0.9  # chance of being a town hall's matter from which on it replies
    good: float = 0.45  # fit from which on a text is surely about the question
    ask: float = 0.35  # fit from which on a tie is worth a question
    related: float = 0.22  # fit from which on a text is worth showing beside a hand-off
    tie: float = 0.45  # distance below which two texts tie
    unsure_tie: float = 2.0  # the same while the best is not sure enough to answer
    bare_tie: float = 0.9  # the same for a question of one short word
    sure: float = 0.93  # fit from which on a tie is no question any more
    calibration: Calibration | None = None  # what the town's judged answers prove

    def answers_from(self, language: str, topic: str) -> float:
        """The confidence from which on it replies in this language and topic."""
        return self.answer if self.calibration is None else self.calibration.threshold(language, topic)

    def thresholds(self) -> tuple[tuple[str, float], ...]:
        """Name and value of each, as they are stored with a decision."""
        return tuple((f.name, getattr(self, f.name)) for f in fields(self) if f.name != "calibration")


DEFAULT_POLICY = Policy()


def tied(
    hits: Sequence[Hit], policy: Policy, *, word: str = "", unsure: bool = False, most: int = 4
) -> tuple[Hit, ...]:
    """The best hits that can't be told apart, at most `most`; one or none when the best stands alone.

    A question that is one bare `word` (folded), such as 引越し, ties with all that it could mean, however well one
    fits; and where the best title only holds the word (年金), with every good hit whose title does. A title that is
    the word, or bears it as its official name in brackets (転出届), does not tie in this way.
    While the best is `unsure`, what ties may be further behind: a question back is better than none.
    Laws never tie with guides: residents ask about procedures, and the guide names its law. Nor do languages: who
    found a text in their own language is not asked about one that they can't read.
    """
    sure, tie = (1.0, policy.bare_tie) if word else (policy.sure, policy.unsure_tie if unsure else policy.tie)
    if not hits or not policy.ask <= hits[0].fit < sure:
        return tuple(hits[:1])
    best = hits[0]
    near = [
        hit
        for hit in hits
        if hit is best
        or (
            _log_odds(best.fit) - _log_odds(hit.fit) <= tie
            and (hit.passage.kind is Kind.LAW) == (best.passage.kind is Kind.LAW)
            and hit.passage.language == best.passage.language
        )
    ]
    title = _title(best)
    if word and word in title and title != word and f"（{word}）" not in title:
        near = [hit for hit in hits if hit in near or (hit.fit >= policy.good and word in _title(hit))]
    return tuple(near[:most])


def _title(hit: Hit) -> str:
    return hit.passage.title.casefold()


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))
