"""Whole calls from the socket to the stored record, and their unhappy twins: hang-ups, garbage, failures, a clerk."""

from __future__ import annotations

import asyncio
import shutil
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from call_stage import BeepVoice, LoudEar, Stage, serving, tone
from conftest import settings_for

from assistant.bootstrap import build
from assistant.channels.phone import PhoneHost
from assistant.channels.phone_desk import end_torn, number_of
from assistant.channels.speech import Speech
from assistant.desk.ticket import Move
from assistant.store.calls import CallRecord
from voice.audio import to_pcm16
from voice.audiosocket import Frame, Kind, encode
from voice.caller import Call, Decide, Listen, Pause, Press, Speak, Step, call
from voice.speech import Audio, Transcript
from voice.turns import Reason
from voice.wires import AudioSocketWire, MediaStreamWire, Wire

DEMO = "482013"
SENTENCES = {
    300: "転入届の期限はいつですか", 400: "職員と話したい", 600: "さようなら",
    700: "What is the fee for a residence certificate?", 800: "Goodbye", 900: "I want to talk to a person",
}  # fmt: skip
ASK, PERSON, BYE, ENGLISH, GOODBYE, HUMAN = (Speak(audio=tone(hertz, 0.6)) for hertz in SENTENCES)
FAST = 250  # characters a second
HEAR = Listen(quiet=0.4, at_most=20)
TO_ENGLISH: list[Step] = [
    Pause(seconds=0.3),
    Press(digit="*"),
    Pause(seconds=0.3),
    Press(digit="2"),
    Pause(seconds=0.5),
]
BARGE: list[Step] = [Pause(seconds=0.3)]


@pytest.fixture(scope="module")
def stage(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("record") / "home"))
    with serving(home, SENTENCES, voice=BeepVoice(pace=FAST)) as running:
        yield running


@pytest.fixture
def slowly(stage: Stage) -> Iterator[None]:
    """Our last words take some seconds, as they do when they are spoken, so that something can happen in them."""
    stage.voice.pace = 20
    yield
    stage.voice.pace = FAST


@pytest.fixture(params=["audiosocket", "media"])
def door(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ring(
    stage: Stage,
    door: str,
    steps: Sequence[Step],
    *,
    linger: float = 0.0,
    number: str = "",
    name: list[str] | None = None,
) -> tuple[Call, str]:
    """What came of the call, and the exchange's name of it; `name` gets it when the call begins."""
    made_name: list[str] = [] if name is None else name

    async def made() -> Call:
        wire: Wire
        if door == "media":
            address = f"ws://127.0.0.1:{stage.port}/channels/phone/{DEMO}/media"
            wire = await MediaStreamWire.ring(address, parameters={"from": number} if number else {})
            made_name.append(wire.call)
        else:
            id_ = uuid.uuid4()
            wire = await AudioSocketWire.ring("127.0.0.1", stage.audiosocket, id_)
            made_name.append(str(id_))
        return await call(wire, steps, linger=linger)

    stage.voice.said.clear()
    return asyncio.run(made()), made_name[0]


def soon(found: Callable[[], object], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not found() and time.monotonic() < until:
        time.sleep(0.05)
    assert found()


def conversation(stage: Stage, call_: str) -> str:
    rows = stage.rows("SELECT conversation, payload FROM events WHERE kind = 'call' ORDER BY seq")
    return next(str(id_) for id_, payload in rows if f'"{call_}"' in str(payload))


def ending(stage: Stage, call_: str) -> str | None:
    """How the record says that the call ended; None while it goes on."""
    id_ = conversation(stage, call_)
    rows = stage.rows(
        f"SELECT json_extract(payload, '$.how') FROM events WHERE kind = 'call' AND conversation = '{id_}' ORDER BY seq"
    )
    assert len(rows) <= 2
    return None if len(rows) == 1 else str(rows[1][0])


def record(stage: Stage, call_: str) -> list[tuple[object, ...]]:
    """(text, decision, why) of the call's turns."""
    return stage.rows(
        "SELECT t.text, m.decision, m.why FROM turns t LEFT JOIN messages m ON m.turn = t.id AND"
        f" m.conversation = t.conversation WHERE t.conversation = '{conversation(stage, call_)}' ORDER BY t.seq"
    )


def notes(stage: Stage, call_: str) -> list[str]:
    """What the desk reads beside the call's cases."""
    return [
        str(row[0])
        for row in stage.rows(
            "SELECT n.text FROM ticket_notes n JOIN tickets t ON t.id = n.ticket"
            f" WHERE t.conversation = '{conversation(stage, call_)}' ORDER BY n.seq"
        )
    ]


@pytest.mark.parametrize(
    ("language", "steps", "said", "fact"),
    [
        ("ja", [*BARGE, ASK, HEAR, BYE], SENTENCES[300], "14日以内"),
        ("en", [*TO_ENGLISH, ENGLISH, HEAR, GOODBYE], SENTENCES[700], "300 yen"),
    ],
)
def test_a_whole_call_is_stored_from_its_first_word_to_its_end(
    stage: Stage, door: str, language: str, steps: list[Step], said: str, fact: str
) -> None:
    made, name = ring(stage, door, steps, linger=8)
    assert not made.ended_by_us  # goodbye: we hang up
    (turn,) = record(stage, name)
    assert turn[0] == said and turn[1] == "reply" and turn[2] in ("answered", "table")
    assert any(fact in text and spoken == language for spoken, text in stage.voice.said)
    assert made.heard.seconds > 1
    soon(lambda: ending(stage, name))
    assert ending(stage, name) == "done"
    assert notes(stage, name) == []


@pytest.mark.parametrize(("steps", "said"), [(BARGE, SENTENCES[300]), (TO_ENGLISH, SENTENCES[700])])
def test_hanging_up_in_mid_answer_keeps_what_was_said(stage: Stage, door: str, steps: list[Step], said: str) -> None:
    question = ASK if said == SENTENCES[300] else ENGLISH
    made, name = ring(stage, door, [*steps, question, Listen(quiet=0.02, at_most=5)])
    assert made.ended_by_us
    soon(lambda: ending(stage, name) == "hung_up")
    assert [turn[0] for turn in record(stage, name)] == [said]
    assert record(stage, name)[0][1] == "reply"
    _, again = ring(stage, door, [*BARGE, ASK, HEAR])  # the door is open for the next one
    assert len(record(stage, again)) == 1


@pytest.mark.usefixtures("slowly")
def test_the_desk_sees_who_hung_up_before_a_person_came_and_whom_to_call_back(stage: Stage) -> None:
    hasty = [*BARGE, PERSON, Listen(quiet=0.02, at_most=5), Pause(seconds=0.2)]
    _, name = ring(stage, "media", hasty, number="+81 90-0000-0000")
    soon(lambda: ending(stage, name) == "hung_up")
    assert record(stage, name)[0][1:] == ("handoff", "requested")
    assert notes(stage, name) == ["電話は、相手が先に切りました。"]
    wanted = (
        "SELECT t.id, c.phone FROM tickets t JOIN callbacks c ON c.ticket = t.id"
        f" WHERE t.conversation = '{conversation(stage, name)}'"
    )
    ticket, phone = stage.rows(wanted)[0]
    assert phone == "+819000000000"
    seen = stage.system.desk.store.ticket(DEMO, str(ticket))
    assert seen.callback is not None and seen.callback.phone == phone and seen.state.value == "waiting"


@pytest.mark.usefixtures("slowly")
def test_without_a_number_the_desk_is_told_that_there_is_none(stage: Stage) -> None:
    steps: list[Step] = [*TO_ENGLISH, HUMAN, Listen(quiet=0.02, at_most=5), Pause(seconds=0.2)]
    _, name = ring(stage, "audiosocket", steps)
    soon(lambda: ending(stage, name) == "hung_up")
    assert notes(stage, name) == ["電話は、相手が先に切りました。折り返し先の番号は分かりません。"]


def test_a_call_that_goes_to_a_person_says_so_in_the_record(stage: Stage, door: str) -> None:
    made, name = ring(stage, door, [*BARGE, PERSON], linger=15)
    assert not made.ended_by_us
    soon(lambda: ending(stage, name))
    assert ending(stage, name) in ("person", "closed")  # closed: the test runs outside office hours
    assert len(notes(stage, name)) == 1


@pytest.mark.parametrize("nonsense", [
    encode(Frame(kind=Kind.AUDIO, payload=b"odd")), encode(Frame(kind=0x77)) * 60,
    encode(Frame(kind=Kind.DTMF, payload=b"\xff")), b"\xff\xff",
])  # fmt: skip
def test_garbage_in_mid_call_ends_it_and_the_record_stays(stage: Stage, nonsense: bytes) -> None:
    id_ = uuid.uuid4()
    with socket.create_connection(("127.0.0.1", stage.audiosocket), timeout=20) as torn:
        torn.sendall(encode(Frame(kind=Kind.UUID, payload=id_.bytes)))
        sound = to_pcm16(tone(300, 0.6).samples) + bytes(8000 * 2)
        for at in range(0, len(sound), 320):
            torn.sendall(encode(Frame(kind=Kind.AUDIO, payload=sound[at : at + 320])))
            time.sleep(0.01)
        soon(lambda: record(stage, str(id_)) and record(stage, str(id_))[0][1] == "reply")
        torn.sendall(nonsense)
        torn.shutdown(socket.SHUT_WR)
        while torn.recv(4096):
            pass  # ends by itself
    soon(lambda: ending(stage, str(id_)) == "hung_up")
    assert [turn[0] for turn in record(stage, str(id_))] == [SENTENCES[300]]
    _, again = ring(stage, "audiosocket", [*BARGE, ASK, HEAR])
    assert len(record(stage, again)) == 1


@pytest.mark.usefixtures("slowly")
def test_a_clerks_words_reach_the_caller_while_the_call_is_open(stage: Stage) -> None:
    name: list[str] = []

    def at_the_desk() -> Sequence[Step]:
        store, here = stage.system.desk.store, stage.system
        (ticket,) = store.open_tickets(conversation(stage, name[0]))
        store.move(DEMO, ticket.id, Move.CLAIM, "tanaka", here.clock())
        store.reply(DEMO, ticket.id, "tanaka", uuid.uuid4().hex, "田中です。そのままお待ちください。", here.clock())
        return ()

    made, _ = ring(stage, "audiosocket", [*BARGE, PERSON, Listen(quiet=0.02, at_most=5), Decide(steps=at_the_desk)],
                   linger=20, name=name)  # fmt: skip
    assert not made.ended_by_us
    spoken = [text for _, text in stage.voice.said]
    assert spoken.count("田中です。そのままお待ちください。") == 1
    assert "受付番号は" in spoken[spoken.index("田中です。そのままお待ちください。") - 1]
    soon(lambda: ending(stage, name[0]) in ("person", "closed"))


class Failing:
    """A recogniser whose model is broken; counts its failures."""

    name = "failing"

    def __init__(self) -> None:
        self.failed = 0

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        self.failed += 1
        raise RuntimeError("the model is gone")


class Unsure:
    """Hears a sentence, but hardly believes it."""

    name = "unsure"

    def __init__(self) -> None:
        self.failed = 0

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        self.failed += 1
        return Transcript(text="転入届の期限はいつですか", language="ja", confidence=0.55)


@pytest.mark.parametrize("kind", [Failing, Unsure])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_when_nothing_can_be_made_out_the_caller_hears_words_and_reaches_a_person(
    home: Path, kind: type[Failing] | type[Unsure], language: str
) -> None:
    recognizer, voice = kind(), BeepVoice(pace=FAST)
    speech = Speech(recognizer=recognizer, speak=voice, ear=LoudEar)
    with serving(home, None, speech=speech) as stage:
        steps = BARGE if language == "ja" else TO_ENGLISH
        made, name = ring(stage, "audiosocket", [*steps, ASK, HEAR, ASK], linger=20)
        assert not made.ended_by_us and recognizer.failed == 2
        spoken = " ".join(text for said, text in voice.said if said == language)
        again, number = (
            ("聞き取れませんでした", "受付番号は") if language == "ja" else ("I did not understand", "reference")
        )
        assert again in spoken and number in spoken
        assert [turn[1:] for turn in record(stage, name)] == [("handoff", "requested")]
        soon(lambda: ending(stage, name) in ("person", "closed"))


def test_many_calls_at_once_are_each_stored_whole(stage: Stage) -> None:
    names: list[str] = []

    def one() -> None:
        async def made() -> None:
            id_ = uuid.uuid4()
            names.append(str(id_))
            await call(await AudioSocketWire.ring("127.0.0.1", stage.audiosocket, id_), [*BARGE, ASK, HEAR])

        asyncio.run(made())

    callers = [threading.Thread(target=one) for _ in range(6)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join(60)
    soon(lambda: all(ending(stage, name) == "hung_up" for name in names))
    assert all([turn[0] for turn in record(stage, name)] == [SENTENCES[300]] for name in names)


def test_a_server_killed_at_the_end_of_a_call_tells_the_desk_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    system = build(settings_for(home))
    host = PhoneHost(system, DEMO, call="killed", number="+819000000000")
    host.call_person(1, Reason.REQUESTED, "ja")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(CallRecord, "ended", killed)
        with pytest.raises(KeyboardInterrupt):
            host.over("hung_up")
    assert end_torn(system) == 1
    assert end_torn(system) == 0
    (ticket,) = system.desk.store.open_tickets(host.conversation)
    assert [note.text for note in system.desk.store.notes(ticket.id)] == ["電話は、相手が先に切りました。"]
    assert ticket.callback is not None and ticket.callback.phone == "+819000000000"


def test_callers_numbers() -> None:
    assert number_of("+81 (90) 0000-0000") == "+819000000000"
    assert [number_of(text) for text in ("", "anonymous", "Restricted", "12", "1; DROP", "０９０")] == [""] * 6
