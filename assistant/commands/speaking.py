"""`madoguchi transcribe` and `madoguchi say`: the voice parts alone."""

from __future__ import annotations

import argparse
import sys

from assistant.errors import MadoguchiError
from assistant.settings import read_settings
from voice.audio import read_audio
from voice.recognizer import open_recognizer
from voice.speak import save_speech


def transcribe(chosen: argparse.Namespace) -> int:
    """Print what is said in a sound file; nothing for silence and noise, whose reason goes to stderr."""
    audio = read_audio(chosen.audio)
    transcript = open_recognizer(read_settings().whisper).transcribe(audio, chosen.lang)
    if transcript.reason is not None:
        print(f"nothing heard: {transcript.reason}", file=sys.stderr)
        return 0
    print(transcript.text)
    print(f"language {transcript.language}, confidence {transcript.confidence:.2f}", file=sys.stderr)
    return 0


def say(chosen: argparse.Namespace) -> int:
    """Speak a text into a WAV file: 16-bit, 16 kHz, or 8 kHz with --phone."""
    try:
        audio = save_speech(chosen.text, chosen.lang, chosen.out, 8000 if chosen.phone else 16_000)
    except OSError as exc:
        raise MadoguchiError(f"{chosen.out} could not be written. Check the folder and the free space.") from exc
    print(f"{chosen.out}: {audio.seconds:.1f} s", file=sys.stderr)
    return 0
