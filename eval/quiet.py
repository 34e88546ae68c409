"""Calls in which nobody speaks: silence, noise, tones, recorded rooms; nothing may be stored as said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.callers import RATE, Door, connect
from voice.audio import from_mulaw, read_audio, resample, to_mulaw
from voice.caller import Listen, Pause, Speak, Step, call
from voice.speech import Audio, Samples

PIECE = 12.0  # seconds of one sound
_KINDS = ("silence", "white", "pink", "brown", "hum", "tone", "sweep", "beeps", "clicks", "crackle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """What came of the calls."""

    calls: int
    seconds: float  # of sound that was sent into calls that were still open, at most
    invented: tuple[str, ...]  # what was stored as said though nobody spoke


def quiet_sound(kind: str, dice: np.random.Generator, seconds: float = PIECE) -> Samples:
    """A sound without speech, 8 kHz, at a level between soft and loud."""
    count = int(seconds * RATE)
    at = np.arange(count) / RATE
    match kind:
        case "white" | "pink" | "brown":
            slope = {"white": 0.0, "pink": 0.5, "brown": 1.0}[kind]
            hertz = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 20.0)
            made = np.fft.irfft(np.fft.rfft(dice.standard_normal(count)) * hertz**-slope, count)
        case "hum":
            made = sum((np.sin(2 * np.pi * 50 * n * at) / n for n in (1, 2, 3, 5)), np.zeros(count))
        case "tone":
            made = np.sin(2 * np.pi * dice.uniform(200, 1800) * at)
        case "sweep":
            made = np.sin(2 * np.pi * np.cumsum(200 + 900 * (1 + np.sin(2 * np.pi * 0.4 * at))) / RATE)
        case "beeps":  # a busy line
            made = np.sin(2 * np.pi * 400 * at) * (at % 1.0 < 0.5)
        case "clicks":
            made = (dice.random(count) < 4e-4) * dice.uniform(-1, 1, count)
        case "crackle":
            made = dice.standard_normal(count) * (np.repeat(dice.random(-(-count // 400)), 400)[:count] < 0.15)
        case _:
            made = dice.standard_normal(count) * 1e-3
    peak = 1e-3 if kind == "silence" else dice.uniform(0.03, 0.6)
    return np.asarray(made / (np.abs(made).max() + 1e-9) * peak, dtype=np.float32)


def sounds(seconds: float, noise: Path | None, piece: float = PIECE) -> list[Audio]:
    """Pieces without speech, `seconds` long together: every kind in turn, recordings among them when there are any."""
    dice = np.random.default_rng(20261121)
    recorded = _recordings(noise, piece) if noise else []
    made: list[Samples] = []
    while sum(map(len, made)) < seconds * RATE:
        turn = len(made)
        if recorded and turn % 3 == 2:
            made.append(recorded[(turn // 3) % len(recorded)])
        else:
            made.append(quiet_sound(_KINDS[(turn - turn // 3 if recorded else turn) % len(_KINDS)], dice, piece))
    return [Audio(samples=from_mulaw(to_mulaw(one)), rate=RATE) for one in made]


def _recordings(folder: Path, piece: float) -> list[Samples]:
    """Every recording of the folder in pieces, at three levels by turns."""
    pieces: list[Samples] = []
    for file in sorted(folder.iterdir()):
        sound = resample(read_audio(file), RATE).samples
        length = int(piece * RATE)
        pieces += [sound[start : start + length] for start in range(0, len(sound), length)]
    return [np.asarray(one * (1.0, 0.4, 2.0)[n % 3], dtype=np.float32).clip(-1, 1) for n, one in enumerate(pieces)]


async def ring_quietly(
    door: Door, *, seconds: float, noise: Path | None = None, piece: float = PIECE, at_once: int = 6
) -> Quiet:
    """Ring until all the sounds have been sent; one piece a call, since a silent caller is handed to a person."""
    free = asyncio.Semaphore(at_once)
    pieces = sounds(seconds, noise, piece)

    async def one(number: int, piece: Audio) -> list[str]:
        async with free:
            wire, name = await connect(door, number)
            # Half of them sound into the greeting, which must not stop for noise; half into the wait for words.
            steps: list[Step] = [Listen(quiet=1.2, at_most=30)] if number % 4 < 2 else [Pause(seconds=0.5)]
            await call(wire, [*steps, Speak(audio=piece)], linger=1.5)
            return [said.text for said in door.record(name).said if said.why != "requested"]

    found = await asyncio.gather(*(one(number, piece) for number, piece in enumerate(pieces)))
    sent = sum(piece.seconds for piece in pieces)
    return Quiet(calls=len(pieces), seconds=sent, invented=tuple(text for texts in found for text in texts))


def report(quiet: Quiet) -> str:
    """One line, and what was invented."""
    head = (
        f"{quiet.calls} calls without speech, {quiet.seconds / 60:.1f} minutes of sound: {len(quiet.invented)} invented"
    )
    return "\n".join([head, *map(repr, quiet.invented)])
