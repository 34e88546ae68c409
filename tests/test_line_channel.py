"""From a resident's LINE to the stored record and back, over real sockets, against the stand-in platform."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from assistant.desk.ticket import Move
from assistant.errors import SettingsError
from assistant.settings import read_settings
from assistant.store.conversations import ConversationStore
from assistant.store.desk import DeskStore
from assistant.store.line_tables import line_inbox, line_outbox, line_residents
from assistant.store.tables import conversations, messages, tickets, turns
from connectors.sandbox.line_rules import faults
from connectors.sandbox.line_state import Trouble
from connectors.sandbox.line_webhooks import body_of, event, sign, text_message
from tests.conftest import DEMO
from tests.line_stage import JA, SECRET, VI, Stage, line_stage, text_of

JUNK = [b"", b"{}", b"[]", b"null", b'{"events": {}}', b'{"events": ["x"]}', b"\x00\xff", b"[" * 5000]


@pytest.fixture(scope="module")
def running(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with line_stage(Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("line") / "home"))) as stage:
        yield stage


@pytest.fixture
def stage(running: Stage) -> Iterator[Stage]:
    running.tune()
    yield running
    running.clear()


def posted(stage: Stage, body: bytes, signature: str, town: str = DEMO) -> httpx.Response:
    url = stage.platform.webhook.replace(DEMO, town)
    return httpx.post(url, content=body, headers={"X-Line-Signature": signature}, timeout=10)


def rows(stage: Stage, table: object, *columns: str) -> list[tuple[object, ...]]:
    picked = [table.c[name] for name in columns]  # type: ignore[attr-defined]
    with stage.system.engine.connect() as c:
        return [tuple(row) for row in c.execute(select(*picked))]


@pytest.mark.parametrize(
    ("user", "question", "price"),
    [(JA, "住民票の写しはいくらですか", "300円"), (VI, "Bản sao phiếu cư trú giá bao nhiêu?", "300 yên")],
)
def test_a_question_is_answered_in_its_language_with_a_card_and_kept(
    stage: Stage, user: str, question: str, price: str
) -> None:
    sent = stage.platform.say(user, question)
    (delivered,) = stage.platform.received(user, 1)
    assert delivered.way == "reply" and price in text_of(delivered)
    assert [m["type"] for m in delivered.messages] == ["text", "flex"]
    assert faults(delivered.messages) == []
    assert stage.settled() == [("sent", False, 200)]
    assert rows(stage, turns, "id", "text", "channel") == [(sent["webhookEventId"], question, "line")]
    ((why, evidence),) = rows(stage, messages, "why", "evidence")
    assert why == "table" and isinstance(evidence, dict) and evidence["understanding"]


def test_a_conversation_goes_on_and_choices_are_quick_replies(stage: Stage) -> None:
    stage.platform.say(JA, "引越し")
    (first,) = stage.platform.received(JA, 1)
    quick = first.messages[-1]["quickReply"]
    assert isinstance(quick, dict)
    choice = quick["items"][0]["action"]
    assert choice["type"] == "message"
    stage.platform.say(JA, choice["text"])
    second = stage.platform.received(JA, 2)[1]
    assert second.messages[-1]["type"] == "flex", "the chosen guide is cited"
    assert len(rows(stage, conversations, "id")) == 1 and len(rows(stage, turns, "id")) == 2


def test_residents_are_kept_apart(stage: Stage) -> None:
    stage.platform.say(JA, "住民票の写しはいくらですか")
    stage.platform.say(VI, "Cảm ơn bạn")
    assert stage.texts(JA) != stage.texts(VI)
    assert len(rows(stage, conversations, "id")) == 2


def test_a_hand_over_opens_a_ticket_whose_number_is_told(stage: Stage) -> None:
    stage.platform.say(JA, "担当の人と話したい")
    (text,) = stage.texts(JA)
    stage.settled()
    ((payload,),) = rows(stage, messages, "payload")
    assert isinstance(payload, dict) and payload["handoff"]["ticket"] in text
    assert stage.system.conversations.count_tickets(DEMO) == 1


@pytest.mark.parametrize(
    ("user", "language", "word"), [(JA, "ja", "朝凪市"), (VI, "vi", "Xin chào"), (JA, "zh-CN", "您好")]
)
def test_a_new_friend_is_greeted_by_the_town_in_their_language(
    stage: Stage, user: str, language: str, word: str
) -> None:
    stage.platform.follow(user, language)
    (delivered,) = stage.platform.received(user, 1)
    assert word in text_of(delivered) and "quickReply" in delivered.messages[-1]


def test_stickers_pictures_and_unknown_kinds_get_polite_words(stage: Stage) -> None:
    stage.platform.follow(VI, "vi")
    stage.platform.show_sticker(VI)
    stage.platform.show_image(VI)
    stage.platform.send([event("somethingNew", VI, reply_token=stage.platform.token(VI))])
    texts = stage.texts(VI, 4)
    assert "Bạn muốn biết điều gì?" in texts[1]
    assert all("không xem được ảnh" in text for text in texts[2:])
    assert rows(stage, turns, "id") == []


def test_an_unsent_message_is_taken_out_of_the_record(stage: Stage) -> None:
    secret = "子どもが生まれました"
    sent = stage.platform.say(JA, secret)
    stage.platform.received(JA, 1)
    stage.settled()
    assert rows(stage, turns, "text") == [(secret,)]
    stage.platform.unsend(JA, sent)
    stage.settled()
    assert rows(stage, turns, "text") == [("",)]
    assert secret not in json.dumps(rows(stage, messages, "evidence"), ensure_ascii=False)
    assert rows(stage, line_inbox, "payload") == [(None,), (None,)]


def test_a_message_unsent_before_it_was_read_is_never_read(stage: Stage) -> None:
    said = event("message", JA, reply_token=stage.platform.token(JA), message=text_message("秘密です"))
    message = said["message"]
    assert isinstance(message, dict)
    stage.platform.send([event("unsend", JA, unsend={"messageId": message["id"]}), said])
    assert stage.settled() == [] and rows(stage, turns, "id") == []


def test_the_same_event_again_is_answered_once(stage: Stage) -> None:
    sent = stage.platform.say(JA, "転入届の期限はいつまでですか")
    stage.platform.received(JA, 1)
    assert stage.platform.send([sent], redelivery=True) == 200
    assert stage.platform.send([sent, sent]) == 200
    stage.platform.say(JA, "ありがとう")
    assert len(stage.platform.received(JA, 2)) == 2
    assert len(stage.settled()) == 2 and len(rows(stage, turns, "id")) == 2


def test_twenty_copies_at_once_are_answered_once(stage: Stage) -> None:
    from concurrent.futures import ThreadPoolExecutor

    copy = event("message", JA, reply_token=stage.platform.token(JA), message=text_message("こんにちは"))
    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(lambda _: stage.platform.send([copy]), range(20))) == {200}
    assert stage.settled() == [("sent", False, 200)]
    assert len(stage.platform.received(JA, 1)) == 1


def test_an_expired_reply_token_leads_to_one_push(stage: Stage) -> None:
    stage.tune(token_seconds=0.0)
    stage.platform.say(VI, "Cảm ơn bạn")
    (delivered,) = stage.platform.received(VI, 1)
    assert delivered.way == "push" and "Rất vui" in text_of(delivered)
    assert stage.settled() == [("sent", True, 200)]
    assert [call.status for call in stage.platform.calls("reply")] == [400]


def test_after_its_time_the_token_is_not_even_tried(stage: Stage) -> None:
    stage.tune(reply_for=0.0)
    stage.platform.say(JA, "ありがとう")
    assert [d.way for d in stage.platform.received(JA, 1)] == ["push"]
    assert stage.platform.calls("reply") == []


@pytest.mark.parametrize("kind", list(Trouble))
def test_a_failing_push_is_tried_again_with_the_same_key_and_longer_waits(stage: Stage, kind: Trouble) -> None:
    stage.tune(reply_for=0.0, seconds=0.3, first_wait=0.2)
    stage.platform.fail(kind, "push", times=3, seconds=0.0 if kind is Trouble.LIMITED else 1.0)
    stage.platform.say(JA, "ありがとう")
    assert stage.settled()[0][:2] == ("sent", True)
    calls = stage.platform.calls("push")
    assert len(calls) == 4 and len({call.retry_key for call in calls}) == 1 and calls[0].retry_key
    gaps = [later.at - earlier.at for earlier, later in pairwise(calls)]
    assert all(gap >= 0.2 * 2**n for n, gap in enumerate(gaps))
    assert calls[-1].status == (409 if kind in (Trouble.ERROR_AFTER, Trouble.SILENT_AFTER) else 200)
    assert len(stage.platform.received(JA, 1)) == 1


@pytest.mark.parametrize("kind", list(Trouble))
def test_a_failing_reply_is_tried_again_with_the_same_token_and_never_pushed(stage: Stage, kind: Trouble) -> None:
    stage.tune(seconds=0.3)
    stage.platform.fail(kind, "reply", times=2, seconds=0.0 if kind is Trouble.LIMITED else 1.0)
    stage.platform.say(JA, "ありがとう")
    assert stage.settled()[0][:2] == ("sent", False)
    assert [d.way for d in stage.platform.received(JA, 1)] == ["reply"]
    assert stage.platform.calls("push") == []


def test_when_line_can_not_be_reached_it_is_pushed_later(stage: Stage) -> None:
    stage.tune(reply_for=0.6)
    address = stage.channel._client._api.line_base_path
    stage.channel._client._api.line_base_path = "http://127.0.0.1:9"  # nobody listens at the discard port
    stage.platform.say(JA, "ありがとう")
    time.sleep(1.0)
    stage.channel._client._api.line_base_path = address
    assert [d.way for d in stage.platform.received(JA, 1)] == ["push"]


def test_a_reply_in_doubt_whose_token_died_ends_unsure_and_is_not_pushed(stage: Stage) -> None:
    stage.tune(reply_for=0.4)
    stage.platform.fail(Trouble.ERROR_AFTER, "reply", times=100)
    stage.platform.say(JA, "ありがとう")
    assert stage.settled() == [("unsure", False, 500)]
    assert len(stage.platform.received(JA, 1)) == 1 and stage.platform.calls("push") == []


def test_a_wrong_signature_leaves_no_trace(stage: Stage) -> None:
    body = body_of([event("message", JA, reply_token="t", message=text_message("こんにちは"))])
    for signature in ("", "x", sign("another secret", body), sign(SECRET, body + b" ")):
        refused = posted(stage, body, signature)
        assert refused.status_code == 401 and refused.headers["content-type"] == "application/problem+json"
    missing = httpx.post(stage.platform.webhook, content=body, timeout=10)
    assert missing.status_code == 401
    assert rows(stage, line_inbox, "id") == []


@pytest.mark.parametrize("body", JUNK)
def test_garbage_is_refused_whoever_signed_it(stage: Stage, body: bytes) -> None:
    assert posted(stage, body, "x").status_code == 401
    assert posted(stage, body, sign(SECRET, body)).status_code in (400, 401)
    assert rows(stage, line_inbox, "id") == []


def test_garbage_events_are_kept_answered_with_200_and_survived(stage: Stage) -> None:
    strange = [{}, {"type": 5}, {"type": "message", "source": "x", "message": {"type": "text", "text": None}}]
    body = body_of([*strange, event("message", JA, reply_token="t", message=text_message("a\0b"))])
    assert posted(stage, body, sign(SECRET, body)).status_code == 200
    stage.platform.say(JA, "ありがとう")
    assert stage.texts(JA, 1)
    stage.settled()
    assert {state for (state,) in rows(stage, line_inbox, "state")} == {"done"}


def test_lines_own_test_without_events_is_welcome(stage: Stage) -> None:
    body = body_of([])
    assert posted(stage, body, sign(SECRET, body)).status_code == 200


def test_a_town_that_is_not_served_is_refused(stage: Stage) -> None:
    body = body_of([event("follow", JA)])
    assert posted(stage, body, sign(SECRET, body), "999999").status_code == 404
    assert posted(stage, body, sign(SECRET, body), "nowhere").status_code == 422


def test_without_its_settings_there_is_no_line(client: TestClient) -> None:
    refused = client.post(f"/channels/line/{DEMO}/webhook", content=b"{}")
    assert refused.status_code == 404 and "MADOGUCHI_LINE_CHANNEL_SECRET" in refused.json()["detail"]


def test_half_the_settings_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_LINE_CHANNEL_SECRET", "very-secret")
    with pytest.raises(SettingsError, match="MADOGUCHI_LINE_ACCESS_TOKEN") as caught:
        read_settings()
    assert "very-secret" not in str(caught.value)


def test_in_a_group_the_town_is_silent(stage: Stage) -> None:
    said = event("message", JA, reply_token=stage.platform.token(JA), message=text_message("こんにちは"))
    stage.platform.send([{**said, "source": {"type": "group", "groupId": "C1", "userId": JA}}])
    stage.platform.send([{**said, "webhookEventId": "another", "mode": "standby"}])
    assert stage.settled() == [] and rows(stage, turns, "id") == []


def test_who_blocks_the_account_is_no_longer_known_and_gets_nothing(stage: Stage) -> None:
    stage.tune(reply_for=0.0)
    stage.platform.say(JA, "ありがとう")
    stage.platform.received(JA, 1)
    stage.platform.block(JA)
    stage.settled()
    assert rows(stage, line_residents, "user_id") == [(None,)]
    say_as_clerk(stage, "職員です")
    stage.wait_for(lambda: [state for state, _, _ in stage.outbox()] == ["sent", "dropped"])


def say_as_clerk(stage: Stage, text: str) -> None:
    """What the desk does when a clerk writes: an event of the conversation."""
    from sqlalchemy import insert

    from assistant.store.tables import events

    ((conversation,),) = rows(stage, conversations, "id")
    with stage.system.engine.begin() as c:
        c.execute(insert(events).values(
            conversation=conversation, town=DEMO, kind="clerk", payload={"id": "c1", "text": text, "language": "ja"},
            at=stage.system.clock(),
        ))  # fmt: skip


def test_a_clerks_words_reach_the_resident_once_while_the_bot_is_silent(stage: Stage) -> None:
    stage.platform.say(JA, "担当の人と話したい")
    stage.platform.received(JA, 1)
    ((ticket,),) = rows(stage, tickets, "id")
    desk, now = DeskStore(stage.system.engine), stage.system.clock()
    desk.move(DEMO, str(ticket), Move.CLAIM, "sato", now)
    stage.platform.say(JA, "住民票の写しはいくらですか")
    assert "300円" not in stage.texts(JA, 2)[1], "a clerk has the case"
    desk.reply(DEMO, str(ticket), "sato", "c1", "市民課の佐藤です。お待たせしました。", now)
    assert stage.texts(JA, 3)[2] == "市民課の佐藤です。お待たせしました。"
    time.sleep(2.2)  # two more looks for a clerk's words
    assert [d.way for d in stage.platform.received(JA, 3)] == ["reply", "reply", "push"]


def test_a_number_stands_for_the_choice_that_was_numbered(stage: Stage) -> None:
    stage.platform.say(VI, "chuyển nhà")
    (asked,) = stage.platform.received(VI, 1)
    quick = asked.messages[-1]["quickReply"]
    assert isinstance(quick, dict) and quick["items"][1]["action"]["label"].startswith("2. ")
    stage.platform.say(VI, "2")
    stage.platform.received(VI, 2)
    assert rows(stage, turns, "text")[1] == (quick["items"][1]["action"]["text"],)


def test_a_deleted_conversation_is_begun_anew(stage: Stage) -> None:
    stage.platform.say(JA, "こんにちは")
    stage.platform.received(JA, 1)
    stage.settled()
    ((old,),) = rows(stage, conversations, "id")
    ConversationStore(stage.system.engine).delete(str(old))
    stage.platform.say(JA, "ありがとう")
    assert len(stage.texts(JA, 2)) == 2
    assert [id_ for (id_,) in rows(stage, conversations, "id")] != [old]


def test_no_row_but_one_holds_lines_id_and_nothing_sent_is_kept_twice(stage: Stage) -> None:
    stage.platform.say(JA, "住民票の写しはいくらですか")
    stage.platform.received(JA, 1)
    stage.settled()
    assert rows(stage, line_residents, "user_id") == [(JA,)]
    assert JA not in str(rows(stage, line_inbox, *line_inbox.c.keys()))
    assert rows(stage, line_outbox, "messages", "reply_token") == [(None, "")]


def test_an_event_that_always_fails_ends_in_an_apology_and_lets_others_pass(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.channels.line._TRIES", 2)
    receive, failed = type(stage.system).receive, []

    def fail(self: object, turn: object, conversation: object) -> object:
        failed.append(turn.id)  # type: ignore[attr-defined]
        raise RuntimeError("out of order")

    monkeypatch.setattr(type(stage.system), "receive", fail)
    stage.platform.say(JA, "こんにちは")
    (text,) = stage.texts(JA)
    assert "調整" in text or "申し訳" in text
    assert len(failed) == 2
    monkeypatch.setattr(type(stage.system), "receive", receive)
    stage.platform.say(JA, "ありがとう")
    assert len(stage.texts(JA, 2)) == 2
