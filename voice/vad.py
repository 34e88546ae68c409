"""Where in a sound someone speaks: Silero's voice detector (the model inside faster-whisper), by onnxruntime."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np

from voice.audio import resample
from voice.errors import VoiceExtraMissing
from voice.speech import Audio, Samples

RATE = 16_000
FRAME = 512  # samples, 32 ms
CONTEXT = 64  # samples of the frame before, which the model hears again
STATE = 128
MODEL = "assets/silero_vad_v6.onnx"


class Session(Protocol):
    """The part of onnxruntime.InferenceSession that is used."""

    def run(self, names: None, inputs: dict[str, np.ndarray]) -> list[np.ndarray]:
        """Outputs: probabilities, h, c."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of speech."""

    start: float  # seconds
    end: float  # seconds


class VoiceDetector:
    """Hears one stream, frame by frame. The model is loaded once and shared; each stream has a detector of its own."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.reset()

    def reset(self) -> None:
        """Forget what was heard."""
        self._h = np.zeros((1, 1, STATE), np.float32)
        self._c = np.zeros((1, 1, STATE), np.float32)
        self._before = np.zeros(CONTEXT, np.float32)

    def probabilities(self, samples: Samples) -> Samples:
        """How likely each whole frame of 512 samples (16 kHz) is speech, 0-1; a shorter rest raises ValueError."""
        if len(samples) % FRAME:
            raise ValueError(f"give whole frames of {FRAME} samples")
        if not len(samples):
            return np.zeros(0, np.float32)
        frames = samples.reshape(-1, FRAME)
        tails = np.vstack([self._before[None], frames[:-1, -CONTEXT:]])
        inputs = {"input": np.hstack([tails, frames]).astype(np.float32), "h": self._h, "c": self._c}
        found, self._h, self._c = self._session.run(None, inputs)
        self._before = frames[-1, -CONTEXT:].copy()
        return np.asarray(found, np.float32).reshape(-1)

    def probability(self, frame: Samples) -> float:
        """How likely this frame of 512 samples (16 kHz) is speech, 0-1."""
        return float(self.probabilities(frame)[0])


_lock = threading.Lock()
_session: Session | None = None


def open_detector() -> VoiceDetector:
    """A detector for one stream. Raises VoiceExtraMissing without onnxruntime or the model."""
    global _session
    with _lock:
        if _session is None:
            _session = _load()
    return VoiceDetector(_session)


def _load() -> Session:
    # The package is only looked for, not imported: its import takes a quarter of a second and ctranslate2.
    spec = find_spec("faster_whisper")
    places = list(spec.submodule_search_locations or ()) if spec else []
    try:
        import onnxruntime
    except ImportError as exc:
        raise VoiceExtraMissing from exc
    if not places or not (Path(places[0]) / MODEL).exists():
        raise VoiceExtraMissing
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session: Session = onnxruntime.InferenceSession(
        str(Path(places[0]) / MODEL), options, providers=["CPUExecutionProvider"]
    )
    return session


def speech_spans(audio: Audio, *, start_above: float = 0.5, end_below: float = 0.25, min_speech: float = 0.12,
                 min_silence: float = 0.4, pad: float = 0.15) -> list[Span]:  # fmt: skip
    """Where someone speaks, in order, not overlapping; times in seconds.

    A stretch has a frame above `start_above`, begins where frames before it rose above `end_below`, and ends after
    `min_silence` below that; shorter than `min_speech` it is dropped (a quick はい is likely for 0.13 s only). Each is
    widened by `pad` as far as its neighbours and the sound allow.
    """
    sound = resample(audio, RATE).samples
    whole = np.concatenate([sound, np.zeros(-len(sound) % FRAME, np.float32)])
    likely = open_detector().probabilities(whole)
    found: list[tuple[int, int]] = []
    begun: int | None = None
    quiet = 0
    for place, value in enumerate(likely):
        if begun is None:
            if value >= start_above:
                begun, quiet = place, 0
                while begun > 0 and likely[begun - 1] >= end_below:
                    begun -= 1
            continue
        quiet = quiet + 1 if value < end_below else 0
        if quiet * FRAME >= min_silence * RATE:
            found.append((begun, place + 1 - quiet))
            begun = None
    if begun is not None:
        found.append((begun, len(likely) - quiet))
    kept = [(a * FRAME / RATE, b * FRAME / RATE) for a, b in found if (b - a) * FRAME >= min_speech * RATE]
    return _widened(kept, pad, audio.seconds)


def _widened(spans: list[tuple[float, float]], pad: float, end: float) -> list[Span]:
    made: list[Span] = []
    for place, (first, last) in enumerate(spans):
        before = made[-1].end if made else 0.0
        after = (last + spans[place + 1][0]) / 2 if place + 1 < len(spans) else end
        made.append(Span(start=max(before, first - pad), end=min(after, last + pad, end)))
    return made
