"""The Recognizer port, and the listening that all engines share: find speech, decode it, doubt it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from voice.audio import resample
from voice.doubt import doubt
from voice.errors import NoRecognizer
from voice.speech import Audio, Samples, Segment, Transcript, Unheard
from voice.vad import Span, speech_spans

RATE = 16_000
LEAST_SECONDS = 0.1  # shorter sounds are clicks
DEMO = "demo"  # names the small model that ships with this package
_DEMO_MODEL = Path(__file__).with_name("demo_model")


class Recognizer(Protocol):
    """Writes down what is said. Thread-safe; one call at a time uses the model."""

    @property
    def name(self) -> str:
        """The engine and the model, as reports name them."""

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        """What was said in `language` (BCP-47), or in the language heard; silence and noise give empty text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """What an engine made of one window of sound."""

    text: str
    language: str  # Whisper's code
    avg_logprob: float  # mean natural log of the tokens' probabilities
    no_speech: float  # 0-1, how sure the model is that nobody speaks


Decode = Callable[[Samples, str | None], Decoded]
"""Sound of at most one window (16 kHz) and Whisper's language code or None → what was said in it."""


def listen(audio: Audio, language: str | None, window: float, decode: Decode) -> Transcript:
    """Transcribe by an engine's `decode`; `window` is the longest sound, in seconds, that it takes at once.

    Only stretches with speech reach the engine, and what the engine says is doubted (voice.doubt). Without a
    language, the first stretch's decides for all.
    """
    sound = resample(audio, RATE)
    spans = speech_spans(sound) if sound.seconds >= LEAST_SECONDS else []
    code = to_whisper(language) if language else None
    segments: list[Segment] = []
    reason = Unheard.NO_SPEECH
    for span in _windows(spans, window):
        piece = sound.samples[int(span.start * RATE) : int(span.end * RATE)]
        decoded = decode(_levelled(piece), code)
        why = doubt(decoded.text, decoded.avg_logprob, decoded.no_speech, span.end - span.start)
        if why is not None:
            reason = why
            continue
        code = code or decoded.language
        segments.append(Segment(
            text=decoded.text.strip(), start=span.start, end=span.end,
            confidence=min(1.0, math.exp(decoded.avg_logprob)),
        ))  # fmt: skip
    heard = language or from_whisper(code or "ja")
    if not segments:
        return Transcript(text="", language=heard, confidence=0.0, reason=reason)
    glue = "" if (code or "ja") in ("ja", "zh", "th", "lo", "my") else " "
    return Transcript(
        text=glue.join(s.text for s in segments), language=heard, segments=tuple(segments),
        confidence=sum(s.confidence * (s.end - s.start) for s in segments) / sum(s.end - s.start for s in segments),
    )  # fmt: skip


def _windows(spans: list[Span], window: float) -> Iterator[Span]:
    """Stretches joined while they fit one window; longer ones are cut into equal parts."""
    held: Span | None = None
    for span in spans:
        if held is not None and span.end - held.start <= window and span.start - held.end < 1.0:
            held = Span(start=held.start, end=span.end)
            continue
        if held is not None:
            yield from _cut(held, window)
        held = span
    if held is not None:
        yield from _cut(held, window)


def _cut(span: Span, window: float) -> Iterator[Span]:
    parts = math.ceil((span.end - span.start) / window)
    step = (span.end - span.start) / parts
    for part in range(parts):
        yield Span(start=span.start + part * step, end=span.start + (part + 1) * step)


def _levelled(samples: Samples) -> Samples:
    """At one level: callers hold the telephone near and far."""
    peak = float(np.abs(samples).max(initial=0.0))
    return samples if peak < 1e-4 else np.asarray(samples * (0.5 / peak), dtype=np.float32)


def to_whisper(language: str) -> str:
    """Whisper's code of a BCP-47 language: zh-Hans → zh, pt-BR → pt, ja-x-easy → ja."""
    return language.split("-")[0].lower()


def from_whisper(code: str) -> str:
    """The language as Madoguchi names it; which Chinese script or Portuguese is meant can't be heard."""
    return {"zh": "zh-Hans", "pt": "pt-BR"}.get(code, code)


def open_recognizer(where: str) -> Recognizer:
    """The recogniser that MADOGUCHI_WHISPER names: a Whisper model's name, its .pt file, or a CTranslate2 folder.

    A folder that holds one .pt file means that file; `demo` is the small model that ships with this package.
    Raises NoRecognizer when nothing is named, WhisperExtraMissing, VoiceExtraMissing, RecognizerUnavailable or
    RecognizerDamaged.
    """
    if not where:
        raise NoRecognizer
    path = _DEMO_MODEL if where == DEMO else Path(where).expanduser()
    if (path / "model.bin").exists():
        from voice.faster import FasterWhisperRecognizer

        return FasterWhisperRecognizer(path)
    from voice.whisper import WhisperRecognizer

    files = sorted(path.glob("*.pt")) if path.is_dir() else []
    return WhisperRecognizer(str(files[0]) if len(files) == 1 else where)
