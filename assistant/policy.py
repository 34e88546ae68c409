"""When an answer is good enough: thresholds of the town, and what a score means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.passage import Hit, Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Scores from which on the assistant speaks; each 0-1."""

    answer: float = 0.5  # at and above: reply
    related: float = 0.2  # at and above: hand off, with related guides shown; below: out of scope
    tie: float = 0.06  # two texts nearer than this to one another tie
    sure: float = 0.85  # at and above, a tie is no question any more

    def thresholds(self) -> tuple[tuple[str, float], ...]:
        """Name and value of each, as they are stored with a decision."""
        return (("answer", self.answer), ("related", self.related), ("tie", self.tie), ("sure", self.sure))


def tied(hits: Sequence[Hit], policy: Policy, most: int = 4) -> tuple[Hit, ...]:
    """The best hits that can't be told apart, at most `most`; one or none when the best stands alone.

    Laws never tie with guides: residents ask about procedures, and the guide names its law.
    """
    if not hits or hits[0].score >= policy.sure:
        return tuple(hits[:1])
    best = hits[0]
    near = [
        hit
        for hit in hits
        if best.score - hit.score <= policy.tie
        and hit.score >= policy.related
        and (hit.passage.kind is Kind.LAW) == (best.passage.kind is Kind.LAW)
    ]
    return tuple(near[:most])
