"""Any text comes back from every door as it was stored: in NFC, without hidden characters, in UTF-8."""

from __future__ import annotations

import json
import shutil
import unicodedata
import uuid
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from assistant.bootstrap import System, build
from assistant.channels.phone import PhoneHost
from assistant.language.folding import strip_hidden
from assistant.store.tables import turns
from assistant.web.app import create_app
from tests.conftest import DEMO, settings_for
from tests.line_stage import JA, Stage, line_stage

PIECES = [
    "住民票", "ｼﾞｭｳﾐﾝﾋｮｳ", "が\u3099", "e\u0301", "ế", "𠮷野家", "葛\U000e0100城",
    "👨\u200d👩\u200d👧\u200d👦", "🇯🇵", "👍🏽",
    "עברית", "العربية", "\u202eabc\u202c", "\u200f", "क्षि", "क\u094d\u200dष", "ကျွန်တော်", "ที่นี่", "한국",
    "\u1112\u1161\u11ab", "戶籍",
    "<b>&amp;\"'", "\\n", "\n", "\t", "\u200b", "\ufeff", "𝕒", "Zażółć", "Tiếng Việt", "\u0301\u0302", "{x}", "%s",
]  # fmt: skip
anything = st.text(max_size=6).map(lambda text: text.replace("\x00", "").replace("\r", ""))
texts = st.lists(st.sampled_from(PIECES) | anything, min_size=1, max_size=6).map("".join)
few = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
REFUSED = (422, 400)


class Doors:
    """The application; no dataclass, for Hypothesis writes the fields of those out."""

    def __init__(self, system: System, client: TestClient) -> None:
        self.system, self.client = system, client


class Line:
    """LINE's stage, for the same reason."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage


@pytest.fixture(scope="module")
def doors(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Doors]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("doors") / "home"))
    system = build(settings_for(home))
    yield Doors(system, TestClient(create_app(system), raise_server_exceptions=False))
    system.close()


@pytest.fixture(scope="module")
def line(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("line") / "home"))
    with line_stage(home) as stage:
        yield Line(stage)


def stored(system: System, conversation: str = "") -> str:
    """The last thing that a resident said."""
    query = select(turns.c.text).order_by(turns.c.at.desc()).limit(1)
    with system.engine.connect() as c:
        return str(c.execute(query.where(turns.c.conversation == conversation) if conversation else query).scalar())


def is_clean(text: str) -> bool:
    """NFC, without what nobody sees, and UTF-8."""
    text.encode("utf-8")
    return unicodedata.is_normalized("NFC", text) and strip_hidden(text) == text


def begun(client: TestClient) -> tuple[str, dict[str, str]]:
    started = client.post("/api/v1/conversations", json={"town": DEMO, "language": "ja"}).json()
    return started["id"], {"Authorization": f"Bearer {started['token']}"}


@few
@given(text=texts)
def test_the_web_api_gives_back_what_is_stored(doors: Doors, text: str) -> None:
    system, client = doors.system, doors.client
    id_, key = begun(client)
    said = client.post(f"/api/v1/conversations/{id_}/messages", json={"text": text}, headers=key)
    if said.status_code in REFUSED:
        return
    kept = stored(system, id_)
    shown = client.get(f"/api/v1/conversations/{id_}/messages", headers=key).json()["messages"]
    assert is_clean(kept) and is_clean(said.json()["text"])
    assert shown[0]["text"] == kept and shown[1]["message"]["text"] == said.json()["text"]


@few
@given(text=texts)
def test_events_carry_the_same_words(doors: Doors, text: str) -> None:
    system, client = doors.system, doors.client
    id_, key = begun(client)
    said = client.post(f"/api/v1/conversations/{id_}/messages", json={"text": text},
                       headers={**key, "Accept": "text/event-stream"})  # fmt: skip
    if said.status_code in REFUSED:
        return
    events = [event.split("\ndata: ", 1) for event in said.content.decode("utf-8").strip().split("\n\n")]
    deltas = "".join(json.loads(data)["text"] for name, data in events if name.endswith("delta"))
    assert deltas == json.loads(events[-1][1])["text"] and is_clean(stored(system, id_))


@few
@given(text=texts)
def test_the_page_without_javascript_shows_what_is_stored(doors: Doors, text: str) -> None:
    system, client = doors.system, doors.client
    page = client.post("/", data={"text": text, "language": "ja", "town": DEMO})
    assert page.status_code == 200, page.text[:200]
    kept = stored(system)
    assert is_clean(kept)
    assert " ".join(kept.split()) in " ".join(unescape(page.content.decode("utf-8")).split())


@few
@given(text=texts, sender=texts)
def test_rasas_clients_and_those_of_openai_get_clean_words(doors: Doors, text: str, sender: str) -> None:
    system, client = doors.system, doors.client
    rasa = client.post("/webhooks/rest/webhook", json={"sender": f"s{sender}"[:200], "message": text})
    if rasa.status_code not in REFUSED:
        assert rasa.json()[0]["recipient_id"] == f"s{sender}"[:200] and is_clean(rasa.json()[0]["text"])
        assert is_clean(stored(system))
    chat = client.post("/v1/chat/completions", json={"messages": [{"role": "user", "content": text}]})
    if chat.status_code not in REFUSED:
        assert is_clean(chat.json()["madoguchi"]["text"]) and is_clean(stored(system))


@few
@given(text=texts)
def test_a_telephones_transcript_is_stored_clean(doors: Doors, text: str) -> None:
    system = doors.system
    host = PhoneHost(system, DEMO, call=uuid.uuid4().hex)
    answer = host.answer(1, text, "ja")
    assert is_clean(answer.text)
    if kept := stored(system, host.conversation):
        assert kept == "None" or is_clean(kept)


@settings(few, max_examples=4)
@given(text=texts.filter(str.strip))
def test_line_pushes_what_it_stored(line: Line, text: str) -> None:
    stage = line.stage
    stage.clear()
    stage.platform.say(JA, text)
    stage.settled()
    if stage.outbox():
        (heard,) = stage.texts(JA)
        assert is_clean(heard) and is_clean(stored(stage.system))


def test_the_desk_shows_what_the_resident_wrote(doors: Doors) -> None:
    system, client = doors.system, doors.client
    id_, key = begun(client)
    wish = "担当の人と話したい 𠮷野 葛\U000e0100城 👨\u200d👩\u200d👧 عربي ကျွန်တော် <b>"
    ticket = client.post(f"/api/v1/conversations/{id_}/messages", json={"text": wish}, headers=key).json()["handoff"]
    assert ticket["ticket"]
    kept = stored(system, id_)
    assert kept == unicodedata.normalize("NFC", wish)
    spoken = system.conversations.thread(id_)
    assert spoken[0].text == kept
