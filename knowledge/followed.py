"""Articles that the best articles name: an order's 法第二十七条の十三 brings the article of the law beside it.

Who asks in the words of an order means the rule, and the rule stands in the law that the order fills in (委任).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knowledge.law_references import article_of, token
from knowledge.ranking import Scored, moved
from knowledge.snapshot import Snapshot

_FROM = 5  # texts whose references are followed
_MOST = 8  # articles that are followed from each
_NEW = 4  # articles that no leg had found, the most named first
_PASSAGES = 1  # of such an article that is looked at: its first says what it is about
_GAIN = 1.0  # log-odds for an article that the best text names
_ENOUGH = 2.0  # as if so many best texts named it: more add nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What being named by the best texts adds to an article."""

    by: float  # log-odds
    most: float  # 0-1: fit of the best text that names it, which it does not pass by this


def gains(ranked: Sequence[Scored]) -> Mapping[str, Gain]:
    """Token of each article that the best texts name → what it gains by that.

    A text counts by its odds beside those of the best. Chosen on lawqa_jp dev, where SR@5 is the same for gains of .8
    to 1.5 from the best 3 to 10 texts.
    """
    weights: dict[str, float] = {}
    most: dict[str, float] = {}
    for scored in ranked[:_FROM]:
        weight = _odds(scored.hit.fit) / _odds(ranked[0].hit.fit)
        named = dict.fromkeys(token(cited.law, cited.article) for cited in scored.hit.passage.cites)
        for article in list(named)[:_MOST]:
            weights[article] = weights.get(article, 0.0) + weight
            most.setdefault(article, scored.hit.fit)
    return {a: Gain(by=_GAIN * min(weight, _ENOUGH), most=most[a]) for a, weight in weights.items()}


def articles(shelf: Snapshot, gained: Mapping[str, Gain], best: Mapping[str, Scored], day: date) -> list[int]:
    """The first passages of the articles that gain most and are in force that day, those of `best` left out."""
    held = {_own(scored) for scored in best.values()}
    new = sorted((article for article in gained if article not in held), key=lambda a: (-gained[a].by, a))
    valid = shelf.in_force(day)
    found = [ordinal for article in new[:_NEW] for ordinal in shelf.lexical.titled(article, _PASSAGES)]
    return list(dict.fromkeys(n for n in found if valid is None or valid.passages[n]))


def with_gain(scored: Scored, gained: Mapping[str, Gain]) -> Scored:
    """The text with what it gains."""
    gain, fit = gained.get(_own(scored)), scored.hit.fit
    if gain is None:
        return scored
    return replace(scored, hit=replace(scored.hit, fit=max(fit, min(moved(fit, gain.by), gain.most))))


def _own(scored: Scored) -> str:
    article = article_of(scored.hit.passage.title)
    return token(*article) if article else ""


def _odds(fit: float) -> float:
    return fit / max(1e-9, 1 - fit)
