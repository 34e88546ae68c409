"""What rooms, voices and telephone lines do to a clip, made by chance from a seed."""

from __future__ import annotations

import numpy as np

from voice.speech import Samples

RATE = 16_000
POOL = 1 << 17  # samples, a power of two for the transform
Dice = np.random.Generator


class Room:
    """Noises and other voices that stand behind a clip; the noises are made once."""

    def __init__(self, voices: list[Samples], dice: Dice) -> None:
        self.voices = voices
        self.noises = [noise_of(POOL, dice) for _ in range(48)]

    def behind(self, length: int, dice: Dice) -> Samples:
        """Noise, or now and then another voice, with effective value about 1."""
        if dice.random() < 0.8:
            start = int(dice.integers(0, max(1, POOL - length)))
            return np.resize(self.noises[dice.integers(len(self.noises))][start : start + length], length)
        made = np.resize(self.voices[dice.integers(len(self.voices))], length)
        return np.asarray(made / (np.sqrt(np.mean(made**2)) + 1e-9), dtype=np.float32)


def disturbed(samples: Samples, room: Room, dice: Dice) -> tuple[Samples, int, int]:
    """The clip at another speed, moved, with noise or other voices behind it, perhaps by telephone; peak below 1.

    Also where the clip begins and ends in the result, in samples.
    """
    made = _stretched(samples, dice.uniform(0.95, 1.06))
    before, after = (int(dice.uniform(0.0, 0.3) * RATE) for _ in range(2))
    made = np.concatenate([np.zeros(before, np.float32), made, np.zeros(after, np.float32)])
    level = float(np.sqrt(np.mean(made**2))) + 1e-9
    if dice.random() < 0.7:
        made = made + room.behind(len(made), dice) * (level * 10 ** (-dice.uniform(10, 35) / 20))
    if dice.random() < 0.4:
        made = telephone(made)
    made = made / (np.abs(made).max() + 1e-9) * 10 ** (-dice.uniform(0, 20) / 20)
    return np.asarray(made, dtype=np.float32), before, len(made) - after


def telephone(samples: Samples) -> Samples:
    """What is left at 8 kHz: 250 to 3400 Hz, in the 255 levels of G.711 mu-law."""
    whole = -(-len(samples) // 2048) * 2048  # lengths with large prime factors transform slowly
    spectrum = np.fft.rfft(samples, whole)
    hertz = np.fft.rfftfreq(whole, 1 / RATE)
    spectrum[(hertz < 250) | (hertz > 3400)] = 0
    band = np.fft.irfft(spectrum, whole)[: len(samples)]
    peak = np.abs(band).max() + 1e-9
    bent = np.sign(band) * np.log1p(255 * np.abs(band) / peak) / np.log(256)
    levels = np.round(bent * 127) / 127
    return np.asarray(np.sign(levels) * (256 ** np.abs(levels) - 1) / 255 * peak, dtype=np.float32)


def noise_of(length: int, dice: Dice) -> Samples:
    """Noise of a random colour, white to brown, with effective value 1."""
    whole = -(-length // 2048) * 2048
    spectrum = np.fft.rfft(dice.standard_normal(whole))
    hertz = np.maximum(np.fft.rfftfreq(whole, 1 / RATE), 20.0)
    made = np.fft.irfft(spectrum * hertz ** -dice.uniform(0.0, 1.0), whole)[:length]
    return np.asarray(made / (np.sqrt(np.mean(made**2)) + 1e-9), dtype=np.float32)


def nothing_said(dice: Dice) -> Samples:
    """Sound without speech: silence, noise, hum, tones, clicks; 1 to 4 seconds."""
    length = int(dice.uniform(1.0, 4.0) * RATE)
    kind = dice.integers(5)
    time = np.arange(length) / RATE
    if kind == 0:
        return np.asarray(dice.standard_normal(length) * 1e-4, dtype=np.float32)
    if kind == 1:
        made = noise_of(length, dice)
    elif kind == 2:
        low, high = dice.uniform(90, 1600, 2)
        made = np.sin(2 * np.pi * low * time) + np.sin(2 * np.pi * high * time) + 0.02 * noise_of(length, dice)
    elif kind == 3:
        beat = (np.sin(2 * np.pi * dice.uniform(0.5, 3) * time) > 0).astype(np.float32)
        made = beat * np.sin(2 * np.pi * dice.uniform(300, 1500) * time) + 0.02 * noise_of(length, dice)
    else:
        made = (dice.random(length) < 3e-4) * dice.uniform(-1, 1, length) * 5 + 0.02 * noise_of(length, dice)
    return np.asarray(made / (np.abs(made).max() + 1e-9) * 10 ** (-dice.uniform(0, 30) / 20), dtype=np.float32)


def _stretched(samples: Samples, factor: float) -> Samples:
    places = np.arange(0, len(samples) - 1, factor)
    return np.asarray(np.interp(places, np.arange(len(samples)), samples), dtype=np.float32)
