"""What must survive when a passage is said in another language: amounts, dates, times, numbers to call, terms."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.answering.cited import Reading
from assistant.answering.figures import Figure, Stated
from assistant.answering.findings import Reason

_KEPT = frozenset(("time", "date", "md", "ym", "yen", "phone"))


def lost_of(source: Reading, said: Reading, reply: Iterable[Figure], named: frozenset[str]) -> Reason | None:
    """What of the `source` sentence is missing though the reply's sentence `said` speaks of it; None when nothing is.

    `reply`: the figures of the whole reply, which may say the rest in its next sentence; `named`: the official terms
    that it names. A sentence that shares no figure and no name with the source may speak of something else.
    """
    shared = Stated(source.figures).shared(said.figures)
    told = Stated(reply)
    kept = [figure for figure in source.figures if any(unit in _KEPT for unit, _ in figure.forms)]
    if shared and not all(map(told.holds, kept)):
        return Reason.LOST
    if source.terms and (shared or source.names & said.names) and not source.terms & named:
        return Reason.TERM
    return None
