"""The default intent engine: nearest example utterances by the embedding model, calibrated, with rejection."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray

from assistant.language.scripts import carrier
from assistant.model import Understanding
from assistant.understanding.port import Example, Guess, is_topic, rules_first
from knowledge.dense import Encoder

NEIGHBOURS = 2
"""Examples of a label that its likeness is the mean of: one alone may be a stray, three gave no gain (LOO)."""

_ALONE = 0.8  # a label with one example less than NEIGHBOURS: the missing ones count as this share of the last


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """From cosines to the probability that the label is right, and from when on a guess is a guess.

    Fitted by `python -m eval.intents` with the bundled model; another model needs another fit (see `fits`).
    """

    topic_bias: float
    topic_near: float  # weight of the best topic's likeness
    topic_lead: float  # weight of its lead over the best label that is no topic
    talk_bias: float
    talk_lead: float  # weight of a talk label's lead over all others
    topic_from: float  # probability from which a topic is named
    talk_from: float  # probability from which a talk label is acted on


BUNDLED = Calibration(
    topic_bias=-7.40, topic_near=11.0, topic_lead=5.1, talk_bias=0.15, talk_lead=5.0, topic_from=0.5, talk_from=0.7
)
"""For the bundled encoder, whose cosines lie low: 今日の天気は reaches .28 among the guides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How near a text is to the labels; cosines."""

    topic: str  # the best topic's label
    near: float
    lead: float  # of the best topic over the best talk label; negative when a talk label is nearer
    talk: str  # the best talk label
    talk_lead: float  # of it over every other label


class NearestReader:
    """Names what the nearest examples name. Holds one vector for each example: 4,200 of them take 4 MB."""

    name = "nearest"

    def __init__(
        self, examples: Sequence[Example], encoder: Encoder, calibration: Calibration | None = BUNDLED
    ) -> None:
        """A `calibration` of None never guesses: cosines of an encoder that nobody has measured mean nothing."""
        self._encoder = encoder
        self._calibration = calibration
        self._labels = sorted({example.label for example in examples})
        number = {label: n for n, label in enumerate(self._labels)}
        ordered = sorted(examples, key=lambda example: number[example.label])
        counts = np.bincount([number[example.label] for example in ordered], minlength=len(self._labels))
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._vectors = encoder.encode_queries([example.text for example in ordered]) if ordered else None
        self._topics = [n for n, label in enumerate(self._labels) if is_topic(label)]
        self._talk = [n for n, label in enumerate(self._labels) if not is_topic(label)]

    def read(self, text: str, language: str) -> Understanding:
        """As `IntentReader`."""
        return rules_first(text, language, self.guess, self.name)

    def guess(self, text: str) -> Guess | None:
        """The nearest label when it is near enough; None is the rejection."""
        found, c = None if _is_strange(text) else self.likeness(text), self._calibration
        if found is None or c is None:
            return None
        if found.lead < 0:
            sure = _logistic(c.talk_bias + c.talk_lead * found.talk_lead)
            return Guess(label=found.talk, confidence=sure, engine=self.name) if sure >= c.talk_from else None
        sure = _logistic(topic_odds(found, c))
        return Guess(label=found.topic, confidence=sure, engine=self.name) if sure >= c.topic_from else None

    def likeness(self, text: str) -> Likeness | None:
        """The figures behind a guess; None without examples of both kinds, or for a text that says nothing."""
        if self._vectors is None or not self._topics or not self._talk:
            return None
        vector = self._encoder.encode_queries([text])[0]
        if not vector.any():
            return None
        return self._compare(self._vectors @ vector)

    def _compare(self, cosines: NDArray[np.float32]) -> Likeness:
        scores = [
            _mean_of_best(cosines[start:end])
            for start, end in zip(self._starts[:-1], self._starts[1:], strict=True)
        ]  # fmt: skip
        topic = max(self._topics, key=lambda n: scores[n])
        talk = max(self._talk, key=lambda n: scores[n])
        others = max(score for n, score in enumerate(scores) if n != talk)
        return Likeness(
            topic=self._labels[topic], near=scores[topic], lead=scores[topic] - scores[talk],
            talk=self._labels[talk], talk_lead=scores[talk] - others,
        )  # fmt: skip


def topic_odds(found: Likeness, c: Calibration) -> float:
    """The log-odds that the named topic is right."""
    return c.topic_bias + c.topic_near * found.near + c.topic_lead * found.lead


def fits(encoder: Encoder) -> Calibration | None:
    """The calibration measured for this encoder; None when there is none, and no guess is then made."""
    return BUNDLED if encoder.name.startswith("static:model@") else None


def _is_strange(text: str) -> bool:
    """True without letters to speak of, such as faces, and for scripts that no example is in: Arabic, Hebrew."""
    return carrier(unicodedata.normalize("NFKC", text)).script in ("", "und")


def _mean_of_best(cosines: NDArray[np.float32]) -> float:
    best = sorted(cosines.tolist(), reverse=True)[:NEIGHBOURS] if len(cosines) <= 64 else _top(cosines)
    best += [_ALONE * best[-1]] * (NEIGHBOURS - len(best))
    return float(sum(best) / NEIGHBOURS)


def _top(cosines: NDArray[np.float32]) -> list[float]:
    return [float(value) for value in np.partition(cosines, -NEIGHBOURS)[-NEIGHBOURS:]]


def _logistic(z: float) -> float:
    return 1 / (1 + exp(-z))
