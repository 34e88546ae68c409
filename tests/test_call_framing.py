"""AudioSocket's frames and the media stream's messages: round trips, torn streams, nonsense."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time

import numpy as np
import pytest
from call_stage import tone
from hypothesis import given
from hypothesis import strategies as st

from voice.audio import from_mulaw, to_mulaw
from voice.audiosocket import AudioSocketLine, Frame, Frames, Kind, NotAudioSocket, encode, listen, read_frame
from voice.line import Digit, Played, Sound
from voice.mediastream import NotMediaStream, Start, mark_message, media_message, read_message

frames = st.builds(Frame, kind=st.integers(0, 255), payload=st.binary(max_size=400))


@given(st.lists(frames, max_size=12), st.lists(st.integers(1, 50), max_size=30))
def test_frames_survive_any_tearing(sent: list[Frame], cuts: list[int]) -> None:
    data, reader, got = b"".join(map(encode, sent)), Frames(), []
    for cut in cuts:
        got += list(reader.feed(data[:cut]))
        data = data[cut:]
    got += list(reader.feed(data))
    assert got == sent


@given(st.binary(max_size=2000))
def test_any_bytes_are_frames_or_wait(data: bytes) -> None:
    for frame in Frames().feed(data):
        try:
            read_frame(frame)
        except NotAudioSocket:
            assert frame.kind in (Kind.AUDIO, Kind.DTMF)


def test_a_frame_is_kind_length_payload() -> None:
    assert encode(Frame(kind=Kind.AUDIO, payload=bytes(320))) == b"\x10\x01\x40" + bytes(320)
    assert encode(Frame(kind=Kind.HANGUP)) == b"\x00\x00\x00"
    with pytest.raises(ValueError, match="65,535"):
        Frame(kind=Kind.AUDIO, payload=bytes(65_536))


def test_sound_goes_out_in_frames_of_20_ms_every_20_ms_and_stops_when_cleared() -> None:
    arrivals: list[float] = []
    marks: list[int] = []

    async def play(line: AudioSocketLine) -> None:
        await line.play(tone(440, 0.5), 1)
        await line.play(tone(440, 30.0), 2)
        async for event in line.events():
            if isinstance(event, Played):
                marks.append(event.mark)
            if isinstance(event, Digit):
                await line.clear()
                await asyncio.sleep(0.3)
                return

    async def ring() -> None:
        server = await listen("127.0.0.1", 0, play)
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        writer.write(encode(Frame(kind=Kind.UUID, payload=bytes(16))))
        cutter = Frames()
        while data := await reader.read(4096):
            for frame in cutter.feed(data):
                if frame.kind != Kind.AUDIO:
                    continue
                assert len(frame.payload) == 320
                arrivals.append(time.monotonic())
                if len(arrivals) == 50:
                    writer.write(encode(Frame(kind=Kind.DTMF, payload=b"1")))
        writer.close()
        server.close()

    asyncio.run(ring())
    assert marks == [1]
    assert 50 <= len(arrivals) < 60  # 30 s were queued
    assert arrivals[49] - arrivals[0] == pytest.approx(49 * 0.02, abs=0.25)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=8,
)  # fmt: skip
kinds = st.sampled_from(["connected", "start", "media", "dtmf", "mark", "stop", "other"])


@given(st.dictionaries(st.sampled_from(["start", "media", "dtmf", "mark", "streamSid"]), json_values), kinds)
def test_any_json_is_a_message_or_refused(content: dict[str, object], kind: str) -> None:
    try:
        read_message(json.dumps({**content, "event": kind}))
    except NotMediaStream:
        assert kind in ("start", "media", "dtmf", "mark")


@given(st.text(max_size=200))
def test_any_text_is_refused_or_known(text: str) -> None:
    with contextlib.suppress(NotMediaStream):
        assert read_message(text) is None


@given(st.binary(max_size=400), st.integers(1, 10**6))
def test_messages_make_the_round_trip(sound: bytes, mark: int) -> None:
    heard = read_message(media_message("MZ1", sound))
    assert isinstance(heard, Sound) and np.array_equal(heard.audio.samples, from_mulaw(sound))
    assert read_message(mark_message("MZ1", mark)) == Played(mark=mark)


def test_a_start_names_stream_call_and_parameters_and_other_codecs_are_refused() -> None:
    start = {"streamSid": "MZ1", "callSid": "CA1", "customParameters": {"token": "t"},
             "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}}  # fmt: skip
    assert read_message(json.dumps({"event": "start", "start": start})) == Start(
        stream="MZ1", call="CA1", parameters={"token": "t"}
    )
    start["mediaFormat"] = {"encoding": "audio/x-l16", "sampleRate": 16000, "channels": 1}
    with pytest.raises(NotMediaStream):
        read_message(json.dumps({"event": "start", "start": start}))


def test_mulaw_keeps_speech_within_its_steps() -> None:
    samples = tone(300, 0.1).samples
    assert float(np.abs(from_mulaw(to_mulaw(samples)) - samples).max()) < 0.02
