"""A served demo town with its telephone doors open, and callers who speak with voices that nobody trained on."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from urllib.parse import unquote

import numpy as np

from assistant.bootstrap import build
from assistant.demo import load
from assistant.settings import Settings
from voice.audio import from_mulaw, resample, to_mulaw
from voice.caller import Call, Decide, Listen, Pause, Press, Speak, Step, call
from voice.speech import Audio
from voice.wires import AudioSocketWire, MediaStreamWire, Wire

TOWN = "482013"
RATE = 8000
GOING_ON = "going on"  # how a call ended that has not
_STARTS_WITHIN = 120.0  # seconds


class NotServing(Exception):
    """The server did not start. Run `madoguchi serve` with the same settings by hand to see why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One turn of a call as it is stored, with its decision."""

    text: str
    decision: str
    why: str
    first: str  # document of the first citation: guide:ID, table:ID; empty without one
    choices: tuple[str, ...]  # their words, in the order of the keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is stored of one call."""

    said: tuple[Said, ...] = ()
    ended: str = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a served town can be called, and the database in which its record stands."""

    http: int  # port
    audiosocket: int  # port
    database: Path

    def record(self, call_: str) -> Record:
        """What is stored of the call that the exchange names so."""
        with closing(sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=30)) as stored:
            events = [
                (conversation, json.loads(payload))
                for conversation, payload in stored.execute(
                    "SELECT conversation, payload FROM events WHERE kind = 'call' ORDER BY seq"
                )
            ]  # fmt: skip
            own = [(conversation, payload) for conversation, payload in events if payload["call"] == call_]
            if not own:
                return Record()
            rows = stored.execute(
                "SELECT t.text, m.payload FROM turns t LEFT JOIN messages m ON m.turn = t.id"
                " AND m.conversation = t.conversation WHERE t.conversation = ? ORDER BY t.seq",
                (own[0][0],),
            ).fetchall()
        ended = next((payload["how"] for _, payload in own if payload["state"] == "ended"), GOING_ON)
        return Record(said=tuple(_said(text, payload) for text, payload in rows), ended=ended)


def _said(text: str, payload: str | None) -> Said:
    if payload is None:
        return Said(text=text, decision="none", why="none", first="", choices=())
    message = json.loads(payload)
    sources = [unquote(one["source"].split("?")[0].rsplit("/", 1)[-1]) for one in message["citations"]]
    return Said(
        text=text, decision=message["decision"], why=message["why"], first=sources[0].split("@")[0] if sources else "",
        choices=tuple(one["label"] for one in message["choices"]),
    )  # fmt: skip


@contextmanager
def served(home: Path, model: str) -> Iterator[Door]:
    """The demo town behind `madoguchi serve`, with this recogniser; loaded first when the home is empty."""
    settings = Settings.model_validate({"home": home, "town": TOWN})
    if not (home / "madoguchi.db").exists():
        system = build(settings)
        load(system)
        system.close()
    door = Door(http=_free_port(), audiosocket=_free_port(), database=home / "madoguchi.db")
    own = {
        "MADOGUCHI_HOME": str(home), "MADOGUCHI_TOWN": TOWN, "MADOGUCHI_WHISPER": model,
        "MADOGUCHI_AUDIOSOCKET_PORT": str(door.audiosocket),
    }  # fmt: skip
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MADOGUCHI_")}
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(door.http)]
    server = subprocess.Popen(command, env={**plain, **own})
    try:
        _wait(door, server)
        yield door
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(door: Door, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{door.http}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise NotServing((NotServing.__doc__ or "").strip())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def rendering(text: str, language: str, seed: int) -> Audio:
    """The sentence in a caller's voice, with noise behind it, as it comes through a telephone (8 kHz, mu-law)."""
    from voice.training.disturb import noise_of
    from voice.training.synthesis import RATE as MADE_AT
    from voice.training.synthesis import Voices, clips
    from voice.training.utterances import Part, Utterance

    wish = Utterance(text=text, language=language, part=Part.STRANGE)
    (clip,) = clips([wish], renderings=1, seed=seed, voices=Voices.CALLER)
    dice = np.random.default_rng(seed)
    sound = np.pad(clip.samples, MADE_AT // 4)
    level = float(np.sqrt(np.mean(clip.samples**2))) * 10 ** (-dice.uniform(15, 28) / 20)
    noisy = np.asarray(sound + level * noise_of(len(sound), dice), dtype=np.float32)
    loud = noisy / np.abs(noisy).max() * np.float32(dice.uniform(0.2, 0.9))
    line = resample(Audio(samples=np.asarray(loud, dtype=np.float32), rate=MADE_AT), RATE)
    return Audio(samples=from_mulaw(to_mulaw(line.samples)), rate=RATE)


async def connect(door: Door, number: int) -> tuple[Wire, str]:
    """A line into the town, every other one as a media stream; and the exchange's name of the call."""
    if number % 2:
        wire = await MediaStreamWire.ring(f"ws://127.0.0.1:{door.http}/channels/phone/{TOWN}/media")
        return wire, wire.call
    id_ = uuid.UUID(f"{uuid.uuid4().hex[:20]}000000{TOWN}")
    return await AudioSocketWire.ring("127.0.0.1", door.audiosocket, id_), str(id_)


class Caller:
    """One caller; `call` is the exchange's name of the call once it began."""

    def __init__(self, *, door: Door, number: int, language: str) -> None:
        self._door, self._number, self._language = door, number, language
        self.call = ""
        self.heard = 0.0  # seconds of loud sound

    async def talk(self, text: str, choose: str, *, wanted: Callable[[Sequence[Said]], bool]) -> Call:
        """Ring, say it, choose when asked back, say it again when that was not what was wanted, hang up."""
        first, second = (rendering(text, self._language, 100 * self._number + n) for n in (1, 2))
        wire, self.call = await connect(self._door, self._number)

        def go_on() -> Sequence[Step]:
            said = self._door.record(self.call).said
            if wanted(said):
                return [_HEAR_OUT] if said[-1].decision == "handoff" else []
            keys = [n for n, label in enumerate(said[-1].choices, 1) if choose in label] if said and choose else []
            return (Press(digit=str(keys[0])), _ANSWER) if keys else (Speak(audio=second), _ANSWER)

        steps: list[Step] = [*self._opening(), Speak(audio=first), _ANSWER, Decide(steps=go_on)]
        steps += [Decide(steps=go_on)] if choose else []
        made = await call(wire, steps, linger=1.0)
        self.heard = _loud(made.heard)
        return made

    def _opening(self) -> list[Step]:
        """English by the menu; in Japanese some hear the greeting out and others speak into it."""
        if self._language == "en":
            return [Pause(seconds=0.5), Press(digit="*"), Pause(seconds=0.4), Press(digit="2"), Listen(at_most=15)]
        patient = Random(self._number).random() < 0.4
        return [Listen(quiet=1.2, at_most=30)] if patient else [Pause(seconds=2.0)]


_ANSWER = Listen(quiet=1.2, at_most=12)
_HEAR_OUT = Listen(quiet=3.0, at_most=30)  # the call ends by the other side when it goes to a person


def _loud(audio: Audio) -> float:
    frames = audio.samples[: len(audio.samples) // 160 * 160].reshape(-1, 160)
    return float((np.sqrt((frames**2).mean(axis=1)) > 0.01).sum() * 0.02) if len(frames) else 0.0
