"""Text to speech: Japanese by pyopenjtalk-plus, other languages by the program espeak-ng."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from voice.audio import read_audio_bytes, resample, write_wav
from voice.errors import EspeakMissing, LanguageNotSpoken, SpeechFailed, VoiceExtraMissing
from voice.reading import reading, sentences
from voice.speech import Audio

RATE = 16_000  # what Whisper hears and browsers play; telephones take 8000
PROGRAM = "espeak-ng"
PATIENCE = 20.0  # seconds for one sentence
# BCP-47 → espeak-ng's voice. GPL: it runs as a program of its own and is never linked.
ESPEAK = {
    "en": "en-us", "zh": "cmn", "zh-Hans": "cmn", "zh-Hant": "cmn", "vi": "vi", "pt": "pt-br", "pt-BR": "pt-br",
    "ko": "ko", "id": "id", "th": "th", "ne": "ne", "my": "my", "bn": "bn", "es": "es-419", "fr": "fr", "de": "de",
    "hi": "hi", "ru": "ru", "uk": "uk", "si": "si", "ur": "ur",
    # espeak-ng has no Filipino. Indonesian is the nearest that it has: five plain vowels, ng as one sound, an h that is
    # heard; Spanish drops the h and breaks ng. It is understood, with an accent.
    "fil": "id", "tl": "id",
}  # fmt: skip
# Two words of Filipino that are written shorter than they are said.
_FILIPINO = ((re.compile(r"\bmga\b", re.IGNORECASE), "manga"), (re.compile(r"\bng\b", re.IGNORECASE), "nang"))
SLOWER = {"ja-x-easy": 0.85}
WORDS_A_MINUTE = 150  # espeak-ng's own 175 is fast for figures


def speak(text: str, language: str, rate: int = RATE, *, speed: float = 1.0) -> Audio:
    """The text as it is heard in `language` (BCP-47), `rate` samples a second; `speed` 0.5-2, 1 is usual.

    Page addresses and citation marks are not said; a text with nothing to say gives no sound.
    Raises VoiceExtraMissing, EspeakMissing, LanguageNotSpoken or SpeechFailed.
    """
    parts = [part.samples for part in speak_parts(text, language, rate, speed=speed)]
    return Audio(samples=np.concatenate(parts) if parts else np.zeros(0, np.float32), rate=rate)


def speak_parts(text: str, language: str, rate: int = RATE, *, speed: float = 1.0) -> Iterator[Audio]:
    """As `speak`, sentence by sentence, so that the first is heard while the next is made."""
    if not 0.5 <= speed <= 2.0:
        raise ValueError("speed must lie between 0.5 and 2")
    voice = _voice(language)
    tempo = speed * SLOWER.get(language, 1.0)
    for sentence in sentences(reading(_as_said(text, language), language)):
        made = _japanese(sentence, tempo) if voice is None else _espeak(sentence, voice, tempo)
        yield resample(made, rate)


def can_speak(language: str) -> bool:
    """Whether this installation has a voice for the language."""
    from importlib.util import find_spec

    try:
        voice = _voice(language)
    except LanguageNotSpoken:
        return False
    return find_spec("pyopenjtalk") is not None if voice is None else shutil.which(PROGRAM) is not None


def save_speech(text: str, language: str, file: Path, rate: int = RATE) -> Audio:
    """Speak into a 16-bit WAV file. Raises what `speak` raises, and OSError when the file can't be written."""
    audio = speak(text, language, rate)
    write_wav(audio, file)
    return audio


def _voice(language: str) -> str | None:
    """espeak-ng's voice, None for Japanese."""
    if language.split("-")[0] == "ja":
        return None
    found = ESPEAK.get(language) or ESPEAK.get(language.split("-")[0])
    if found is None:
        raise LanguageNotSpoken
    return found


def _as_said(text: str, language: str) -> str:
    for word, said in _FILIPINO if language.split("-")[0] in ("fil", "tl") else ():
        text = word.sub(said, text)
    return text


def _japanese(sentence: str, tempo: float) -> Audio:
    try:
        import pyopenjtalk
    except ImportError as exc:
        raise VoiceExtraMissing from exc
    try:
        sound, rate = pyopenjtalk.tts(sentence, speed=tempo)
    except (RuntimeError, ValueError) as exc:
        raise SpeechFailed from exc
    return Audio(samples=np.clip(np.asarray(sound) / 32768.0, -1.0, 1.0).astype(np.float32), rate=int(rate))


def _espeak(sentence: str, voice: str, tempo: float) -> Audio:
    program = shutil.which(PROGRAM)
    if program is None:
        raise EspeakMissing
    command = [program, "-v", voice, "-s", str(round(WORDS_A_MINUTE * tempo)), "--stdin", "--stdout"]
    try:
        done = subprocess.run(command, input=sentence.encode(), capture_output=True, timeout=PATIENCE, check=True)
    except (OSError, subprocess.SubprocessError) as exc:
        raise SpeechFailed from exc
    return read_audio_bytes(done.stdout)
