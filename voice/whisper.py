"""Speech to text by openai-whisper: the reference engine of the Recognizer port."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from voice.errors import RecognizerDamaged, RecognizerUnavailable, WhisperExtraMissing
from voice.recognizer import Decoded, listen
from voice.speech import Audio, Samples, Transcript

if TYPE_CHECKING:
    from whisper.model import Whisper

HOP = 160  # samples a frame of the spectrogram
MAX_TOKENS = 96  # of one window; more is a model that can't stop


class WhisperRecognizer:
    """A Whisper model by name (openai-whisper fetches it once) or by the path of its .pt file."""

    def __init__(self, where: str) -> None:
        self._model = _load(where)
        self._lock = threading.Lock()  # decoding hangs its cache on the model
        self._window = self._model.dims.n_audio_ctx * 2 * HOP  # samples
        self.name = f"openai-whisper {Path(where).name}"

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        """What was said; see Recognizer."""
        return listen(audio, language, self._window / 16_000, self._decode)

    def _decode(self, samples: Samples, code: str | None) -> Decoded:
        import torch
        import whisper

        model = self._model
        sound = torch.from_numpy(np.pad(samples[: self._window], (0, max(0, self._window - len(samples)))))
        known = code if code in whisper.tokenizer.LANGUAGES else None
        options = whisper.DecodingOptions(
            language=known, without_timestamps=True, fp16=False,
            sample_len=min(MAX_TOKENS, model.dims.n_text_ctx - 8),
        )  # fmt: skip
        with self._lock, torch.inference_mode():
            mel = whisper.log_mel_spectrogram(sound, model.dims.n_mels).to(model.device)
            result = whisper.decode(model, mel, options)
        return Decoded(
            text=result.text, language=result.language, avg_logprob=result.avg_logprob, no_speech=result.no_speech_prob
        )


def _load(where: str) -> Whisper:
    try:
        import whisper
    except ImportError as exc:
        raise WhisperExtraMissing from exc
    path = Path(where).expanduser()
    if not path.is_file() and where not in whisper.available_models():
        message = f"There is no Whisper model named {where!r}, and no such file. See MADOGUCHI_WHISPER."
        raise RecognizerUnavailable(message)
    try:
        model: Whisper = whisper.load_model(str(path) if path.is_file() else where, device="cpu")
    except OSError as exc:  # no network, or a disk without space
        raise RecognizerUnavailable from exc
    except Exception as exc:  # a foreign file fails in many ways: unpickling, missing keys, wrong shapes
        if path.is_file():
            raise RecognizerDamaged from exc
        raise RecognizerUnavailable from exc
    return model.eval()
