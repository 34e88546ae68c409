"""Whatever LINE does and wherever we die, a resident never reads the same words twice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.channels.line_delivery import LONGEST_WAIT, PUSH_FOR, Again, Ended, Way, begun, choose, judge
from assistant.store.line_records import Outgoing
from connectors.line_receipt import Receipt, Sent

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
ROW = Outgoing(
    town="482013", resident="r", source="e", messages=({"type": "text", "text": "x"},), seq=1,
    reply_token="token", reply_until=START + timedelta(seconds=50), retry_key="key",
)  # fmt: skip


class Fate(StrEnum):
    """What happens to one attempt."""

    FINE = "fine"
    LOST = "lost"  # 500 or silence, and nothing was sent
    SENT_AND_LOST = "sent-and-lost"  # 500 or silence, though it was sent
    LIMITED = "limited"
    UNREACHED = "unreached"
    DIED_BEFORE = "died-before"  # we die before the request goes out
    DIED_AFTER = "died-after"  # we die after LINE took it


@dataclass(slots=True)
class Line:
    """LINE as it is documented: a token is used once within 60 s, a retry key accepted once."""

    used: bool = False
    keys: set[str] = field(default_factory=set)
    read: list[Way] = field(default_factory=list)

    def take(self, row: Outgoing, way: Way, now: datetime) -> Receipt:
        if way is Way.REPLY:
            if self.used or now > START + timedelta(seconds=60):
                return Receipt(sent=Sent.TOKEN_DEAD, status=400)
            self.used = True
        elif row.retry_key in self.keys:
            return Receipt(sent=Sent.DUPLICATE, status=409)
        else:
            self.keys.add(row.retry_key)
        self.read.append(way)
        return Receipt(sent=Sent.ACCEPTED, status=200)

    def attempt(self, row: Outgoing, way: Way, now: datetime, fate: Fate) -> Receipt | None:
        """The receipt; None when we died."""
        match fate:
            case Fate.FINE:
                return self.take(row, way, now)
            case Fate.SENT_AND_LOST:
                self.take(row, way, now)
                return Receipt(sent=Sent.UNSURE, status=500)
            case Fate.DIED_AFTER:
                self.take(row, way, now)
                return None
            case Fate.DIED_BEFORE:
                return None
            case Fate.LIMITED:
                return Receipt(sent=Sent.LIMITED, status=429)
            case Fate.UNREACHED:
                return Receipt(sent=Sent.UNREACHED)
            case _:
                return Receipt(sent=Sent.UNSURE, status=500)


def carried(line: Line, fates: list[Fate], pauses: list[float], row: Outgoing = ROW) -> str:
    """Send as the channel does, with these fates, then with none; the end's state."""
    now = START
    for n in range(200):
        way = choose(row, now)
        if way is Way.GIVE_UP:
            return "unsure"
        noted = begun(row, way, now)
        receipt = line.attempt(row, way, now, fates[n] if n < len(fates) else Fate.FINE)
        pause = pauses[n] if n < len(pauses) else 0.1
        if receipt is None:  # what was written down before the attempt is all that is known after the restart
            row, now = noted, now + timedelta(seconds=15 + pause)
            continue
        verdict = judge(row, way, receipt, now)
        if isinstance(verdict, Ended):
            return verdict.state
        row, now = verdict.outgoing, now + timedelta(seconds=verdict.wait + pause)
    raise AssertionError("it never ends")


@given(st.lists(st.sampled_from(list(Fate)), max_size=12), st.lists(st.floats(0, 40), max_size=12))
def test_nobody_reads_anything_twice_or_both_ways(fates: list[Fate], pauses: list[float]) -> None:
    line = Line()
    state = carried(line, fates, pauses)
    assert len(line.read) <= 1
    if state == "sent":
        assert len(line.read) == 1, "what we call sent was read"
    assert state in ("sent", "unsure"), "a day has not passed"
    if state == "unsure":
        assert {Fate.LOST, Fate.SENT_AND_LOST, Fate.DIED_BEFORE, Fate.DIED_AFTER} & set(fates)


@given(st.lists(st.sampled_from([Fate.LIMITED, Fate.UNREACHED]), max_size=12), st.lists(st.floats(0, 90), max_size=12))
def test_what_surely_was_not_sent_is_sent_in_the_end(fates: list[Fate], pauses: list[float]) -> None:
    line = Line()
    assert carried(line, fates, pauses) == "sent"
    assert len(line.read) == 1


@given(st.lists(st.sampled_from(list(Fate)), max_size=12), st.lists(st.floats(0, 90), max_size=12))
def test_a_push_arrives_exactly_once_whatever_happens(fates: list[Fate], pauses: list[float]) -> None:
    line = Line()
    assert carried(line, fates, pauses, replace(ROW, reply_token="", reply_until=None)) == "sent"
    assert line.read == [Way.PUSH]


def test_a_token_that_died_before_any_attempt_leads_to_a_push() -> None:
    verdict = judge(ROW, Way.REPLY, Receipt(sent=Sent.TOKEN_DEAD, status=400), START)
    assert isinstance(verdict, Again) and verdict.wait == 0
    assert choose(verdict.outgoing, START) is Way.PUSH


def test_a_token_found_used_after_a_doubtful_attempt_means_that_it_arrived() -> None:
    verdict = judge(replace(ROW, doubt=True), Way.REPLY, Receipt(sent=Sent.TOKEN_DEAD, status=400), START)
    assert isinstance(verdict, Ended) and verdict.state == "sent"


def test_a_doubtful_reply_is_never_pushed() -> None:
    assert choose(replace(ROW, doubt=True), START + timedelta(minutes=2)) is Way.GIVE_UP


@pytest.mark.parametrize("sent", [Sent.UNSURE, Sent.LIMITED, Sent.UNREACHED])
def test_waiting_doubles_up_to_five_minutes_and_ends_within_the_retry_keys_day(sent: Sent) -> None:
    row, now, waits = replace(ROW, reply_token="", pushing=True), START, list[float]()
    while True:
        verdict = judge(row, Way.PUSH, Receipt(sent=sent, status=500), now)
        if isinstance(verdict, Ended):
            break
        waits.append(verdict.wait)
        row, now = verdict.outgoing, now + timedelta(seconds=verdict.wait)
    assert waits[:5] == [1, 2, 4, 8, 16] and max(waits) == LONGEST_WAIT
    assert verdict.state == "failed" and PUSH_FOR <= now - START < timedelta(hours=24)


def test_the_platforms_own_waiting_time_is_kept() -> None:
    verdict = judge(ROW, Way.PUSH, Receipt(sent=Sent.LIMITED, status=429, retry_after=30), START)
    assert isinstance(verdict, Again) and verdict.wait == 30


def test_refused_messages_are_not_tried_again() -> None:
    verdict = judge(ROW, Way.PUSH, Receipt(sent=Sent.REFUSED, status=400), START)
    assert isinstance(verdict, Ended) and verdict.state == "failed"
