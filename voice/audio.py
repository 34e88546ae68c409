"""Sound files, sample rates, 16-bit PCM and G.711 mu-law: everything between bytes and Audio."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator
from functools import lru_cache
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from voice.errors import AudioTooLong, AudioUnreadable, VoiceExtraMissing
from voice.speech import Audio, Samples

if TYPE_CHECKING:
    from av import AudioFrame

MAX_SECONDS = 7200
TAPS = 32  # zero crossings of the low-pass filter, both sides together
PCM, FLOAT, ALAW, MULAW, EXTENSIBLE = 1, 3, 6, 7, 0xFFFE


def read_audio(file: Path) -> Audio:
    """The sound of a file with its channels mixed to one: WAV by ourselves, everything else by PyAV.

    Raises AudioUnreadable, AudioTooLong, or VoiceExtraMissing when PyAV is needed and absent.
    """
    try:
        data = file.read_bytes()
    except OSError as exc:
        raise AudioUnreadable(f"{file.name} could not be opened. Check the path.") from exc
    return read_audio_bytes(data)


def read_audio_bytes(data: bytes) -> Audio:
    """As `read_audio`, of a file's bytes."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return _wav(data)
    return _any(data)


def write_wav(audio: Audio, file: Path) -> None:
    """Write 16-bit PCM WAV."""
    file.write_bytes(wav_bytes(audio))


def wav_bytes(audio: Audio) -> bytes:
    """A 16-bit PCM WAV file."""
    sound = to_pcm16(audio.samples)
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + len(sound), b"WAVE", b"fmt ", 16, PCM, 1, audio.rate,
                       audio.rate * 2, 2, 16, b"data", len(sound))  # fmt: skip
    return head + sound


def _wav(data: bytes) -> Audio:
    """A WAV file; a chunk that the file cuts short is read as far as it goes."""
    shape: tuple[int, int, int, int] | None = None
    place = 12
    while place + 8 <= len(data):
        name, size = data[place : place + 4], int.from_bytes(data[place + 4 : place + 8], "little")
        body = data[place + 8 : place + 8 + size]
        if name == b"fmt " and len(body) >= 16:
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
            if kind == EXTENSIBLE and len(body) >= 26:
                kind = int.from_bytes(body[24:26], "little")
            shape = kind, channels, rate, bits
        elif name == b"data" and shape is not None:
            kind, channels, rate, bits = shape
            if not 1 <= channels <= 32 or not 1000 <= rate <= 384_000:
                raise AudioUnreadable
            values = _values(body, kind, bits)
            if len(values) > MAX_SECONDS * rate * channels:
                raise AudioTooLong
            mixed = values[: len(values) // channels * channels].reshape(-1, channels).mean(axis=1)
            return Audio(samples=mixed.astype(np.float32), rate=rate)
        place += 8 + size + size % 2
    raise AudioUnreadable


def _values(body: bytes, kind: int, bits: int) -> npt.NDArray[np.floating]:
    whole = body[: len(body) // max(1, bits // 8) * max(1, bits // 8)]
    match kind, bits:
        case 1, 8:
            return (np.frombuffer(whole, "u1").astype(np.float32) - 128.0) / 128.0
        case 1, 16:
            return np.frombuffer(whole, "<i2").astype(np.float32) / 32768.0
        case 1, 24:
            parts = np.frombuffer(whole, "u1").reshape(-1, 3).astype(np.int32)
            return ((parts[:, 0] << 8 | parts[:, 1] << 16 | parts[:, 2] << 24) / 2147483648.0).astype(np.float32)
        case 1, 32:
            return (np.frombuffer(whole, "<i4") / 2147483648.0).astype(np.float32)
        case 3, 32:
            return np.nan_to_num(np.frombuffer(whole, "<f4").astype(np.float32), posinf=1.0, neginf=-1.0).clip(-1, 1)
        case 7, 8:
            return from_mulaw(whole)
    raise AudioUnreadable


def _any(data: bytes) -> Audio:
    try:
        import av
    except ImportError as exc:
        message = "Only WAV can be read without the extra `voice`. Run `pip install 'madoguchi[voice]'`."
        raise VoiceExtraMissing(message) from exc
    parts: list[Samples] = []
    length = 0
    try:
        with av.open(io.BytesIO(data), mode="r", metadata_errors="ignore") as container:
            stream = container.streams.audio[0]
            rate = int(stream.rate)
            mixer = av.AudioResampler(format="flt", layout="mono", rate=rate)
            frames = (made for frame in container.decode(stream) for made in mixer.resample(frame))
            for made in [*_bounded(frames, rate * MAX_SECONDS), *mixer.resample(None)]:
                parts.append(made.to_ndarray().reshape(-1).astype(np.float32))
                length += len(parts[-1])
    except (av.FFmpegError, IndexError, ValueError, OverflowError) as exc:
        raise AudioUnreadable from exc
    if not length:
        raise AudioUnreadable
    return Audio(samples=np.concatenate(parts).clip(-1.0, 1.0), rate=rate)


def _bounded(frames: Iterator[AudioFrame], most: int) -> Iterator[AudioFrame]:
    """The frames, until they hold more than `most` samples: a small file can unpack to days of silence."""
    held = 0
    for frame in frames:
        held += frame.samples
        if held > most:
            raise AudioTooLong
        yield frame


def to_pcm16(samples: Samples) -> bytes:
    """16-bit little-endian; louder than 1 is clipped."""
    return np.round(np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()


def from_pcm16(data: bytes) -> Samples:
    """Samples of 16-bit little-endian sound; an odd last byte is left out."""
    return np.frombuffer(data[: len(data) // 2 * 2], "<i2").astype(np.float32) / np.float32(32767.0)


@lru_cache(maxsize=1)
def _mulaw_levels() -> Samples:
    """The 256 levels of G.711 mu-law (ITU-T G.711 table 2), as parts of full scale."""
    code = ~np.arange(256, dtype=np.int32) & 0xFF
    size = (((code & 0x0F) << 3) + 0x84 << ((code & 0x70) >> 4)) - 0x84
    return np.asarray(np.where(code & 0x80, -size, size) / 32768.0, dtype=np.float32)


def from_mulaw(data: bytes) -> Samples:
    """Samples of G.711 mu-law."""
    return np.asarray(_mulaw_levels()[np.frombuffer(data, "u1")], dtype=np.float32)


def to_mulaw(samples: Samples) -> bytes:
    """G.711 mu-law: the nearest level of each sample."""
    levels = _mulaw_levels()
    order = np.argsort(levels, kind="stable")
    order = order[order != 0x7F]  # minus zero; silence is sent as 0xFF
    ranked = levels[order]
    middles = (ranked[1:] + ranked[:-1]) / 2
    codes: npt.NDArray[np.uint8] = order[np.searchsorted(middles, samples)].astype(np.uint8)
    return codes.tobytes()


class Resampler:
    """Changes the sample rate of a stream; any cutting into pieces gives the same sound (windowed sinc)."""

    def __init__(self, source: int, target: int) -> None:
        common = gcd(source, target)
        self._up, self._down = target // common, source // common
        if self._up > 4096 or self._down > 4096:
            raise ValueError("these two sample rates have no small ratio")
        reach = max(1.0, source / target)  # lower the cut-off when the rate falls
        self._taps = int(TAPS * reach) // 2 * 2
        places = np.arange(self._taps) - self._taps // 2 + 1
        offset = np.arange(self._up)[:, None] / self._up - places[None, :]
        window = np.i0(8.0 * np.sqrt(np.clip(1 - (offset / (self._taps / 2)) ** 2, 0, 1))) / np.i0(8.0)
        filters = np.sinc(offset * 0.95 / reach) * window
        self._filters = (filters / filters.sum(axis=1, keepdims=True)).astype(np.float32)
        self._held = np.zeros(self._taps // 2 - 1, np.float32)
        self._next = 0  # the next output sample, counted from the first sample held, in units of 1/up

    def feed(self, samples: Samples) -> Samples:
        """What can be said so far; the rest is kept for the next piece."""
        held = np.concatenate([self._held, samples])
        count = max(0, -(-((len(held) - self._taps + 1) * self._up - self._next) // self._down))
        made = np.zeros(count, np.float32)
        if count:
            windows = np.lib.stride_tricks.sliding_window_view(held, self._taps)
            at = self._next + np.arange(count) * self._down
            for first in range(min(self._up, count)):
                rows = at[first :: self._up] // self._up
                made[first :: self._up] = windows[rows] @ self._filters[at[first] % self._up]
            self._next = int(at[-1]) + self._down
        drop = min(self._next // self._up, len(held))
        self._held, self._next = held[drop:], self._next - drop * self._up
        return made

    def end(self) -> Samples:
        """The last samples."""
        return self.feed(np.zeros(self._taps // 2, np.float32))


def resample(audio: Audio, rate: int) -> Audio:
    """The same sound at another rate; its length is that of the original within one sample."""
    if rate == audio.rate:
        return audio
    resampler = Resampler(audio.rate, rate)
    made = np.concatenate([resampler.feed(audio.samples), resampler.end()])
    return Audio(samples=made[: -(-len(audio.samples) * rate // audio.rate)].clip(-1.0, 1.0), rate=rate)
