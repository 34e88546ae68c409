"""Train the small test recogniser: `python -m voice.training.train --out FILE` (about 45 minutes of one core).

Equal seeds give equal clips and the same order; sums may differ in the last digits between processors.
"""

from __future__ import annotations

import argparse
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor
from whisper.audio import mel_filters

from voice.speech import Samples
from voice.training.clips import Clips
from voice.training.disturb import Dice, Room, disturbed, nothing_said
from voice.training.network import DIMENSIONS, Learner, Lexicon, export, go_on
from voice.training.synthesis import speech

WINDOW = DIMENSIONS.n_audio_ctx * 320  # samples
PEAK_RATE = 2e-3
EDGE = 1600  # samples of silence that synthesis leaves at both ends of a clip
PHRASES = 1000  # steps with whole phrases only; then sentences put together from parts join them
FLAT = 250  # steps with evenly spread phones; CTC alone did not find the phones in 700 steps


def mels(sounds: list[Samples], length: int) -> Tensor:
    """Whisper's log-mel spectrogram of sounds padded to `length` samples (batch, 80, frames)."""
    padded = torch.zeros(len(sounds), length)
    for row, sound in enumerate(sounds):
        padded[row, : min(len(sound), length)] = torch.from_numpy(sound[:length])
    stft = torch.stft(padded, 400, 160, window=torch.hann_window(400), return_complex=True)
    log = torch.clamp(mel_filters("cpu", 80) @ stft[..., :-1].abs() ** 2, min=1e-10).log10()
    top = log.amax(dim=(1, 2), keepdim=True)
    return (torch.maximum(log, top - 8.0) + 4.0) / 4.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Sounds, where speech begins and ends in each (samples), and what is said: rows of tokens and of phones."""

    sounds: list[tuple[Samples, int, int]]
    rows: list[list[int]]
    said: list[list[int]]


def loss_of(learner: Learner, batch: Batch, dice: Dice, *, wide: bool, flat: bool) -> tuple[Tensor, Tensor]:
    """Loss of the words (cross entropy) and of the sounds: CTC, or at the very start evenly spread phones."""
    sounds, rows, said = [sound for sound, _, _ in batch.sounds], batch.rows, batch.said
    longest = max(len(s) for s in sounds) + int(dice.uniform(0.0, 0.6) * 16_000)
    length = WINDOW if wide else min(WINDOW, -(-longest // 320) * 320)
    mel = _masked(mels(sounds, length), dice)
    heard = learner.listen(mel)
    places = torch.full((len(rows), max(map(len, rows))), -1)
    for number, row in enumerate(rows):
        places[number, : len(row)] = torch.tensor(row)
    given = places[:, :-1].clamp(min=0)
    # One word in eight is changed, so that the decoder leans on the sound and not on the sentence.
    swap = torch.from_numpy(dice.random(given.shape) < 0.12)
    swap[:, :4] = False
    given = torch.where(swap, torch.from_numpy(dice.integers(7, learner.whisper.dims.n_vocab, given.shape)), given)
    logits = learner.whisper.decoder(given, heard)
    words = F.cross_entropy(logits.flatten(0, 1), places[:, 1:].flatten(), ignore_index=-1, label_smoothing=0.05)
    names = learner.sounds(heard).log_softmax(-1).transpose(0, 1)
    if flat:
        return words, F.nll_loss(names.transpose(0, 1).flatten(0, 1), _spread(batch, names.shape[0]).flatten())
    sizes = torch.full((len(rows),), names.shape[0])
    targets = torch.tensor([place for row in said for place in row])
    sound = F.ctc_loss(names, targets, sizes, torch.tensor([len(r) for r in said]), zero_infinity=True)
    return words, sound


def _spread(batch: Batch, positions: int) -> Tensor:
    """A guess at which phone sounds at each position (20 ms): all equally long, silence (0) around them."""
    made = torch.zeros(len(batch.said), positions, dtype=torch.long)
    for row, ((_, start, end), phones) in enumerate(zip(batch.sounds, batch.said, strict=True)):
        first, last = (start + EDGE) // 320, min(positions, (end - EDGE) // 320)
        if phones and last > first:
            places = torch.arange(last - first) * len(phones) // (last - first)
            made[row, first:last] = torch.tensor(phones)[places]
    return made


def _masked(mel: Tensor, dice: Dice) -> Tensor:
    floor = mel.amin(dim=(1, 2), keepdim=True)
    for row in range(mel.shape[0]):
        low, wide = int(dice.integers(0, 72)), int(dice.integers(0, 10))
        mel[row, low : low + wide] = floor[row]
        start, long = int(dice.integers(0, max(1, mel.shape[2] - 20))), int(dice.integers(0, 12))
        mel[row, :, start : start + long] = floor[row]
    return mel


def train(clips: Clips, *, steps: int, size: int, seed: int, out: Path, start: Path | None = None) -> None:
    """Train and write the model, every 500 steps too; prints what it sees. `start`: go on from such a file."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    torch.manual_seed(seed)
    dice = np.random.default_rng(seed)
    lexicon = Lexicon(clips.texts)
    names = {phone: place + 1 for place, phone in enumerate(sorted({p for row in clips.phones for p in row}))}
    learner = Learner(len(lexicon.ids), len(names))
    if start:
        go_on(learner, lexicon, start)
    optimiser = torch.optim.AdamW(learner.parameters(), lr=PEAK_RATE, betas=(0.9, 0.98), weight_decay=0.01)
    room = Room(clips.samples, dice)
    queue: list[list[int]] = []
    began = time.process_time()
    seen: list[tuple[float, float]] = []
    for step in range(steps):
        rate = PEAK_RATE * min(1.0, (step + 1) / 200) * 0.5 * (1 + math.cos(math.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = rate
        queue = queue or clips.batches(size, dice, joined=start is not None or step >= PHRASES)
        batch = _batch(clips, queue.pop(), lexicon, names, room, dice)
        wide = dice.random() < (0.05 if step < 0.8 * steps else 0.4)
        words, sound = loss_of(learner, batch, dice, wide=wide, flat=start is None and step < FLAT)
        optimiser.zero_grad()
        (words + sound).backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(learner.parameters(), 1.0)
        optimiser.step()
        learner.hold()
        seen.append((words.item(), sound.item()))
        if step % 50 == 49:
            w, s = np.mean(seen[-50:], axis=0)
            spent = time.process_time() - began
            print(f"step {step + 1} words {w:.3f} sounds {s:.3f} {spent:.0f} s of one core", flush=True)
        if step % 500 == 499:
            export(learner, lexicon, out)
    export(learner, lexicon, out)


def _batch(clips: Clips, chosen: list[int], lexicon: Lexicon, names: dict[str, int], room: Room, dice: Dice) -> Batch:
    """The chosen clips, disturbed, and one sound in which nobody speaks."""
    return Batch(
        sounds=[*(disturbed(clips.samples[c], room, dice) for c in chosen), (nothing_said(dice), 0, 0)],
        rows=[*(lexicon.row(*clips.texts[c]) for c in chosen), lexicon.row("", "")],
        said=[*([names[p] for p in clips.phones[c]] for c in chosen), []],
    )


def main() -> None:
    """Make the clips when they are not there, then train."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--out", type=Path, required=True, help="the .pt file to write")
    parser.add_argument("--clips", type=Path, required=True, help="folder for synthetic speech (300 MB)")
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--start", type=Path, help="go on from this .pt file of an earlier run")
    chosen = parser.parse_args()
    held = speech(chosen.clips)
    said = Clips(held.train, held.joined, held.more)
    train(said, steps=chosen.steps, size=chosen.batch, seed=chosen.seed, out=chosen.out, start=chosen.start)


if __name__ == "__main__":
    main()
