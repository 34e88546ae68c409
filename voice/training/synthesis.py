"""Utterances spoken by synthetic voices: pyopenjtalk for Japanese, espeak-ng for English."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random

import numpy as np

from voice.speech import Samples
from voice.training.utterances import Part, Utterance, utterances

RATE = 16_000
HELD = 200  # sentences that are measured in voices like those of training; clips after them have new voices


class Voices(StrEnum):
    """Which voices speak; none of NEW or CALLER is heard in training."""

    USUAL = "usual"
    MORE = "more"  # further from the one Japanese voice there is; more English voices
    NEW = "new"  # heard when the model is measured
    CALLER = "caller"  # heard in calls only (eval)


ENGLISH_VOICES = {
    Voices.USUAL: ("en-us", "en-gb", "en-us+f2", "en-us+m3", "en-gb+f3", "en-us+m7"),
    Voices.MORE: ("en-us", "en-gb", "en-us+f1", "en-us+f3", "en-us+m1", "en-us+m4", "en-gb+m2", "en-gb+f1", "en-029",
                  "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-us-nyc", "en-us+m5", "en-gb+f2"),
    Voices.NEW: ("en-us+f4", "en-gb-x-rp+m2"),
    Voices.CALLER: ("en-us+f5", "en-gb+m8", "en-us+m6", "en-gb-x-rp+f1"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clip:
    """One utterance as one voice says it."""

    utterance: Utterance
    samples: Samples  # 16 kHz
    phones: tuple[str, ...]  # what is said, sound by sound; language-prefixed
    voice: str  # how it was made


def clips(utterances: list[Utterance], *, renderings: int, seed: int, voices: Voices = Voices.USUAL) -> Iterator[Clip]:
    """Each utterance in `renderings` voices; equal arguments give equal clips."""
    dice = Random(seed)
    for _ in range(renderings):
        for utterance in utterances:
            yield (_japanese if utterance.language == "ja" else _english)(utterance, dice, voices)


def _japanese(utterance: Utterance, dice: Random, voices: Voices) -> Clip:
    import pyopenjtalk

    # There is one Japanese voice: others are made by pitch, by speed and by stretching its formants.
    speed, half_tone, stretch = _manner(dice, voices)
    sound, rate = pyopenjtalk.tts(utterance.text, speed=speed / stretch, half_tone=half_tone)
    phones = str(pyopenjtalk.g2p(utterance.text)).split()
    return Clip(
        utterance=utterance,
        samples=_at_rate(np.asarray(sound, dtype=np.float32) / 32768.0, rate * stretch),
        phones=tuple(f"ja {phone.lower()}" for phone in phones if phone != "pau"),
        voice=f"mei speed {speed:.2f} half tones {half_tone:.1f} stretch {stretch:.2f}",
    )


def _manner(dice: Random, voices: Voices) -> tuple[float, float, float]:
    """Speed, pitch in half tones, and how far the formants are stretched."""
    match voices:
        case Voices.USUAL:
            return dice.uniform(0.85, 1.2), dice.uniform(-5, 4), dice.uniform(0.9, 1.12)
        case Voices.MORE:
            return dice.uniform(0.85, 1.2), dice.uniform(-6, 5), dice.uniform(0.88, 1.14)
        case Voices.NEW:
            return dice.uniform(0.85, 1.2), dice.choice([-6.5, 5.5]), dice.choice([0.85, 1.16])
        case Voices.CALLER:
            return dice.choice([0.82, 1.23]), dice.choice([-6.6, 5.6]), dice.choice([0.87, 1.0, 1.15])


def _english(utterance: Utterance, dice: Random, voices: Voices) -> Clip:
    voice = dice.choice(ENGLISH_VOICES[voices])
    speed, pitch, stretch = dice.randint(130, 180), dice.randint(30, 70), dice.uniform(0.94, 1.06)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "clip.wav"
        manner = ["-v", voice, "-s", str(speed), "-p", str(pitch)]
        command = ["espeak-ng", *manner, "-w", str(file), "--ipa", "--sep=_", utterance.text]
        phones = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        with wave.open(io.BytesIO(file.read_bytes())) as sound:
            rate = sound.getframerate()
            samples = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(np.float32) / 32768.0
    plain = phones.translate({ord(c): None for c in "ˈˌ"})
    said = [phone for phone in re.split(r"[_\s]+", plain) if phone]
    return Clip(
        utterance=utterance, samples=_at_rate(samples, rate * stretch),
        phones=tuple(f"en {phone}" for phone in said),
        voice=f"{voice} speed {speed} pitch {pitch} stretch {stretch:.2f}",
    )  # fmt: skip


def _at_rate(samples: Samples, rate: float) -> Samples:
    """Resampled to 16 kHz through the spectrum; silence at both ends cut to a tenth of a second."""
    from scipy.signal import resample_poly

    step = round(rate / RATE * 100)
    made = np.asarray(resample_poly(samples, 100, step), dtype=np.float32)
    loud = np.flatnonzero(np.abs(made) > 0.01 * np.abs(made).max(initial=1e-9))
    if len(loud):
        made = made[max(0, loud[0] - RATE // 10) : loud[-1] + RATE // 10]
    return np.clip(made, -1.0, 1.0)


def keep(file: Path, made: list[Clip]) -> None:
    """Write clips as 16-bit sound."""
    np.savez(
        file,
        sound=np.concatenate([(c.samples * 32767).astype(np.int16) for c in made]),
        lengths=np.array([len(c.samples) for c in made]),
        texts=np.array([c.utterance.text for c in made]),
        languages=np.array([c.utterance.language for c in made]),
        parts=np.array([c.utterance.part.value for c in made]),
        phones=np.array(["|".join(c.phones) for c in made]),
        voices=np.array([c.voice for c in made]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """Files of clips."""

    train: Path
    joined: Path  # sentences put together from parts
    more: Path  # the same of all topics, in more voices
    test: Path  # sentences that were never trained on; the last ones in voices that were never heard


def speech(folder: Path) -> Speech:
    """The clips to train and to measure on, made when they are not there: about ten minutes of one core."""
    names = ("train", "joined", "more", "test")
    files = Speech(**{name: folder / f"{name}.npz" for name in names})
    everything = utterances()
    if not files.test.exists():
        folder.mkdir(parents=True, exist_ok=True)
        held = [u for u in everything if u.part in (Part.PHRASING, Part.PAIR)]
        Random(1).shuffle(held)
        held = held[:HELD]
        new = clips(held[:80], renderings=1, seed=78, voices=Voices.NEW)
        keep(files.test, [*clips(held, renderings=1, seed=77), *new])
    if not files.train.exists():
        trained = [u for u in everything if u.part in (Part.TRAIN, Part.SENTENCE)]
        keep(files.train, list(clips(trained, renderings=2, seed=5)))
    if not files.joined.exists():
        keep(files.joined, list(clips([u for u in everything if u.part is Part.JOINED], renderings=1, seed=6)))
    if not files.more.exists():
        more = [u for u in everything if u.part is Part.MORE]
        keep(files.more, list(clips(more, renderings=1, seed=7, voices=Voices.MORE)))
    return files
