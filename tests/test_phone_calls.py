"""A caller rings over a real socket, asks, hears a short answer, interrupts, is handed over; garbage does no harm."""

from __future__ import annotations

import asyncio
import socket
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from call_stage import Stage, serving, tone

from voice.audiosocket import Frame, Kind, encode
from voice.caller import Call, Listen, Pause, Press, Speak, Step, call
from voice.wires import AudioSocketWire, MediaStreamWire

DEMO = "482013"
SENTENCES = {
    300: "転入届の期限はいつですか", 400: "職員と話したい", 500: "もう一度お願いします", 600: "さようなら",
    700: "What is the fee for a residence certificate?",
}  # fmt: skip
ASK, PERSON, AGAIN, BYE, ENGLISH = (Speak(audio=tone(hertz, 0.8)) for hertz in SENTENCES)
MUMBLE = Speak(audio=tone(1500, 0.8))
HEAR = Listen(quiet=0.5, at_most=20)


@pytest.fixture(scope="module")
def stage(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    import shutil

    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("calls") / "home"))
    with serving(home, SENTENCES) as running:
        yield running


@pytest.fixture(params=["audiosocket", "media"])
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ring(stage: Stage, door: str, steps: list[Step], *, linger: float = 5.0, call_id: uuid.UUID | None = None) -> Call:
    async def made() -> Call:
        wire: AudioSocketWire | MediaStreamWire
        if door == "media":
            wire = await MediaStreamWire.ring(f"ws://127.0.0.1:{stage.port}/channels/phone/{DEMO}/media")
        else:
            wire = await AudioSocketWire.ring("127.0.0.1", stage.audiosocket, call_id or uuid.uuid4())
        return await call(wire, steps, linger=linger)

    stage.voice.said.clear()
    return asyncio.run(made())


def said(stage: Stage) -> str:
    return "\n".join(text for _, text in stage.voice.said)


def ended(stage: Stage, call_id: uuid.UUID) -> str:
    time.sleep(0.3)
    with urllib.request.urlopen(f"http://127.0.0.1:{stage.port}/channels/phone/calls/{call_id}", timeout=5) as reply:
        return str(reply.read().decode())


def test_a_caller_asks_and_hears_the_fact_first(stage: Stage, door: str) -> None:
    made = ring(stage, door, [HEAR, ASK, HEAR, AGAIN, HEAR, BYE], linger=8)
    assert not made.ended_by_us  # goodbye: we hang up
    answers = [text for _, text in stage.voice.said if "14日以内" in text]
    assert len(answers) == 2 and answers[0] == answers[1]  # once asked, once repeated
    assert "[1]" not in answers[0] and "http" not in answers[0] and len(answers[0]) < 250
    assert "チャット窓口" in answers[0]
    assert made.heard.seconds > 2 and float(abs(made.heard.samples).max()) > 0.2
    turns = stage.rows("SELECT t.text, t.channel, m.why FROM turns t JOIN messages m ON m.turn = t.id ORDER BY t.at")
    assert turns[-1] == ("転入届の期限はいつですか", "phone", "answered")


def test_asking_for_a_person_opens_a_ticket_and_leaves_the_call_to_the_dialplan(stage: Stage, door: str) -> None:
    before = len(stage.rows("SELECT id FROM tickets"))
    call_id = uuid.UUID(f"{uuid.uuid4().hex[:20]}000000{DEMO}")
    made = ring(stage, door, [HEAR, PERSON], linger=15, call_id=call_id)
    assert not made.ended_by_us
    tickets = stage.rows("SELECT id FROM tickets")
    assert len(tickets) == before + 1
    assert "受付番号は" in said(stage)
    if door == "audiosocket":
        assert ended(stage, call_id) in ("person", "closed")  # closed: the test runs outside office hours


def test_key_zero_interrupts_the_greeting(stage: Stage, door: str) -> None:
    before = len(stage.rows("SELECT id FROM tickets"))
    made = ring(stage, door, [Pause(seconds=0.5), Press(digit="0")], linger=15)
    assert not made.ended_by_us
    assert len(stage.rows("SELECT id FROM tickets")) == before + 1


def test_two_misunderstandings_lead_to_a_person(stage: Stage) -> None:
    made = ring(stage, "audiosocket", [HEAR, MUMBLE, HEAR, MUMBLE], linger=15)
    assert not made.ended_by_us
    assert "聞き取れませんでした" in said(stage) and "受付番号は" in said(stage)


def test_speaking_into_the_greeting_stops_it(stage: Stage, door: str) -> None:
    made = ring(stage, door, [Pause(seconds=0.4), ASK, HEAR], linger=0)
    assert "14日以内" in said(stage)
    # The greeting takes two seconds and more; the caller's turn ends at 2.0 s.
    assert float(abs(made.heard.samples[: 6 * 800]).max()) > 0.2
    assert float(abs(made.heard.samples[12 * 800 : 18 * 800]).max(initial=0.0)) < 0.05


def test_the_star_key_changes_the_language(stage: Stage) -> None:
    menu: list[Step] = [Pause(seconds=0.3), Press(digit="*"), Pause(seconds=0.3), Press(digit="2")]
    ring(stage, "audiosocket", [*menu, HEAR, ENGLISH, HEAR], linger=0)
    assert "300 yen" in said(stage)
    assert stage.recognizer is not None and stage.recognizer.heard[-1][1] == "en"


def test_hanging_up_in_mid_sentence_leaves_no_trouble(stage: Stage) -> None:
    ring(stage, "audiosocket", [Pause(seconds=0.3)], linger=0)
    ring(stage, "audiosocket", [HEAR, ASK, HEAR], linger=0)
    assert "14日以内" in said(stage)


@pytest.mark.parametrize("nonsense", [
    b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"", encode(Frame(kind=Kind.UUID, payload=b"short")),
    encode(Frame(kind=Kind.UUID, payload=bytes(16))) + encode(Frame(kind=Kind.AUDIO, payload=b"odd")),
    encode(Frame(kind=Kind.UUID, payload=bytes(16))) + encode(Frame(kind=0x77)) * 60,
    encode(Frame(kind=Kind.UUID, payload=bytes(16))) + encode(Frame(kind=Kind.DTMF, payload=b"\xff")),
    encode(Frame(kind=Kind.UUID, payload=bytes(16)))[:7],
])  # fmt: skip
def test_garbage_ends_that_call_and_no_other(stage: Stage, nonsense: bytes) -> None:
    with socket.create_connection(("127.0.0.1", stage.audiosocket), timeout=10) as torn:
        torn.sendall(nonsense)
        if nonsense[:2] != b"\x01\x00" or len(nonsense) < 19:
            torn.shutdown(socket.SHUT_WR)
        while torn.recv(4096):
            pass  # ends by itself
    with urllib.request.urlopen(f"http://127.0.0.1:{stage.port}/readyz", timeout=5) as reply:
        assert reply.status == 200


def test_without_a_recogniser_the_door_says_so_and_hands_over(home: Path) -> None:
    with serving(home, None) as deaf:
        call_id = uuid.uuid4()
        made = ring(deaf, "audiosocket", [HEAR, ASK], linger=20, call_id=call_id)
        assert not made.ended_by_us
        assert "ただいま音声でのご案内ができません" in said(deaf)
        assert len(deaf.rows("SELECT id FROM tickets")) == 1
        assert ended(deaf, call_id) in ("person", "closed")
        with urllib.request.urlopen(f"http://127.0.0.1:{deaf.port}/api/v1/towns/{DEMO}", timeout=5) as reply:
            assert b'"voice":false' in reply.read()


def test_a_media_stream_with_the_wrong_token_is_closed(home: Path) -> None:
    async def made(port: int, token: str) -> Call:
        wire = await MediaStreamWire.ring(
            f"ws://127.0.0.1:{port}/channels/phone/{DEMO}/media", parameters={"token": token}
        )
        return await call(wire, [Pause(seconds=1.5)])

    with serving(home, SENTENCES, phone_token="right") as guarded:
        assert asyncio.run(made(guarded.port, "wrong")).heard.seconds == 0
        assert asyncio.run(made(guarded.port, "right")).heard.seconds > 0
