"""The HTTP API keeps its contract."""

import json
import uuid

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.bootstrap import System
from assistant.language.folding import strip_hidden
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for

FIELDS = {
    "id", "conversation", "in_reply_to", "decision", "why", "text", "spaced", "language", "confidence", "citations",
    "terms", "choices", "attach", "handoff", "machine_translated", "at",
}  # fmt: skip


def start(client: TestClient, **more: str) -> tuple[str, dict[str, str]]:
    reply = client.post("/api/v1/conversations", json={"town": DEMO, **more})
    assert reply.status_code == 201
    return reply.json()["id"], {"Authorization": f"Bearer {reply.json()['token']}"}


def say(client: TestClient, text: str, **more: str) -> dict:
    id_, token = start(client)
    reply = client.post(f"/api/v1/conversations/{id_}/messages", json={"text": text, **more}, headers=token)
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_message_has_all_fields_of_the_contract(client: TestClient) -> None:
    message = say(client, "転入届の期限はいつまでですか")
    assert set(message) == FIELDS
    assert message["decision"] == "reply" and message["why"] == "answered"
    assert "14日以内" in message["text"]
    first = message["citations"][0]
    assert set(first) == {"n", "title", "url", "path", "quote", "language", "layer", "as_of", "passage", "source",
                          "card", "refers"}  # fmt: skip
    assert first["refers"] == [], "no article of a law"
    assert first["n"] == 1 and first["layer"] == "town"


def test_the_same_message_id_gives_the_same_message(client: TestClient, system: System) -> None:
    id_, token = start(client)
    url = f"/api/v1/conversations/{id_}/messages"
    first = client.post(url, json={"text": "住民票はいくら", "id": "m1"}, headers=token).json()
    again = client.post(url, json={"text": "住民票はいくら", "id": "m1"}, headers=token).json()
    assert first == again
    thread = client.get(url, headers=token).json()["messages"]
    assert [line["role"] for line in thread] == ["resident", "assistant"]


def test_a_stream_gives_decision_text_citations_and_the_whole(client: TestClient) -> None:
    id_, token = start(client)
    reply = client.post(
        f"/api/v1/conversations/{id_}/messages",
        json={"text": "転入届に必要なものは？"},
        headers={**token, "Accept": "text/event-stream"},
    )
    assert reply.headers["content-type"].startswith("text/event-stream")
    events = [block.split("\n") for block in reply.text.strip().split("\n\n")]
    kinds = [lines[0].removeprefix("event: ") for lines in events]
    values = [json.loads(lines[1].removeprefix("data: ")) for lines in events]
    assert kinds[0] == "decision" and kinds[-1] == "done" and "citation" in kinds
    text = "".join(v["text"] for k, v in zip(kinds, values, strict=True) if k == "delta")
    assert text == values[-1]["text"] != ""


def test_a_citation_opens_its_source_with_the_quote_marked(client: TestClient) -> None:
    citation = say(client, "転入届の期限はいつまでですか")["citations"][0]
    page = client.get(citation["source"].partition("#")[0])
    assert page.status_code == 200
    assert '<mark id="quote"' in page.text
    assert "14日以内" in page.text.partition("<mark")[2].partition("</mark>")[0]


@pytest.mark.parametrize("token", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp5"}])
def test_without_its_token_a_conversation_stays_closed(client: TestClient, token: dict[str, str]) -> None:
    id_, _ = start(client)
    for call in (
        client.post(f"/api/v1/conversations/{id_}/messages", json={"text": "x"}, headers=token),
        client.get(f"/api/v1/conversations/{id_}/messages", headers=token),
        client.delete(f"/api/v1/conversations/{id_}", headers=token),
        client.post(f"/api/v1/conversations/{id_}/feedback", json={"message": "x", "helpful": True}, headers=token),
    ):
        assert call.status_code == 401
        assert call.headers["content-type"] == "application/problem+json"


def test_a_deleted_conversation_is_gone(client: TestClient) -> None:
    id_, token = start(client)
    client.post(f"/api/v1/conversations/{id_}/messages", json={"text": "住民票"}, headers=token)
    assert client.delete(f"/api/v1/conversations/{id_}", headers=token).status_code == 204
    assert client.get(f"/api/v1/conversations/{id_}/messages", headers=token).status_code == 404


def test_feedback_is_kept_and_the_last_word_counts(client: TestClient, system: System) -> None:
    id_, token = start(client)
    url = f"/api/v1/conversations/{id_}"
    message = client.post(f"{url}/messages", json={"text": "住民票"}, headers=token).json()
    for helpful in (True, False):
        reply = client.post(f"{url}/feedback", json={"message": message["id"], "helpful": helpful}, headers=token)
        assert reply.status_code == 204
    unknown = client.post(f"{url}/feedback", json={"message": "nope", "helpful": True}, headers=token)
    assert unknown.status_code == 404


def test_an_unknown_town_is_named_as_such(client: TestClient) -> None:
    reply = client.post("/api/v1/conversations", json={"town": "131016"})
    assert reply.status_code == 404
    assert "madoguchi town" in reply.json()["detail"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"\x00\xff\xfe", 400),
        (b"[]", 422),
        (b'{"text": 5}', 422),
        (b'{"text": "\\ud800"}', 422),
        (b'{"text": "x", "id": ""}', 422),
        (b'{"text": "' + b"a" * 100_000 + b'"}', 422),
        (b'{"text": "' + b"a" * 2_000_000 + b'"}', 413),
    ],
)
def test_bad_bodies_get_a_problem_that_does_not_echo_them(client: TestClient, body: bytes, status: int) -> None:
    id_, token = start(client)
    reply = client.post(
        f"/api/v1/conversations/{id_}/messages", content=body, headers={**token, "Content-Type": "application/json"}
    )
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert set(reply.json()) == {"type", "title", "status", "detail"}
    assert "aaaa" not in reply.text


@pytest.mark.parametrize(("text", "why"), [("", "empty"), ("  \n", "empty"), ("長" * 2001, "too_long")])
def test_empty_and_long_messages_get_kind_words(client: TestClient, text: str, why: str) -> None:
    message = say(client, text)
    assert message["why"] == why and message["text"]


def test_too_many_messages_are_slowed_down(demo_home, tmp_path) -> None:
    import shutil

    from assistant.bootstrap import build

    shutil.copytree(demo_home, tmp_path / "home")
    system = build(settings_for(tmp_path / "home", rate_messages=3))
    client = TestClient(create_app(system))
    statuses = [client.post("/api/v1/search", json={"town": DEMO, "query": "税"}) for _ in range(5)]
    assert [r.status_code for r in statuses] == [200, 200, 200, 429, 429]
    assert int(statuses[-1].headers["retry-after"]) >= 1
    system.close()


def test_search_gives_hits_with_scores(client: TestClient) -> None:
    reply = client.post("/api/v1/search", json={"town": DEMO, "query": "引っ越しの手続き", "k": 3})
    hits = reply.json()["hits"]
    assert len(hits) == 3
    assert [h["score"] for h in hits] == sorted((h["score"] for h in hits), reverse=True)
    assert all(0 <= h["score"] <= 1 for h in hits)


def test_openai_clients_can_ask(client: TestClient) -> None:
    models = client.get("/v1/models").json()
    assert {m["id"] for m in models["data"]} == {"madoguchi", f"madoguchi/{DEMO}"}
    body = {"model": f"madoguchi/{DEMO}", "messages": [{"role": "user", "content": "転入届の期限は？"}]}
    whole = client.post("/v1/chat/completions", json=body).json()
    assert "14日以内" in whole["choices"][0]["message"]["content"]
    assert whole["choices"][0]["finish_reason"] == "stop"
    stream = client.post("/v1/chat/completions", json={**body, "stream": True}).text
    assert stream.rstrip().endswith("data: [DONE]")
    chunks = [json.loads(line[6:]) for line in stream.splitlines() if line.startswith("data: {")]
    text = "".join(c["choices"][0]["delta"].get("content", "") for c in chunks)
    assert "14日以内" in text
    assert client.post("/v1/chat/completions", json={**body, "model": "gpt-x"}).status_code == 404


def test_health_readiness_and_figures(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready" and ready["line"] == {"state": "not set up"}
    assert ready["parts"] == {"database": "ok", "index": "ok", "intents": "nearest"}
    figures = client.get("/metrics").text
    assert 'madoguchi_requests_total{method="GET",route="/healthz",status="200"}' in figures


def test_the_api_describes_itself_with_examples(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    for path in ("/api/v1/conversations", "/api/v1/conversations/{id}/messages", "/api/v1/search",
                 "/v1/chat/completions", "/healthz", "/readyz", "/metrics"):  # fmt: skip
        assert path in described["paths"]
    assert described["components"]["schemas"]["NewConversation"]["examples"]


@given(st.text(max_size=200))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_makes_the_round_trip(client: TestClient, text: str) -> None:
    id_, token = start(client)
    url = f"/api/v1/conversations/{id_}/messages"
    sent = text.encode("utf-8", "replace").decode()
    reply = client.post(url, json={"text": sent, "id": uuid.uuid4().hex}, headers=token)
    assert reply.status_code == 200
    message = reply.json()
    assert message["text"] and message["why"]
    assert client.get(url, headers=token).json()["messages"][0]["text"] == strip_hidden(sent)
