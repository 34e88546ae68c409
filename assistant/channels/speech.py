"""Ears and mouth of the spoken doors: what recognises, what tells speech from noise, what speaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from assistant.errors import SettingsError
from voice.audio import Resampler
from voice.errors import NoRecognizer, VoiceError
from voice.recognizer import Recognizer, open_recognizer
from voice.speak import speak_parts
from voice.speech import Audio
from voice.vad import FRAME, RATE, VoiceDetector, open_detector

_BEGINS = 0.5  # probability above which speech begins
_ENDS = 0.35  # and below which it ends
_FRAME_SECONDS = FRAME / RATE


class Ear(Protocol):
    """Hears one stream."""

    def hear(self, audio: Audio) -> Iterator[tuple[float, bool]]:
        """Seconds and whether someone speaks, for each frame that is whole by now; a rest waits for more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """What the spoken doors need; tests give fakes."""

    recognizer: Recognizer | None  # None: nothing can be recognised here, and the doors say so
    speak: Callable[[str, str, int], Iterator[Audio]]  # text, language, rate; raises VoiceError
    ear: Callable[[int], Ear]  # for a stream of that rate


def open_speech(whisper: str) -> Speech:
    """Speech with the recogniser that the setting names; none when it is empty.

    Raises SettingsError when a recogniser is named that can't be had: half a configuration is an error.
    """
    try:
        recognizer: Recognizer | None = open_recognizer(whisper)
        open_detector()
    except NoRecognizer:
        recognizer = None
    except VoiceError as exc:
        raise SettingsError(f"MADOGUCHI_WHISPER: {exc}") from exc
    return Speech(recognizer=recognizer, speak=speak_parts, ear=SileroEar)


class SileroEar:
    """Silero's detector over a stream of any rate, with hysteresis."""

    def __init__(self, rate: int) -> None:
        self._resampler = Resampler(rate, RATE)
        self._detector: VoiceDetector = open_detector()
        self._rest = np.zeros(0, np.float32)
        self._speaking = False

    def hear(self, audio: Audio) -> Iterator[tuple[float, bool]]:
        """Each whole frame of 32 ms."""
        held = np.concatenate([self._rest, self._resampler.feed(audio.samples)])
        whole = len(held) // FRAME * FRAME
        self._rest = held[whole:]
        for likely in self._detector.probabilities(held[:whole]):
            self._speaking = bool(likely >= (_ENDS if self._speaking else _BEGINS))
            yield _FRAME_SECONDS, self._speaking
