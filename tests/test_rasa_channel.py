"""Clients of Rasa's REST channel and a Rasa server's dialogues are answered here, in Rasa's own forms."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.bootstrap import System, build
from assistant.web.app import create_app
from tests.conftest import settings_for

REST = "/webhooks/rest/webhook"
VIETNAMESE = "giấy chuyển đến phải nộp trong bao nhiêu ngày"


@pytest.fixture
def started(demo_home: Path, tmp_path: Path) -> Iterator[tuple[System, TestClient]]:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    system = build(settings_for(home))
    yield system, TestClient(create_app(system), raise_server_exceptions=False)
    system.close()


def said(client: TestClient, sender: str, message: str, **more: object) -> dict[str, object]:
    replies = client.post(REST, json={"sender": sender, "message": message, **more})
    assert replies.status_code == 200, replies.text
    (reply,) = replies.json()
    assert isinstance(reply, dict)
    return reply


@pytest.mark.parametrize(
    ("message", "language", "part"), [("転入届の期限はいつですか", "ja", "14日"), (VIETNAMESE, "vi", "14")]
)
def test_a_question_is_answered_in_its_language(client: TestClient, message: str, language: str, part: str) -> None:
    reply = said(client, f"asker-{language}", message, metadata={"language": language})
    assert reply["recipient_id"] == f"asker-{language}"
    assert part in str(reply["text"])
    custom = reply["custom"]
    assert isinstance(custom, dict)
    assert (custom["language"], custom["text"]) == (language, reply["text"])


def test_choices_are_buttons_that_send_their_payload(client: TestClient) -> None:
    reply = said(client, "chooser", "引越し")
    buttons = reply["buttons"]
    assert isinstance(buttons, list) and len(buttons) >= 2
    assert set(buttons[0]) == {"title", "payload"}
    assert said(client, "chooser", buttons[0]["payload"])["custom"]["decision"] == "reply"  # type: ignore[index]


def test_a_reply_without_choices_has_no_buttons(client: TestClient) -> None:
    assert "buttons" not in said(client, "greeter", "こんにちは")


def test_one_sender_is_one_conversation_also_after_a_restart(started: tuple[System, TestClient]) -> None:
    system, client = started
    first = said(client, "resident-1", "引っ越してきました")["custom"]
    other = said(client, "resident-2", "こんにちは")["custom"]
    restarted = build(system.settings)
    again = said(TestClient(create_app(restarted)), "resident-1", "いくらですか")["custom"]
    restarted.close()
    assert isinstance(first, dict) and isinstance(other, dict) and isinstance(again, dict)
    assert first["conversation"] == again["conversation"] != other["conversation"]
    assert "転入届" in again["text"]  # the follow-up knows what it is about


def test_a_message_with_its_own_id_is_answered_once(client: TestClient) -> None:
    twice = [said(client, "repeater", "人と話したい", metadata={"id": "m-1"})["custom"] for _ in range(2)]
    assert twice[0] == twice[1]


def test_many_first_messages_at_once_open_one_conversation(started: tuple[System, TestClient]) -> None:
    _, client = started
    found: list[object] = []

    def say() -> None:
        reply = said(client, "racer", "こんにちは")["custom"]
        assert isinstance(reply, dict)
        found.append(reply["conversation"])

    threads = [threading.Thread(target=say) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 12
    assert len(set(found)) == 1


def test_without_a_sender_each_message_stands_alone(client: TestClient) -> None:
    names = {client.post(REST, json={"message": "こんにちは"}).json()[0]["recipient_id"] for _ in range(2)}
    assert len(names) == 2


def test_streaming_gives_one_json_line_for_each_message(client: TestClient) -> None:
    reply = client.post(f"{REST}?stream=true", json={"sender": "s", "message": "こんにちは"})
    assert [json.loads(line)["recipient_id"] for line in reply.text.splitlines()] == ["s"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422), ({"sender": "s"}, 422), ({"sender": "s" * 300, "message": "x"}, 422),
        ({"sender": "s", "message": 7}, 422), ({"sender": "s", "message": "x", "metadata": {"town": "12"}}, 422),
        ({"sender": "s", "message": "x", "metadata": {"town": "999999"}}, 404), ([], 422),
    ],
)  # fmt: skip
def test_what_is_not_in_the_form_is_refused_with_a_problem(client: TestClient, body: object, status: int) -> None:
    refused = client.post(REST, json=body)
    assert (refused.status_code, refused.headers["content-type"]) == (status, "application/problem+json")


def test_hostile_senders_and_empty_messages_are_answered_or_refused(client: TestClient) -> None:
    for sender in ("\x00", "'; DROP TABLE conversations;--", "\ud800", "窓" * 255, ""):
        raw = json.dumps({"sender": sender, "message": ""})
        assert client.post(REST, content=raw, headers={"content-type": "application/json"}).status_code in (200, 422)


def test_a_sender_name_is_stored_nowhere(started: tuple[System, TestClient]) -> None:
    system, client = started
    said(client, "yamada-taro-19800101", "こんにちは")
    for file in system.settings.home.glob("madoguchi.db*"):
        assert b"yamada-taro" not in file.read_bytes()


def test_no_token_opens_a_senders_conversation(client: TestClient) -> None:
    conversation = said(client, "private", "こんにちは")["custom"]["conversation"]  # type: ignore[index]
    for token in ("", "x", conversation):
        refused = client.get(
            f"/api/v1/conversations/{conversation}/messages", headers={"Authorization": f"Bearer {token}"}
        )
        assert refused.status_code == 401


def test_a_rasa_servers_action_call_is_answered_from_the_knowledge(client: TestClient) -> None:
    call = {
        "next_action": "action_madoguchi_answer", "sender_id": "by-rasa", "version": "3.6.21", "domain": {},
        "tracker": {"sender_id": "by-rasa", "slots": {}, "events": [],
                    "latest_message": {"text": "住民票の写しがほしい", "intent": {}}},
    }  # fmt: skip
    answered = client.post("/webhooks/rasa/action", json=call)
    assert answered.status_code == 200
    assert answered.json()["events"] == []
    (response,) = answered.json()["responses"]
    assert "住民票" in response["text"]
    assert client.post("/webhooks/rasa/action", json={**call, "next_action": "action_other"}).status_code == 404


def test_the_channel_says_that_it_is_there(client: TestClient) -> None:
    assert client.get("/webhooks/rest/").json() == {"status": "ok"}
