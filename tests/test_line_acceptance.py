"""LINE from the signed webhook to the stored record, in Japanese and Vietnamese, each with its unhappy twins."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from assistant.desk.ticket import Move
from assistant.store.desk import DeskStore
from assistant.store.line import LineStore
from assistant.store.line_tables import line_inbox, line_outbox
from assistant.store.tables import messages, tickets, turns
from connectors.sandbox.line_rules import faults
from connectors.sandbox.line_state import Trouble
from connectors.sandbox.line_webhooks import body_of, event, post, sign, text_message
from tests.conftest import DEMO
from tests.line_stage import JA, VI, Stage, line_stage, text_of

TALKS = [
    pytest.param(JA, "住民票の写しはいくらですか", "300円", id="ja"),
    pytest.param(VI, "Bản sao phiếu cư trú giá bao nhiêu?", "300 yên", id="vi"),
]
PERSON = [
    pytest.param(JA, "担当の人と話したい", id="ja"),
    pytest.param(VI, "Tôi muốn nói chuyện với nhân viên", id="vi"),
]


@pytest.fixture(scope="module")
def running(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with line_stage(Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("line") / "home"))) as stage:
        yield stage


@pytest.fixture
def stage(running: Stage) -> Iterator[Stage]:
    running.tune()
    yield running
    running.clear()


def health(stage: Stage) -> dict[str, object]:
    reply = httpx.get(stage.platform.webhook.split("/channels")[0] + "/readyz", timeout=10)
    assert reply.status_code == 200, "LINE's troubles never take the page out of service"
    return dict(reply.json()["line"])


def figures(stage: Stage) -> dict[tuple[str, ...], float]:
    """(name, values of its labels in the labels' alphabetical order) → figure."""
    told = httpx.get(stage.platform.webhook.split("/channels")[0] + "/metrics", timeout=10).text
    assert JA not in told and VI not in told
    return {
        (sample.name.removeprefix("madoguchi_line_"), *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(told) if family.name.startswith("madoguchi_line")
        for sample in family.samples
    }  # fmt: skip


def grown(stage: Stage, before: dict[tuple[str, ...], float]) -> dict[tuple[str, ...], float]:
    """Counters that have grown, by how much."""
    return {
        key: value - before.get(key, 0.0) for key, value in figures(stage).items()
        if key[0].endswith("_total") and value != before.get(key, 0.0)
    }  # fmt: skip


def record(stage: Stage) -> list[tuple[str, str, str]]:
    """(words, why, state of the outbox row) of every turn on LINE, in order."""
    query = (
        select(turns.c.text, messages.c.why, line_outbox.c.state)
        .join(messages, (messages.c.turn == turns.c.id) & (messages.c.conversation == turns.c.conversation))
        .join(line_outbox, line_outbox.c.source == turns.c.id)
        .where(turns.c.channel == "line")
        .order_by(line_outbox.c.seq)
    )
    with stage.system.engine.connect() as c:
        return [(row.text, row.why, row.state) for row in c.execute(query)]


@pytest.mark.parametrize(("user", "question", "price"), TALKS)
def test_a_question_goes_from_the_webhook_into_the_record_and_its_answer_back(
    stage: Stage, user: str, question: str, price: str
) -> None:
    before = figures(stage)
    stage.platform.say(user, question)
    (delivered,) = stage.platform.received(user, 1)
    assert price in text_of(delivered) and delivered.messages[-1]["type"] == "flex"
    assert faults(delivered.messages) == []
    stage.settled()
    assert record(stage) == [(question, "table", "sent")]
    state = health(stage)
    assert (state["state"], state["events_waiting"], state["messages_waiting"]) == ("ok", 0, 0)
    assert state["last_event_at"] and state["last_sent_at"]
    assert grown(stage, before) == {("events_total", "new"): 1, ("attempts_total", "accepted", "reply"): 1}


@pytest.mark.parametrize(("user", "question", "price"), TALKS)
def test_twin_a_wrong_signature_leaves_a_count_and_nothing_else(
    stage: Stage, user: str, question: str, price: str
) -> None:
    before = figures(stage)
    body = body_of([event("message", user, reply_token=stage.platform.token(user), message=text_message(question))])
    assert post(stage.platform.webhook, body, sign("another secret", body)) == 401
    assert record(stage) == [] and health(stage)["last_event_at"] is None
    assert grown(stage, before) == {("events_total", "refused"): 1}


@pytest.mark.parametrize(("user", "question", "price"), TALKS)
def test_twin_an_event_delivered_three_times_is_answered_once(
    stage: Stage, user: str, question: str, price: str
) -> None:
    before = figures(stage)
    sent = stage.platform.say(user, question)
    stage.platform.received(user, 1)
    assert [stage.platform.send([sent], redelivery=True) for _ in range(2)] == [200, 200]
    stage.settled()
    assert record(stage) == [(question, "table", "sent")] and len(stage.platform.received(user, 1)) == 1
    assert grown(stage, before)["events_total", "repeat"] == 2


@pytest.mark.parametrize(("user", "question", "price"), TALKS)
def test_twin_an_expired_token_leads_to_one_push(stage: Stage, user: str, question: str, price: str) -> None:
    before = figures(stage)
    stage.tune(token_seconds=0.0)
    stage.platform.say(user, question)
    (delivered,) = stage.platform.received(user, 1)
    assert delivered.way == "push" and price in text_of(delivered)
    stage.settled()
    assert record(stage) == [(question, "table", "sent")]
    more = grown(stage, before)
    assert more["attempts_total", "token_dead", "reply"] == 1 and more["attempts_total", "accepted", "push"] == 1


@pytest.mark.parametrize(("user", "question", "price"), TALKS)
@pytest.mark.parametrize(
    ("trouble", "status", "end"), [(Trouble.LIMITED, 429, "limited"), (Trouble.ERROR, 500, "unsure")]
)
def test_twin_a_platform_that_refuses_is_seen_in_health_and_asked_again(
    stage: Stage, user: str, question: str, price: str, trouble: Trouble, status: int, end: str
) -> None:
    before = figures(stage)
    stage.tune(reply_for=0.0, first_wait=1.5)
    stage.platform.fail(trouble, "push", times=1, seconds=0.0)
    stage.platform.say(user, question)
    stage.wait_for(lambda: len(stage.platform.calls("push")) == 1 and health(stage)["state"] != "ok")
    state = health(stage)
    assert (state["state"], state["messages_waiting"]) == (f"failing (LINE said {status})", 1)
    assert figures(stage)["waiting", "messages"] == 1
    assert price in text_of(stage.platform.received(user, 1)[0])
    stage.settled()
    assert record(stage) == [(question, "table", "sent")] and health(stage)["state"] == "ok"
    assert grown(stage, before)["attempts_total", end, "push"] == 1


@pytest.mark.parametrize(("user", "question", "price"), TALKS)
def test_twin_what_can_not_be_kept_is_not_accepted_and_comes_again(
    stage: Stage, user: str, question: str, price: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    said = event("message", user, reply_token=stage.platform.token(user), message=text_message(question))
    with monkeypatch.context() as patched:
        patched.setattr(LineStore, "take_in", full)
        assert stage.platform.send([said]) >= 500, "LINE delivers again what did not get a 200"
    assert record(stage) == []
    assert stage.platform.send([said], redelivery=True) == 200
    stage.platform.received(user, 1)
    stage.settled()
    assert record(stage) == [(question, "table", "sent")]


@pytest.mark.parametrize(("user", "question", "price"), TALKS)
def test_twin_events_kept_before_the_work_stopped_are_dealt_with_by_the_next_start(
    stage: Stage, user: str, question: str, price: str
) -> None:
    """As after a restart: the row is there, the process that took it in is gone. SIGKILL itself: test_line_kill."""
    said = event("message", user, reply_token=stage.platform.token(user), message=text_message(question))
    LineStore(stage.system.engine).take_in(DEMO, [stage.channel._arrived(DEMO, said)], stage.system.clock())
    assert price in text_of(stage.platform.received(user, 1)[0])
    stage.settled()
    assert record(stage) == [(question, "table", "sent")]


@pytest.mark.parametrize(("user", "words"), PERSON)
@pytest.mark.parametrize("trouble", [None, Trouble.SILENT_AFTER, Trouble.ERROR])
def test_a_clerks_words_are_pushed_once_with_one_retry_key(
    stage: Stage, user: str, words: str, trouble: Trouble | None
) -> None:
    stage.tune(seconds=0.3)
    stage.platform.say(user, words)
    stage.platform.received(user, 1)
    stage.settled()
    with stage.system.engine.connect() as c:
        ticket = str(c.execute(select(tickets.c.id)).scalar_one())
    if trouble:
        stage.platform.fail(trouble, "push", times=2)
    desk, now = DeskStore(stage.system.engine), stage.system.clock()
    desk.move(DEMO, ticket, Move.CLAIM, "sato", now)
    desk.reply(DEMO, ticket, "sato", "c1", "市民課の佐藤です。", now)
    assert [text_of(d) for d in stage.platform.received(user, 2)][1:] == ["市民課の佐藤です。"]
    assert [state for state, _, _ in stage.settled()] == ["sent", "sent"]
    calls = stage.platform.calls("push")
    assert len(calls) == (3 if trouble else 1)
    assert len({call.retry_key for call in calls}) == 1 and calls[0].retry_key
    assert [d.way for d in stage.platform.received(user, 2)] == ["reply", "push"]


def test_events_that_nobody_deals_with_are_seen(stage: Stage) -> None:
    """A backlog shows: one event that waits for longer than a reply token lives."""
    said = event("message", JA, reply_token="t", message=text_message("こんにちは"))
    with stage.system.engine.begin() as c:
        from datetime import timedelta

        from sqlalchemy import insert

        now = stage.system.clock()
        c.execute(insert(line_inbox).values(
            town=DEMO, id="late", resident="r", message="", kind="text", payload=said, state="new", tries=0,
            received_at=now - timedelta(minutes=3), due_at=now + timedelta(minutes=3),
        ))  # fmt: skip
    try:
        assert (health(stage)["state"], health(stage)["events_waiting"]) == ("behind", 1)
        assert figures(stage)["oldest_seconds",] >= 180
    finally:
        with stage.system.engine.begin() as c:
            c.execute(line_inbox.delete())
