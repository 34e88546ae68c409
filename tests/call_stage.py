"""What tests of calls share: a served demo town with a fake recogniser, and an ear that goes by loudness."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import uvicorn
from conftest import settings_for
from sqlalchemy import text

from assistant.bootstrap import System, build
from assistant.channels.speech import Speech
from assistant.web.app import create_app
from voice.audio import from_pcm16
from voice.speech import Audio, Transcript, Unheard

RATE = 8000


class LoudEar:
    """Frames of 20 ms; loud ones are speech."""

    def __init__(self, rate: int) -> None:
        self._frame, self._rest = rate // 50, np.zeros(0, np.float32)

    def hear(self, audio: Audio) -> Iterator[tuple[float, bool]]:
        held = np.concatenate([self._rest, audio.samples])
        whole = len(held) // self._frame * self._frame
        self._rest = held[whole:]
        for frame in held[:whole].reshape(-1, self._frame):
            yield 0.02, bool(np.abs(frame).max() > 0.05)


@dataclass
class ToneRecognizer:
    """Knows tones by their pitch: each stands for a sentence. What it was given is kept."""

    sentences: dict[int, str]  # Hz → what it means; other tones are not understood
    heard: list[tuple[float, str | None]] = field(default_factory=list)  # seconds, language
    name: str = "tones"

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        self.heard.append((audio.seconds, language))
        power = np.abs(np.fft.rfft(audio.samples, n=audio.rate))
        pitch = int(power.argmax()) if len(power) else 0
        said = next((words for hertz, words in self.sentences.items() if abs(hertz - pitch) < 15), "")
        if not said:
            return Transcript(text="", language="ja", confidence=0.0, reason=Unheard.UNSURE)
        return Transcript(text=said, language="ja", confidence=0.9)


@dataclass
class BeepVoice:
    """Speaks by beeping; keeps what it said."""

    said: list[tuple[str, str]] = field(default_factory=list)  # language, text
    pace: int = 50  # characters a second

    def __call__(self, text: str, language: str, rate: int) -> Iterator[Audio]:
        self.said.append((language, text))
        yield tone(900, max(0.3, len(text) / self.pace), rate)


def tone(hertz: int, seconds: float, rate: int = RATE) -> Audio:
    at = np.arange(int(seconds * rate)) / rate
    return Audio(samples=(0.4 * np.sin(2 * np.pi * hertz * at)).astype(np.float32), rate=rate)


def from_bytes(data: bytes) -> Audio:
    return Audio(samples=from_pcm16(data), rate=RATE)


@dataclass
class Stage:
    """A server with its doors open."""

    system: System
    port: int  # HTTP
    audiosocket: int
    recognizer: ToneRecognizer | None
    voice: BeepVoice

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.system.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@contextmanager
def serving(home: Path, sentences: dict[int, str] | None, *, speech: Speech | None = None,
            voice: BeepVoice | None = None, **settings: object) -> Iterator[Stage]:  # fmt: skip
    """The application on ports of its own; `sentences` None: no recogniser."""
    http, calls = free_port(), free_port()
    system = build(settings_for(home, audiosocket_port=calls, **settings))
    app = create_app(system)
    recognizer = None if sentences is None else ToneRecognizer(sentences)
    voice = voice or BeepVoice()
    app.state.speech = speech or Speech(recognizer=recognizer, speak=voice, ear=LoudEar)
    server = uvicorn.Server(uvicorn.Config(app, port=http, log_level="warning", timeout_graceful_shutdown=2))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    until = time.monotonic() + 180
    while not server.started and time.monotonic() < until:
        time.sleep(0.05)
    assert server.started
    try:
        yield Stage(system, http, calls, recognizer, voice)
    finally:
        server.should_exit = True
        thread.join(20)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
