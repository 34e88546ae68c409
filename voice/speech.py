"""The values of speech: sound, and what was said in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono, from -1 to 1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Audio:
    """Sound with one channel. Raises ValueError for another shape or type."""

    samples: Samples  # float32, from -1 to 1, shape (n,)
    rate: int  # samples a second

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32:
            raise ValueError("samples must be one row of float32")
        if not 1000 <= self.rate <= 384_000:
            raise ValueError("the rate must lie between 1000 and 384000 samples a second")

    @property
    def seconds(self) -> float:
        """How long it sounds."""
        return len(self.samples) / self.rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What was said in one stretch of speech."""

    text: str
    start: float  # seconds from the beginning of the audio
    end: float  # seconds
    confidence: float  # 0-1, geometric mean of the tokens' probabilities


class Unheard(StrEnum):
    """Why a transcript, or a stretch of it, has no text."""

    NO_SPEECH = "no_speech"  # the voice detector found none: silence, noise, tones
    NOT_SPEECH = "not_speech"  # the model itself says that this is no speech
    UNSURE = "unsure"  # the model is too unsure of its words
    REPEATING = "repeating"  # the same words again and again
    TOO_DENSE = "too_dense"  # more words than anyone can say in that time
    KNOWN_INVENTION = "known_invention"  # a phrase that Whisper is known to make up


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """What was said. Empty text always has a reason, and text never has one."""

    text: str
    language: str  # BCP-47, as heard or as asked for
    confidence: float  # 0-1; 0 when the text is empty
    segments: tuple[Segment, ...] = ()
    reason: Unheard | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError("confidence must lie between 0 and 1")
        if bool(self.text.strip()) == (self.reason is not None):
            raise ValueError("a transcript has either text or a reason why not")
