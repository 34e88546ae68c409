"""Both intent engines keep one contract: rules first, a guess on top, a rejection, never an exception."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.bootstrap import System
from assistant.language.errors import PatternsInvalid
from assistant.model import LANGUAGES, Facet
from assistant.understanding.nearest import NearestReader, fits
from assistant.understanding.port import (
    TALK,
    Example,
    Guess,
    IntentReader,
    is_topic,
    rules_first,
    talk_examples,
    topic_label,
)
from assistant.understanding.rasa import RasaReader, RasaServer
from connectors.sandbox.rasa import RasaStandIn
from knowledge.dense import load_encoder
from tests.strategies import LetterEncoder

OWNERS = ("482013", "480002", "nation")
RASA = Path(os.environ.get("MADOGUCHI_TEST_RASA", Path(__file__).parents[1] / "var" / "rasa"))
WORDS = {
    "引っ越し": "ask_moving", "moved": "ask_moving", "粗大ごみ": "ask_garbage", "cồng kềnh": "ask_garbage",
    "baseball": "out_of_scope", "天気": "out_of_scope",
}  # fmt: skip
"""What the stand-in knows."""

TOPICS = [
    ("引っ越してきました。何の手続きがいりますか", "ja", "ask_moving"),
    ("I just moved here. What do I have to do at city hall?", "en", "ask_moving"),
    ("粗大ごみを捨てたいです", "ja", "ask_garbage"),
    ("tôi muốn bỏ rác cồng kềnh", "vi", "ask_garbage"),
]


@pytest.fixture(scope="module")
def nearest(system: System) -> IntentReader:
    return system.engines.reader(system.town("482013").owners)


@pytest.fixture(scope="module")
def stand_in(nearest: IntentReader) -> Iterator[IntentReader]:
    with RasaStandIn(WORDS) as peer:
        yield RasaReader(server=RasaServer(peer.url), fallback=nearest)


@pytest.fixture(scope="module")
def trained(nearest: IntentReader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[IntentReader]:
    """A Rasa process with a model trained by `make rasa-model`."""
    models = sorted((RASA / "project" / "models").glob("*.tar.gz"))
    if not models or not (RASA / "venv" / "bin" / "rasa").exists():
        pytest.skip("no trained Rasa here; `make rasa-model` builds one")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {**os.environ, "PYTHONPATH": ".", "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
           "OMP_NUM_THREADS": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}  # fmt: skip
    log = tmp_path_factory.mktemp("rasa") / "log"
    command = [str((RASA / "venv").resolve() / "bin" / "rasa"), "run", "--enable-api", "-i", "127.0.0.1", "-p",
               str(port), "-m", str(models[-1].resolve())]  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=RASA / "project", env=env, stdout=out, stderr=out)
    try:
        _wait_for(f"http://127.0.0.1:{port}/version", process)
        server = RasaServer(f"http://127.0.0.1:{port}", seconds=5.0)  # the first parse after a start is slow
        yield RasaReader(server=server, fallback=nearest)
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 240.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
            return
        except OSError:
            time.sleep(0.5)
    pytest.fail("Rasa did not start")


@pytest.fixture(params=["nearest", "stand_in", pytest.param("trained", marks=pytest.mark.peer)])
def engine(request: pytest.FixtureRequest) -> IntentReader:
    found: IntentReader = request.getfixturevalue(request.param)
    return found


class TestContract:
    """Runs over every engine."""

    @pytest.mark.parametrize(("text", "language", "topic"), TOPICS)
    def test_a_question_about_a_topic_names_it(
        self, engine: IntentReader, text: str, language: str, topic: str
    ) -> None:
        read = engine.read(text, language)
        assert (read.intent, read.topic, read.engine) == ("ask", topic, engine.name)
        assert 0.5 <= read.confidence <= 1.0

    @pytest.mark.parametrize(
        ("text", "language", "intent"),
        [("こんにちは", "ja", "greeting"), ("cảm ơn bạn", "vi", "thanks"), ("職員と話したい", "ja", "staff"),
         ("Has my application been approved yet?", "en", "personal"), ("はい", "ja", "yes")],
    )  # fmt: skip
    def test_rules_come_first(self, engine: IntentReader, text: str, language: str, intent: str) -> None:
        read = engine.read(text, language)
        assert (read.intent, read.topic, read.engine) == (intent, "", "rules")

    def test_what_is_out_of_scope_is_said_to_be(self, engine: IntentReader) -> None:
        assert engine.read("who won the baseball game yesterday", "en").intent == "out_of_scope"

    @pytest.mark.parametrize("text", ["", "   ", "？！", "😊", "ｑｗｘｚ ｖｋｊ", "鬱" * 300])
    def test_what_says_nothing_is_rejected(self, engine: IntentReader, text: str) -> None:
        read = engine.read(text, "ja")
        assert (read.intent, read.topic) == ("ask", "")

    def test_a_question_for_a_fact_is_never_turned_away(self, engine: IntentReader) -> None:
        read = engine.read("baseball court fee, how much is it", "en")
        assert read.intent == "ask"
        assert read.facets == (Facet.FEE,)

    def test_the_question_stays_as_it_was(self, engine: IntentReader) -> None:
        text = "粗大ごみを捨てたいです。"
        assert engine.read(text, "ja").question == text


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=120), language=st.sampled_from([*LANGUAGES, "ko", "und"]))
def test_any_text_can_be_read_by_the_default_engine(nearest: IntentReader, text: str, language: str) -> None:
    read = nearest.read(text, language)
    assert 0.0 <= read.confidence <= 1.0
    assert read.topic == "" or is_topic(read.topic)


GUESSES = st.one_of(
    st.none(),
    st.builds(
        Guess, label=st.sampled_from([*TALK, "ask_tax", "no_label_of_ours"]), confidence=st.floats(0, 1),
        engine=st.just("e"),
    ),
)  # fmt: skip


@given(text=st.text(max_size=60), guess=GUESSES)
def test_an_engine_never_changes_what_rules_read(text: str, guess: Guess | None) -> None:
    plain = rules_first(text, "ja", lambda _: None, "e")
    read = rules_first(text, "ja", lambda _: guess, "e")
    if plain.intent != "ask":
        assert read == plain
    if plain.facets:
        assert (read.intent, read.facets) == ("ask", plain.facets)
    assert read.question == plain.question
    assert read.intent in {"ask", plain.intent, *TALK}


def examples(*pairs: tuple[str, str]) -> list[Example]:
    return [Example(text=text, label=label, language="ja") for text, label in pairs]


def test_the_nearer_example_names_the_label_whatever_the_order() -> None:
    told = examples(("転入届を出す", "ask_moving"), ("転出届を出す", "ask_moving"), ("住民税を払う", "ask_tax"),
                    ("税金の納付", "ask_tax"), ("明日の天気", "out_of_scope"))  # fmt: skip
    for order in (told, told[::-1]):
        near = NearestReader(order, LetterEncoder()).likeness("転入届を出したい")
        assert near is not None
        assert near.topic == "ask_moving"
        assert near.lead > 0


@pytest.mark.parametrize("told", [[], examples(("転入届", "ask_moving")), examples(("天気", "out_of_scope"))])
def test_without_examples_of_both_kinds_nothing_is_guessed(told: list[Example]) -> None:
    assert NearestReader(told, LetterEncoder()).guess("転入届") is None


def test_an_encoder_that_nobody_has_measured_never_guesses() -> None:
    assert fits(load_encoder(None)) is not None
    assert fits(LetterEncoder()) is None
    told = [*examples(("転入届", "ask_moving"), ("転出届", "ask_moving")), *talk_examples()]
    assert NearestReader(told, LetterEncoder(), fits(LetterEncoder())).guess("転入届") is None


def test_every_label_has_examples_in_every_language_and_none_stands_under_two() -> None:
    found = talk_examples()
    for label in TALK:
        assert {e.language for e in found if e.label == label} == set(LANGUAGES) - {"ja-x-easy"}
    # 'hello' is said in several languages, but it always means the same
    assert len({(e.text.casefold(), e.label) for e in found}) == len({e.text.casefold() for e in found})


def test_examples_that_lack_a_label_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {"examples": {"greeting": ["やあ"]}}
    monkeypatch.setattr("assistant.understanding.port.part", lambda language, name: held)
    talk_examples.cache_clear()
    with pytest.raises(PatternsInvalid):
        talk_examples()
    monkeypatch.undo()
    talk_examples.cache_clear()


@given(st.text(min_size=1, max_size=30))
def test_a_topic_label_is_a_name_that_rasa_takes(topic: str) -> None:
    label = topic_label(topic)
    assert is_topic(label)
    assert "/" not in label and "-" not in label and " " not in label
