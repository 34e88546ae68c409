"""A ticket is held by exactly one clerk, moves only as its state machine says, and nothing said on it is lost."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.desk.case import Callback
from assistant.desk.hours import ZONE, Hours, read_hours
from assistant.desk.queue import Desk
from assistant.desk.ticket import OPEN, RULES, Held, Move, State, moved
from assistant.errors import SettingsError, UnknownTicket, WrongMove
from assistant.language.words import load_words
from assistant.model import (
    LANGUAGES,
    Channel,
    Conversation,
    Evidence,
    HandOff,
    Outcome,
    Reply,
    Turn,
    Why,
)
from assistant.reception import Reception
from assistant.store.conversations import ConversationStore
from assistant.store.database import open_engine
from assistant.store.desk import DeskStore
from assistant.store.knowledge import KnowledgeStore, TownProfile
from tests.conftest import DEMO

FRIDAY = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # 12:00 in Japan
ENTRY: dict[str, object] = {"hours": {"mon-fri": "08:30-17:15"}, "closed": ["12/29-1/3"], "reply_minutes": 15}
CLERKS = ("tanaka", "sato")


class Ticking:
    """A clock that goes on by a second each time it is read."""

    def __init__(self) -> None:
        self.now = FRIDAY

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Bot:
    """Stands for the pipeline: hands over when asked for a person, answers all else; counts its answers."""

    def __init__(self) -> None:
        self.answered = 0

    def __call__(self, turn: Turn, conversation: Conversation) -> Outcome:
        self.answered += 1
        hand = HandOff(why=Why.REQUESTED, language="ja", text="つなぎます", reason="希望", summary="話したい",
                       desk="朝凪市", promise="受付時間")  # fmt: skip
        hello = Reply(why=Why.GREETING, language="ja", text="こんにちは")
        return Outcome(decision=hand if turn.text == "人" else hello, evidence=Evidence())


@dataclass
class Office:
    """A town with a desk over a real database."""

    conversations: ConversationStore
    desk: Desk
    bot: Bot
    clock: Ticking
    urgent: Outcome | None = None

    def receive(self, conversation: str, token: str, text: str, id_: str) -> dict[str, object]:
        front = Reception(store=self.conversations, respond=self.bot, clock=self.clock, desk=self.desk,
                          urgent=lambda turn, conversation: self.urgent)  # fmt: skip
        turn = Turn(id=id_, conversation=conversation, town=DEMO, text=text, language="ja", channel=Channel.WEB,
                    at=self.clock())  # fmt: skip
        return front.receive(turn, self.conversations.authorised(conversation, token))

    def handed_over(self) -> tuple[str, str, str]:
        """Conversation, token and ticket number."""
        conversation, token = self.conversations.start(DEMO, "ja", Channel.WEB, self.clock())
        handoff = self.receive(conversation, token, "人", "t0")["handoff"]
        assert isinstance(handoff, dict)
        return conversation, token, str(handoff["ticket"])

    def move(self, ticket: str, move: Move, clerk: str = "tanaka") -> None:
        self.desk.store.move(DEMO, ticket, move, clerk, self.clock())


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    engine = open_engine(f"sqlite:///{tmp_path / 'x.db'}")
    KnowledgeStore(engine).put_town(TownProfile(code=DEMO, prefecture=None, profile={"name": {"ja": "試験市"}}))
    desk = Desk(store=DeskStore(engine), words=load_words(), entry=lambda town: ENTRY)
    yield Office(conversations=ConversationStore(engine), desk=desk, bot=Bot(), clock=Ticking())
    engine.dispose()


def test_of_fifty_clerks_who_claim_at_once_one_wins(office: Office) -> None:
    _, _, ticket = office.handed_over()
    together, won, lost = threading.Barrier(50), [], []

    def claim(name: str) -> None:
        together.wait()
        try:
            office.desk.store.move(DEMO, ticket, Move.CLAIM, name, FRIDAY)
            won.append(name)
        except WrongMove:
            lost.append(name)

    threads = [threading.Thread(target=claim, args=(f"clerk-{n}",)) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1 and len(lost) == 49
    held = office.desk.store.ticket(DEMO, ticket)
    assert (held.state, held.taken_by) == (State.TAKEN, won[0])


@given(st.lists(st.tuples(st.sampled_from(list(Move)), st.sampled_from(CLERKS)), max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_store_moves_as_the_pure_machine_does(office: Office, moves: list[tuple[Move, str]]) -> None:
    conversation, _, ticket = office.handed_over()
    held, said = Held(state=State.WAITING), 0
    for move, clerk in moves:
        try:
            expected = moved(held, move, clerk)
        except WrongMove:
            with pytest.raises(WrongMove):
                office.move(ticket, move, clerk)
            continue
        office.move(ticket, move, clerk)
        held, said = expected, said + 1
        stored = office.desk.store.ticket(DEMO, ticket)
        assert stored.state is held.state
        assert held.by in (None, stored.taken_by)
    states = [s for s in office.conversations.thread(conversation) if s.role == "state"]
    assert len(states) == said, "the resident is told of each move, and of no move that did not happen"


@given(st.lists(st.tuples(st.sampled_from(list(Move)), st.sampled_from(CLERKS)), max_size=20))
def test_a_closed_ticket_stays_closed_and_a_taken_one_has_a_clerk(moves: list[tuple[Move, str]]) -> None:
    held = Held(state=State.WAITING)
    for move, clerk in moves:
        before = held
        try:
            held = moved(held, move, clerk)
        except WrongMove:
            continue
        assert before.state is not State.CLOSED
        assert RULES[move].target is held.state
        if held.state is State.TAKEN:
            assert held.by == clerk


def test_the_bot_is_silent_while_a_clerk_has_the_case_and_speaks_again_after_it(office: Office) -> None:
    conversation, token, ticket = office.handed_over()
    assert office.receive(conversation, token, "まだですか", "t1")["why"] == "greeting", "while it waits the bot helps"
    office.move(ticket, Move.CLAIM)
    before = office.bot.answered
    said = office.receive(conversation, token, "印鑑をなくしました", "t2")
    assert (said["why"], office.bot.answered) == ("with_staff", before)
    assert office.receive(conversation, token, "印鑑をなくしました", "t2") == said, "a repeat equals once"
    told = [kind for _, kind, of in office.desk.store.events_after(DEMO, 0) if of == ticket]
    assert told == ["opened", "turn", "state", "turn"]
    office.move(ticket, Move.RETURN)
    assert office.receive(conversation, token, "ありがとう", "t3")["why"] == "greeting"


def test_emergency_numbers_come_even_while_a_clerk_has_the_case(office: Office) -> None:
    conversation, token, ticket = office.handed_over()
    office.move(ticket, Move.CLAIM)
    office.urgent = Outcome(
        decision=Reply(why=Why.EMERGENCY, language="ja", text="119に電話してください"), evidence=Evidence()
    )
    assert office.receive(conversation, token, "火事です", "t1")["why"] == "emergency"


def test_a_second_wish_for_a_person_joins_the_open_ticket(office: Office) -> None:
    conversation, token, ticket = office.handed_over()
    again = office.receive(conversation, token, "人", "t1")["handoff"]
    assert isinstance(again, dict) and again["ticket"] == ticket
    office.move(ticket, Move.CLAIM)
    office.move(ticket, Move.RETURN)
    third = office.receive(conversation, token, "人", "t2")["handoff"]
    assert isinstance(third, dict) and third["ticket"] == ticket
    assert office.desk.store.ticket(DEMO, ticket).state is State.WAITING
    office.move(ticket, Move.CLAIM)
    office.move(ticket, Move.CLOSE)
    fourth = office.receive(conversation, token, "人", "t3")["handoff"]
    assert isinstance(fourth, dict) and fourth["ticket"] != ticket


def test_only_the_clerk_who_has_the_case_can_reply_and_a_form_sent_twice_says_it_once(office: Office) -> None:
    conversation, _, ticket = office.handed_over()
    reply = office.desk.store.reply
    with pytest.raises(WrongMove):
        reply(DEMO, ticket, "tanaka", "r1", "こんにちは", office.clock())
    office.move(ticket, Move.CLAIM)
    with pytest.raises(WrongMove):
        reply(DEMO, ticket, "sato", "r1", "こんにちは", office.clock())
    for _ in range(2):
        reply(DEMO, ticket, "tanaka", "r1", "こんにちは", office.clock())
    spoken = [(s.role, s.text) for s in office.conversations.thread(conversation)]
    assert spoken == [
        ("resident", "人"), ("assistant", "つなぎます"), ("state", "taken"), ("clerk", "こんにちは"),
    ]  # fmt: skip
    kinds = [kind for _, kind, _ in office.conversations.events_after(conversation, 0)]
    assert kinds == ["message", "state", "clerk"]


def test_another_towns_ticket_can_not_be_touched(office: Office) -> None:
    _, _, ticket = office.handed_over()
    for act in (
        lambda: office.desk.store.move("999999", ticket, Move.CLAIM, "tanaka", FRIDAY),
        lambda: office.desk.store.note("999999", ticket, "tanaka", "n1", "メモ", FRIDAY),
        lambda: office.desk.store.ticket("999999", ticket),
        lambda: office.desk.store.finish_callback("999999", ticket, "tanaka", FRIDAY),
    ):
        with pytest.raises(UnknownTicket):
            act()
    with pytest.raises(WrongMove):
        office.desk.store.reply("999999", ticket, "tanaka", "r1", "こんにちは", FRIDAY)


def test_a_case_stays_when_the_resident_deletes_the_conversation(office: Office) -> None:
    conversation, _, ticket = office.handed_over()
    office.move(ticket, Move.CLAIM)
    office.desk.store.note(DEMO, ticket, "tanaka", "n1", "本人確認が要る", office.clock())
    office.conversations.delete(conversation)
    with pytest.raises(UnknownTicket):
        office.desk.store.reply(DEMO, ticket, "tanaka", "r1", "こんにちは", office.clock())
    assert [note.text for note in office.desk.store.notes(ticket)] == ["本人確認が要る"]
    office.move(ticket, Move.CLOSE)
    assert office.desk.store.ticket(DEMO, ticket).closed_at is not None


def test_the_last_wish_to_be_called_back_counts_and_only_the_own_ticket_can_be_named(office: Office) -> None:
    conversation, _, ticket = office.handed_over()
    other, _, _ = office.handed_over()
    for phone in ("000-111-2222", "000-333-4444"):
        wish = Callback(ticket=ticket, town=DEMO, name="花子", phone=phone, email="", wanted="午後", at=office.clock())
        office.desk.store.ask_callback(wish, conversation)
    with pytest.raises(UnknownTicket):
        office.desk.store.ask_callback(wish, other)
    held = office.desk.store.ticket(DEMO, ticket).callback
    assert held is not None and (held.phone, held.done_at) == ("000-333-4444", None)
    office.desk.store.finish_callback(DEMO, ticket, "sato", office.clock())
    held = office.desk.store.ticket(DEMO, ticket).callback
    assert held is not None and held.done_by == "sato"


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2026, 11, 20), True),  # Friday
        (date(2026, 11, 21), False),  # Saturday
        (date(2026, 11, 23), False),  # 勤労感謝の日
        (date(2026, 9, 22), False),  # 国民の休日, between 敬老の日 and 秋分の日
        (date(2026, 5, 6), False),  # 振替休日 for 3 May
        (date(2026, 12, 28), True),
        (date(2026, 12, 29), False),  # New Year's closure
        (date(2027, 1, 3), False),
        (date(2027, 1, 4), True),
    ],
)
def test_the_desk_knows_japanese_holidays(day: date, open_: bool) -> None:
    hours = read_hours(ENTRY)
    assert hours.is_open(datetime.combine(day, time(10, 0), ZONE)) is open_
    assert not hours.is_open(datetime.combine(day, time(17, 15), ZONE)), "closed from the minute of closing"
    assert hours.is_open(datetime.combine(day, time(8, 30), ZONE)) is open_


@given(st.datetimes(min_value=datetime(2025, 1, 1), max_value=datetime(2028, 12, 1)))
def test_the_next_opening_is_open_and_nothing_opens_before_it(moment: datetime) -> None:
    hours, at = read_hours(ENTRY), moment.replace(tzinfo=UTC)
    opening = hours.opens_after(at)
    assert opening is not None and opening > at and opening.tzinfo is UTC
    assert hours.is_open(opening) and not hours.is_open(opening - timedelta(minutes=1))
    if not hours.is_open(at):
        steps = int((opening - at) / timedelta(hours=1))
        assert not any(hours.is_open(at + timedelta(hours=n)) for n in range(min(steps, 300)))


@pytest.mark.parametrize(
    "entry",
    [
        {"hours": "08:30-17:15"}, {"hours": {"mon-xxx": "08:30-17:15"}}, {"hours": {"mon": "8-17"}},
        {"hours": {"mon": "17:00-08:00"}}, {"closed": ["13/1-1/3"]}, {"closed": ["12/29"]}, {"reply_minutes": 0},
        {"hours": {"mon": "24:00-25:00"}}, {"closed": ["2/30-3/1"]},
    ],
)  # fmt: skip
def test_hours_that_make_no_sense_are_refused(entry: dict[str, object]) -> None:
    with pytest.raises(SettingsError):
        read_hours(entry)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_promise_says_when_staff_answer_in_every_language(office: Office, language: str) -> None:
    now = office.desk.promise(DEMO, language, FRIDAY)
    assert now is not None and "15" in now.text and now.opens_at is None
    later = office.desk.promise(DEMO, language, FRIDAY + timedelta(days=1))
    # Monday 23 November is a holiday: the desk opens on Tuesday at 8:30, which is 23:30 UTC of the day before.
    assert later is not None and later.opens_at == datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert "24" in later.text and "30" in later.text


def test_a_town_without_a_desk_promises_nothing(office: Office) -> None:
    silent = Desk(store=office.desk.store, words=load_words(), entry=lambda town: None)
    assert silent.promise(DEMO, "ja", FRIDAY) is None
    never = Desk(store=office.desk.store, words=load_words(), entry=lambda town: {"hours": {}})
    assert never.promise(DEMO, "ja", FRIDAY) is None


def test_a_hand_over_out_of_hours_says_when_the_desk_opens(office: Office) -> None:
    office.clock.now = FRIDAY + timedelta(days=1)
    conversation, token = office.conversations.start(DEMO, "ja", Channel.WEB, office.clock())
    handoff = office.receive(conversation, token, "人", "t0")["handoff"]
    assert isinstance(handoff, dict)
    assert handoff["opens_at"] == "2026-11-23T23:30:00Z" and "11月24日" in str(handoff["promise"])


def test_open_states_are_all_but_closed() -> None:
    assert set(OPEN) == set(State) - {State.CLOSED}
    assert Hours(week=(None,) * 7, closed=(), holidays=False, reply_minutes=1).opens_after(FRIDAY) is None
