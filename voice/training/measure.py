"""How well a recogniser hears municipal speech: `python -m voice.training.measure --model WHERE --clips DIR`."""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path

import numpy as np

from voice.recognizer import Recognizer, open_recognizer
from voice.speech import Audio, Samples
from voice.training.clips import Clips
from voice.training.disturb import nothing_said, telephone
from voice.training.synthesis import HELD, RATE, speech
from voice.training.synthesis import clips as synthesised
from voice.training.utterances import Part, utterances


def distance(said: str, heard: str) -> int:
    """The edit distance (Levenshtein, 1966): insertions, deletions and substitutions of characters."""
    row = list(range(len(heard) + 1))
    for i, a in enumerate(said, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(heard, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def measure(recognizer: Recognizer, clips: Clips, *, every: int = 1) -> dict[str, tuple[int, int, int, int, int]]:
    """By condition: clips, exactly right, wrong characters, characters, left empty. The language is not told."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    dice = np.random.default_rng(3)
    for number in range(0, len(clips.samples), every):
        text, language = clips.texts[number]
        kind = clips.parts[number] if number < HELD else "new voice"
        padded = np.pad(clips.samples[number], RATE // 4)
        for line, sound in (("", padded), (", telephone", _telephone(padded, dice))):
            heard = recognizer.transcribe(Audio(samples=sound, rate=RATE)).text
            wrong = distance(text.lower(), heard.lower())
            for name in (f"{language} {kind}{line}", f"{language} all{line}"):
                gained = (1, heard.lower() == text.lower(), wrong, len(text), not heard)
                counts[name] = [a + b for a, b in zip(counts[name], gained, strict=True)]
    return {name: (row[0], row[1], row[2], row[3], row[4]) for name, row in sorted(counts.items())}


def confidences(recognizer: Recognizer, clips: Clips, *, every: int = 1) -> dict[str, list[float]]:
    """How sure the recogniser is: of what it hears rightly, of what it gets wrong, and of strange sentences."""
    found: dict[str, list[float]] = {"right": [], "wrong": [], "strange": []}
    strange = [u for u in utterances() if u.part is Part.STRANGE]
    for clip in synthesised(strange, renderings=2, seed=79):
        heard = recognizer.transcribe(Audio(samples=np.pad(clip.samples, RATE // 4), rate=RATE))
        found["strange"].append(heard.confidence)
    for number in range(0, len(clips.samples), every):
        heard = recognizer.transcribe(Audio(samples=np.pad(clips.samples[number], RATE // 4), rate=RATE))
        found["right" if heard.text.lower() == clips.texts[number][0].lower() else "wrong"].append(heard.confidence)
    return found


def inventions(recognizer: Recognizer, sounds: int = 60) -> list[str]:
    """What is 'heard' in sounds without speech; nothing should be."""
    dice = np.random.default_rng(4)
    heard = (recognizer.transcribe(Audio(samples=nothing_said(dice), rate=RATE)).text for _ in range(sounds))
    return [text for text in heard if text]


def _telephone(samples: Samples, dice: np.random.Generator) -> Samples:
    level = float(np.sqrt(np.mean(samples**2)))
    noise = dice.standard_normal(len(samples)) * level * 10 ** (-20 / 20)
    return telephone(np.asarray(samples + noise, dtype=np.float32))


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", required=True)
    parser.add_argument("--clips", type=Path, required=True)
    parser.add_argument("--every", type=int, default=1, help="only each nth clip")
    chosen = parser.parse_args()
    recognizer = open_recognizer(chosen.model)
    clips = Clips(speech(chosen.clips).test)
    for name, (n, right, wrong, of, empty) in measure(recognizer, clips, every=chosen.every).items():
        print(f"{name}: n {n}, exact {right / n:.2f}, character error {wrong / of:.3f}, empty {empty}")
    for name, values in confidences(recognizer, clips, every=chosen.every).items():
        if values:
            low, middle, high = np.quantile(values, [0.1, 0.5, 0.9])
            print(f"confidence, {name}: n {len(values)}, p10 {low:.2f}, median {middle:.2f}, p90 {high:.2f}")
    print(f"invented on 60 sounds without speech: {inventions(recognizer)}")


if __name__ == "__main__":
    main()
