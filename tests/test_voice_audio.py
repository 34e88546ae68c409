"""Sound files, sample rates, G.711 and 16-bit PCM."""

import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from voice.audio import (
    Resampler,
    from_mulaw,
    from_pcm16,
    read_audio,
    read_audio_bytes,
    resample,
    to_mulaw,
    to_pcm16,
    wav_bytes,
    write_wav,
)
from voice.errors import AudioUnreadable, VoiceError
from voice.speech import Audio, Transcript, Unheard

sounds = arrays(np.float32, st.integers(0, 3000), elements=st.floats(-1, 1, width=32))


def tone(hertz: float, rate: int, seconds: float = 1.0) -> Audio:
    time = np.arange(int(rate * seconds)) / rate
    return Audio(samples=(0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32), rate=rate)


@given(sounds)
def test_pcm_comes_back_within_half_a_level(samples: np.ndarray) -> None:
    assert np.abs(from_pcm16(to_pcm16(samples)) - samples).max(initial=0) <= 0.51 / 32767


@given(sounds)
def test_mulaw_comes_back_within_half_a_step(samples: np.ndarray) -> None:
    back = from_mulaw(to_mulaw(samples))
    # The top level is 32124/32768; steps grow with loudness, 1/32 of it at most.
    assert np.all(np.abs(back - samples) <= np.maximum(np.abs(samples) / 28, 5e-4))


def test_every_mulaw_byte_but_minus_zero_is_its_own_image() -> None:
    for byte in range(256):
        assert to_mulaw(from_mulaw(bytes([byte]))) == bytes([0xFF if byte == 0x7F else byte])


def test_mulaw_levels_are_those_of_g711() -> None:
    # ITU-T G.711, 14-bit levels of the standard's table scaled to 16 bits: loudest, first step, silence.
    levels = from_mulaw(bytes([0x00, 0x80, 0xFE, 0x7E, 0xFF])) * 32768
    assert levels.tolist() == [-32124.0, 32124.0, 8.0, -8.0, 0.0]


@given(sounds, st.sampled_from([8000, 16000, 22050, 44100, 48000]))
def test_wav_comes_back(samples: np.ndarray, rate: int) -> None:
    back = read_audio_bytes(wav_bytes(Audio(samples=samples, rate=rate)))
    assert back.rate == rate
    assert len(back.samples) == len(samples)
    assert np.abs(back.samples - samples).max(initial=0) < 1e-4


@given(sounds, st.sampled_from([(8000, 16000), (16000, 8000), (44100, 16000)]), st.lists(st.floats(0, 1)))
@settings(max_examples=40)
def test_a_stream_cut_anywhere_is_the_same_sound(samples: np.ndarray, rates: tuple[int, int], at: list[float]) -> None:
    whole = Resampler(*rates)
    expected = np.concatenate([whole.feed(samples), whole.end()])
    cuts = sorted(int(part * len(samples)) for part in at)
    pieces = Resampler(*rates)
    made = [pieces.feed(part) for part in np.split(samples, cuts)] + [pieces.end()]
    assert np.allclose(np.concatenate(made), expected, atol=1e-5)


@pytest.mark.parametrize("source", [8000, 16000, 22050, 44100, 48000])
@pytest.mark.parametrize("target", [8000, 16000])
def test_a_tone_stays_the_same_tone_at_another_rate(source: int, target: int) -> None:
    made = resample(tone(1000, source), target)
    ideal = tone(1000, target).samples
    assert abs(len(made.samples) - target) <= 1
    assert np.abs(made.samples[200:-200] - ideal[200 : len(made.samples) - 200]).max() < 1e-3


def test_what_the_lower_rate_cannot_carry_is_gone() -> None:
    assert np.abs(resample(tone(6000, 16000), 8000).samples[100:-100]).max() < 0.01


@pytest.mark.parametrize("kind", ["-b 8", "-b 16", "-b 24", "-b 32", "-e floating-point -b 32", "-e mu-law"])
def test_wav_of_other_programs_is_read(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "x.wav"
    shape = ["-r", "16000", "-c", "2", *kind.split()]
    subprocess.run(["sox", "-n", *shape, file, "synth", "0.5", "sine", "440", "gain", "-6"], check=True)
    audio = read_audio(file)
    assert audio.rate == 16000
    assert abs(audio.seconds - 0.5) < 0.01
    assert 0.3 < np.abs(audio.samples).max() < 0.7


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "webm", "m4a"])
def test_other_forms_are_read(suffix: str, tmp_path: Path) -> None:
    pytest.importorskip("av")
    write_wav(tone(440, 48000), tmp_path / "x.wav")
    target = tmp_path / f"x.{suffix}"
    subprocess.run(["ffmpeg", "-loglevel", "error", "-i", tmp_path / "x.wav", target], check=True)
    audio = read_audio(target)
    spectrum = np.abs(np.fft.rfft(audio.samples))
    assert abs(np.fft.rfftfreq(len(audio.samples), 1 / audio.rate)[spectrum.argmax()] - 440) < 5
    assert abs(audio.seconds - 1.0) < 0.1


@given(st.binary(max_size=400), st.booleans())
@settings(max_examples=60, deadline=None)
def test_garbage_is_sound_or_an_error_with_a_cure(data: bytes, riff: bool) -> None:
    pytest.importorskip("av")
    body = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + data if riff else data
    try:
        assert isinstance(read_audio_bytes(body), Audio)
    except VoiceError as exc:
        assert str(exc)


def test_a_wav_that_is_cut_short_is_read_as_far_as_it_goes() -> None:
    data = wav_bytes(tone(440, 8000))
    assert abs(read_audio_bytes(data[: len(data) // 2]).seconds - 0.5) < 0.01


def test_a_wav_without_sound_data_is_refused() -> None:
    with pytest.raises(AudioUnreadable):
        read_audio_bytes(b"RIFF" + struct.pack("<I", 4) + b"WAVE")


def test_a_missing_file_is_named_without_a_trace(tmp_path: Path) -> None:
    with pytest.raises(AudioUnreadable, match=r"none\.wav"):
        read_audio(tmp_path / "none.wav")


def test_a_transcript_has_text_or_a_reason() -> None:
    with pytest.raises(ValueError, match="reason"):
        Transcript(text="", language="ja", confidence=0.0)
    with pytest.raises(ValueError, match="reason"):
        Transcript(text="はい", language="ja", confidence=0.9, reason=Unheard.UNSURE)
