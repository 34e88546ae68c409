"""A Rasa server that is dead, slow or talks nonsense costs no resident more than a second, and health says so."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import System, build
from assistant.errors import SettingsError
from assistant.model import Channel, Conversation, Turn, Understanding
from assistant.settings import read_settings
from assistant.understanding.rasa import Breaker, RasaFailed, RasaReader, RasaServer
from assistant.web.app import create_app
from connectors.sandbox.rasa import RasaStandIn, Trouble
from tests.conftest import DEMO, settings_for

TEXT = "引っ越してきました"


class Fallback:
    """Reads everything as the topic of falling back."""

    name = "fallback"

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, text: str, language: str) -> Understanding:
        self.read_texts.append(text)
        return Understanding(language=language, question=text, intent="ask", topic="ask_moving", engine=self.name)


@pytest.fixture
def peer() -> Iterator[RasaStandIn]:
    with RasaStandIn({"引っ越": "ask_moving", "天気": "out_of_scope"}) as server:
        yield server


@pytest.mark.parametrize("trouble", [t for t in Trouble if t is not Trouble.NONE])
def test_trouble_of_any_kind_falls_back_within_a_second(peer: RasaStandIn, trouble: Trouble) -> None:
    peer.trouble, fallback = trouble, Fallback()
    reader = RasaReader(server=RasaServer(peer.url), fallback=fallback)
    start = time.monotonic()
    read = reader.read(TEXT, "ja")
    assert time.monotonic() - start < 1.0
    assert (read.engine, fallback.read_texts, peer.parsed) == ("fallback", [TEXT], 1)


def test_nobody_listening_and_a_name_that_does_not_resolve_fall_back() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        for url in (f"http://127.0.0.1:{taken.getsockname()[1]}", "http://rasa.invalid:5005"):
            fallback = Fallback()
            start = time.monotonic()
            assert RasaReader(server=RasaServer(url), fallback=fallback).read(TEXT, "ja").engine == "fallback"
            assert time.monotonic() - start < 1.0


def test_after_two_failures_rasa_is_left_alone_and_asked_again_after_a_rest(peer: RasaStandIn) -> None:
    now = [0.0]
    server = RasaServer(peer.url, breaker=Breaker(rest=10.0, clock=lambda: now[0]))
    reader = RasaReader(server=server, fallback=Fallback())
    peer.trouble = Trouble.ERROR
    for _ in range(6):
        assert reader.read(TEXT, "ja").engine == "fallback"
    assert peer.parsed == 2
    peer.trouble = Trouble.NONE
    assert reader.read(TEXT, "ja").engine == "fallback"
    now[0] = 10.5
    assert reader.read(TEXT, "ja").engine == "rasa"
    assert reader.read(TEXT, "ja").engine == "rasa"
    assert peer.parsed == 4


def test_a_rest_ends_with_one_caller_trying_while_the_others_fall_back() -> None:
    now = [0.0]
    breaker = Breaker(failures=1, rest=5.0, clock=lambda: now[0])
    breaker.report(worked=False)
    assert not breaker.may_try()
    now[0] = 5.0
    tried = []
    threads = [threading.Thread(target=lambda: tried.append(breaker.may_try())) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tried.count(True) == 1
    breaker.report(worked=True)
    assert breaker.may_try() and breaker.closed


@given(st.lists(st.booleans(), max_size=40), st.integers(1, 5))
def test_a_breaker_is_open_exactly_after_that_many_failures_in_a_row(ends: list[bool], failures: int) -> None:
    breaker = Breaker(failures=failures, rest=1.0, clock=lambda: 0.0)
    for worked in ends:
        breaker.report(worked=worked)
    tail = len(ends) - max((n + 1 for n, worked in enumerate(ends) if worked), default=0)
    assert breaker.closed == (tail < failures)


KEYS = st.sampled_from(["intent", "name", "confidence", "text"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner),
    max_leaves=8,
)  # fmt: skip


@given(JSON)
def test_any_json_is_a_guess_or_a_failure(reply: object) -> None:
    from assistant.understanding.rasa import _guess_in

    try:
        guess = _guess_in(reply)
    except RasaFailed:
        return
    assert guess is None or 0.5 <= guess.confidence <= 1.0


def test_a_guess_below_the_threshold_is_none(peer: RasaStandIn) -> None:
    server = RasaServer(peer.url)
    peer.confidence = 0.45
    assert server.parse(TEXT) is None
    peer.confidence = 0.6
    assert server.parse("天気") is None  # to turn a question away, more is needed than to name a topic
    found = server.parse(TEXT)
    assert found is not None and found.label == "ask_moving"


def test_the_token_and_a_path_in_front_are_sent() -> None:
    with RasaStandIn({"引っ越": "ask_moving"}, token="s3 cret&") as peer:
        peer.token = "s3+cret%26"
        assert RasaServer(peer.url, "s3 cret&").parse(TEXT) is not None
        with pytest.raises(RasaFailed):
            RasaServer(peer.url, "wrong").parse(TEXT)


def test_failures_say_nothing_of_the_text(peer: RasaStandIn) -> None:
    peer.trouble = Trouble.ERROR
    with pytest.raises(RasaFailed) as failed:
        RasaServer(peer.url).parse("山田太郎です")
    assert "山田" not in repr(failed.value) + repr(failed.value.__cause__)


@pytest.fixture
def with_rasa(peer: RasaStandIn, demo_home: Path, tmp_path: Path) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    system = build(settings_for(home, rasa_url=peer.url))
    yield system
    system.close()


def _say(system: System, text: str) -> tuple[str, str]:
    """Why, and which engine read."""
    turn = Turn(id="t", conversation="c", town=DEMO, text=text, language="ja", channel=Channel.WEB, at=system.clock())
    outcome = system.respond(turn, Conversation(id="c", town=DEMO))
    assert outcome.evidence.understanding is not None
    return outcome.decision.why.value, outcome.evidence.understanding.engine


def test_the_setting_switches_to_rasa_and_health_tells_when_it_is_down(with_rasa: System, peer: RasaStandIn) -> None:
    web = TestClient(create_app(with_rasa))
    parts = web.get("/readyz").json()["parts"]
    assert (parts["intents"], parts["rasa"]) == ("rasa", "ok")
    assert _say(with_rasa, TEXT) == ("answered", "rasa")
    assert _say(with_rasa, "明日の天気を教えて") == ("out_of_scope", "rasa")
    peer.trouble = Trouble.NO_MODEL
    assert _say(with_rasa, TEXT) == ("answered", "nearest")
    time.sleep(2.1)  # health is held for two seconds
    ready = web.get("/readyz")
    assert ready.status_code == 200  # residents are still answered: the server must not be taken out of service
    parts = ready.json()["parts"]
    assert (parts["intents"], parts["rasa"]) == ("nearest", "down (fallback in use)")


def test_without_the_setting_health_says_nothing_of_rasa(client: TestClient) -> None:
    assert "rasa" not in client.get("/readyz").json()["parts"]


@pytest.mark.parametrize(("name", "value"), [("RASA_URL", "localhost:5005"), ("RASA_TOKEN", "x")])
def test_half_a_configuration_is_an_error(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(f"MADOGUCHI_{name}", value)
    with pytest.raises(SettingsError):
        read_settings()


def test_new_knowledge_gives_new_topics_within_seconds(home: Path) -> None:
    system = build(settings_for(home))
    owners = system.town(DEMO).owners
    before = system.engines.reader(owners)
    assert system.engines.reader(owners) is before
    shelf = system.library.shelf(DEMO)
    assert shelf is not None
    system.engines.clock = lambda: time.monotonic() + 10
    assert system.engines.reader(owners) is before  # nothing was published: nothing is built again
    system.engines._held[owners] = (0.0, "older version", before)
    assert system.engines.reader(owners) is not before
    system.close()
