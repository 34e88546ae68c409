"""Clips of synthetic speech as they are kept on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from voice.speech import Samples
from voice.training.disturb import Dice
from voice.training.utterances import Part


class Clips:
    """The clips that `voice.training.synthesis.keep` wrote."""

    def __init__(self, *files: Path) -> None:
        self.samples: list[Samples] = []
        self.texts: list[tuple[str, str]] = []  # text, language
        self.phones: list[list[str]] = []
        self.parts: list[str] = []
        for file in files:
            self._take(file)

    def _take(self, file: Path) -> None:
        with np.load(file) as held:
            lengths: npt.NDArray[np.int64] = held["lengths"]
            sound: npt.NDArray[np.int16] = held["sound"]
            for end, length in zip(np.cumsum(lengths), lengths, strict=True):
                self.samples.append((sound[end - length : end] / 32767.0).astype(np.float32))
            self.texts += [(str(t), str(lang)) for t, lang in zip(held["texts"], held["languages"], strict=True)]
            self.phones += [str(p).split("|") for p in held["phones"]]
            self.parts += [str(p) for p in held["parts"]]

    def batches(self, size: int, dice: Dice, *, joined: bool = True) -> list[list[int]]:
        """Every clip once, sentences four times, in batches of nearly equal length; perhaps without joined ones."""
        often = {Part.SENTENCE.value: 4, Part.JOINED.value: int(joined), Part.MORE.value: int(joined)}
        taken = np.array([n for n, part in enumerate(self.parts) for _ in range(often.get(part, 1))])
        lengths = np.array([len(self.samples[n]) for n in taken]) * dice.uniform(0.9, 1.1, len(taken))
        order = taken[np.argsort(lengths)]
        made = [order[start : start + size].tolist() for start in range(0, len(order), size)]
        return [made[place] for place in dice.permutation(len(made))]
