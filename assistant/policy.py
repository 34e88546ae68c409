"""When an answer is good enough: thresholds of the town, and what a score means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from knowledge.passage import Hit, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Scores from which on the assistant speaks; each 0-1 but `tie`.

    Set by hand on the dev sets: of 550 questions that no town hall answers, 9 were answered (1.6 %).
    """

    answer: float = 0.45  # at and above: reply
    ask: float = 0.35  # at and above: a tie is worth a question
    related: float = 0.22  # at and above: hand off, with related guides shown; below: out of scope
    tie: float = 0.45  # difference of log-odds below which two texts tie
    bare_tie: float = 0.9  # the same for a question of one short word
    sure: float = 0.93  # at and above, a tie is no question any more

    def thresholds(self) -> tuple[tuple[str, float], ...]:
        """Name and value of each, as they are stored with a decision."""
        return (
            ("answer", self.answer),
            ("ask", self.ask),
            ("related", self.related),
            ("tie", self.tie),
            ("bare_tie", self.bare_tie),
            ("sure", self.sure),
        )


def tied(hits: Sequence[Hit], policy: Policy, *, word: str = "", most: int = 4) -> tuple[Hit, ...]:
    """The best hits that can't be told apart, at most `most`; one or none when the best stands alone.

    A question that is one bare `word` (folded), such as 引越し, ties with all that it could mean, however well one
    fits; and where the best title only holds the word (年金), with every good hit whose title does. A title that is
    the word, or bears it as its official name in brackets (転出届), does not tie in this way.
    Laws never tie with guides: residents ask about procedures, and the guide names its law.
    """
    sure, tie = (1.0, policy.bare_tie) if word else (policy.sure, policy.tie)
    if not hits or not policy.ask <= hits[0].score < sure:
        return tuple(hits[:1])
    best = hits[0]
    near = [
        hit
        for hit in hits
        if hit is best
        or (
            _log_odds(best.score) - _log_odds(hit.score) <= tie
            and (hit.passage.kind is Kind.LAW) == (best.passage.kind is Kind.LAW)
        )
    ]
    title = _title(best)
    if word and word in title and title != word and f"（{word}）" not in title:
        near = [hit for hit in hits if hit in near or (hit.score >= policy.answer and word in _title(hit))]
    return tuple(near[:most])


def _title(hit: Hit) -> str:
    return hit.passage.title.casefold()


def _log_odds(score: float) -> float:
    bounded = min(max(score, 1e-6), 1 - 1e-6)
    return log(bounded / (1 - bounded))
