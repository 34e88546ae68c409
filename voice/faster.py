"""Speech to text by faster-whisper (CTranslate2): the second engine of the port, without torch."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from voice.errors import RecognizerDamaged, VoiceExtraMissing
from voice.recognizer import Decoded, listen
from voice.speech import Audio, Samples, Transcript

RATE = 16_000
TOKENS_A_SECOND = 7  # nobody says more; it also keeps a small model's text within its positions
MAX_TOKENS = 96


class FasterWhisperRecognizer:
    """A Whisper model in CTranslate2 form: a folder with model.bin, config.json and tokenizer.json.

    A model with a window other than 30 seconds says so in preprocessor_config.json (`chunk_length`).
    """

    def __init__(self, folder: Path, *, compute_type: str = "default", threads: int = 1) -> None:
        try:
            from faster_whisper import WhisperModel
        except ImportError as exc:
            raise VoiceExtraMissing from exc
        if not (folder / "tokenizer.json").exists():
            # Without it faster-whisper asks the network for another model's tokenizer.
            raise RecognizerDamaged("This model's folder holds no tokenizer.json. Convert the model again with it.")
        try:
            self._model = WhisperModel(
                str(folder), device="cpu", compute_type=compute_type, cpu_threads=threads, local_files_only=True
            )
        except Exception as exc:  # a damaged folder fails in many ways, from JSON to vocabulary
            raise RecognizerDamaged from exc
        self._lock = threading.Lock()
        self._window = int(self._model.feature_extractor.n_samples)
        self.name = f"faster-whisper {folder.name}"

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        """What was said; see Recognizer."""
        return listen(audio, language, self._window / RATE, self._decode)

    def _decode(self, samples: Samples, code: str | None) -> Decoded:
        # Not WhisperModel.transcribe: that pads to 30 seconds, which a model with a smaller window refuses.
        from faster_whisper.tokenizer import Tokenizer

        model = self._model
        sound = np.pad(samples[: self._window], (0, max(0, self._window - len(samples))))
        features = model.feature_extractor(sound, padding=0)[:, : self._window // 160]
        with self._lock:
            heard = model.encode(features)
            known = code if code in model.supported_languages else None
            if known is None:
                known = model.model.detect_language(heard)[0][0][0].strip("<|>")
            words = Tokenizer(model.hf_tokenizer, model.model.is_multilingual, task="transcribe", language=known)
            prompt = model.get_prompt(words, [], without_timestamps=True)
            most = min(MAX_TOKENS, TOKENS_A_SECOND * self._window // RATE)
            result = model.model.generate(
                heard, [prompt], beam_size=1, max_length=len(prompt) + most, return_scores=True,
                return_no_speech_prob=True, suppress_blank=True, suppress_tokens=[-1],
            )[0]  # fmt: skip
        tokens = result.sequences_ids[0]
        # CTranslate2 gives the mean over the tokens; Whisper counts the end token, too.
        mean = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return Decoded(text=words.decode(tokens), language=known, avg_logprob=mean, no_speech=result.no_speech_prob)
