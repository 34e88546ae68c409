"""A Rasa project is written whole from the knowledge, and existing projects are read for what could be taken over."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import System
from assistant.cli import main
from assistant.rasa.counterparts import Comparison, compare
from assistant.rasa.exporting import ACTION, export
from assistant.rasa.project import entities_in, plain
from assistant.rasa.reading import read_project
from assistant.understanding.port import TALK, Example, is_topic
from assistant.web import rasa as doors
from tests.conftest import DEMO, shared_data

WORDS = {label: label for label in TALK}


@pytest.fixture
def exported(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    assert main(["rasa", "export", str(tmp_path / "project"), "--town", DEMO, "--url", "http://desk.example/"]) == 0
    return tmp_path / "project"


def test_every_part_of_an_exported_project_refers_to_what_is_there(exported: Path) -> None:
    domain = yaml.safe_load((exported / "domain.yml").read_text(encoding="utf-8"))
    found = read_project(exported)
    assert set(found.examples) == found.intents == set(domain["intents"])
    assert {"out_of_scope", "staff", "personal", "ask_moving", "ask_garbage"} <= found.intents
    assert compare(found).broken == ()
    said = {name for flow in (*found.rules, *found.stories) for kind, name in flow.steps if kind == "action"}
    assert said <= set(found.responses) | {ACTION}
    assert {f.steps[0][1] for f in found.rules} == found.intents | {"nlu_fallback"}
    assert found.pipeline[0] == "jatok.JaTokenizer"
    compile((exported / "jatok.py").read_text(encoding="utf-8"), "jatok.py", "exec")
    endpoint = yaml.safe_load((exported / "endpoints.yml").read_text(encoding="utf-8"))["action_endpoint"]["url"]
    assert endpoint == "http://desk.example/webhooks/rasa/action"
    assert any(getattr(route, "path", "") == "/webhooks/rasa/action" for route in doors.router.routes)
    assert doors.ACTION == ACTION


def test_the_guides_questions_in_all_languages_are_the_examples(exported: Path, system: System) -> None:
    found = read_project(exported)
    told = {text.casefold() for texts in found.examples.values() for text in texts}
    asked = system.engines.questions(system.town(DEMO).owners)
    assert {a.language for a in asked} >= {"ja", "en", "vi", "zh-Hans", "pt-BR"}
    missing = [a.text for a in asked if " ".join(a.text.split()).casefold() not in told]
    assert len(missing) < len(asked) / 100
    every = [text.casefold() for texts in found.examples.values() for text in texts]
    assert len(every) == len(set(every))  # an utterance of two intents can't be learned


def test_languages_can_be_chosen(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    assert main(["rasa", "export", str(tmp_path / "p"), "--languages", "ja"]) == 0
    told = (tmp_path / "p" / "data" / "nlu.yml").read_text(encoding="utf-8")
    assert "引っ越" in told and "I just moved" not in told


@given(st.lists(st.tuples(st.text(max_size=30), st.sampled_from(["ask_a", "ask_b", "greeting"])), max_size=12))
def test_any_utterance_makes_the_round_trip_through_the_files(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("p")
    sayable = [(f"問{n} {text}".encode("utf-8", "ignore").decode(), label) for n, (text, label) in enumerate(pairs)]
    steady = [("はじめ", "ask_a"), ("つぎ", "ask_a"), *sayable]
    told = [Example(text=text, label=label, language="ja") for text, label in steady]
    done = export(folder, told, WORDS, town=DEMO, answers_at="http://x/")
    found = read_project(folder)
    assert found.failed == []
    assert {label: len(texts) for label, texts in found.examples.items()} == done.examples
    assert all(plain(text) == text for texts in found.examples.values() for text in texts)


def test_markup_is_taken_off_and_entities_are_found() -> None:
    marked = 'ilm [tallinnas](asukoht:tallinn) ja [homme]{"entity": "aeg", "value": "1"} [x](YR)'
    assert plain(marked) == "ilm tallinnas ja homme x"
    assert entities_in(marked) == {"asukoht", "aeg", "YR"}


def project(folder: Path, **files: str) -> Comparison:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")
    return compare(read_project(folder))


def test_what_is_found_and_what_has_no_counterpart(tmp_path: Path) -> None:
    found = project(
        tmp_path,
        domain_yml="""
version: "3.1"
intents: [fee, weather, {book: {use_entities: []}}]
entities: [place]
slots: {place: {type: text}}
forms: {book_form: {required_slots: [place]}}
actions: [action_book]
responses:
  utter_fee: [{text: 300円です}]
  utter_weather: [{text: "{place}は晴れ"}]
""",
        nlu_yml="""
nlu:
- intent: fee
  examples: |
    - いくらですか
    - [手数料](place)は
- intent: weather
  examples: "- 天気は"
- intent: book
  examples: |
    - 予約したい
- lookup: place
  examples: "- 朝凪"
""",
        rules_yml="""
rules:
- rule: fee
  steps: [{intent: fee}, {action: utter_fee}]
- rule: weather
  steps: [{intent: weather}, {action: utter_weather}]
- rule: book
  steps: [{intent: book}, {action: action_book}, {action: utter_gone}]
""",
    )
    (pair,) = found.pairs
    assert (pair.intent, pair.questions, pair.answer) == ("fee", ("いくらですか", "手数料は"), "300円です")
    gaps = {gap.kind: gap.names for gap in found.gaps}
    assert gaps["custom action"] == ("action_book",)
    assert gaps["form"] == ("book_form",)
    assert gaps["response with slots or a service call"] == ("utter_weather",)
    assert gaps["intent without fixed answer"] == ("book", "weather")
    assert gaps["regex or lookup"] == ("place",)
    assert found.broken == ("response utter_gone: used, but not in the domain",)
    assert (found.counts["examples"], found.counts["rules"], found.counts["slots"]) == (4, 3, 1)


def test_files_that_cannot_be_read_are_named_and_the_rest_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.yml").write_text("a: [", encoding="utf-8")
    (tmp_path / "latin.yml").write_bytes("intents: [tänamine]".encode("latin-1"))
    (tmp_path / "deep.yml").write_text("[" * 3000, encoding="utf-8")
    (tmp_path / "nlu.yml").write_text("nlu:\n- intent: hi\n  examples: '- hello'\n", encoding="utf-8")
    assert main(["rasa", "import", str(tmp_path)]) == 1
    told = capsys.readouterr()
    assert "1 intents, 1 examples" in told.out
    assert all(name in told.err for name in ("bad.yml", "latin.yml", "deep.yml"))


def test_a_folder_without_a_project_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "compose.yaml").write_text("services: {}", encoding="utf-8")
    assert main(["rasa", "import", str(tmp_path)]) == 2
    assert main(["rasa", "import", str(tmp_path / "absent")]) == 2
    assert "Rasa project" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "intents", "examples", "pairs", "rest"),
    [
        ("buerokratt_loba", 21, 855, 16, {"rules": 29, "forms": 2, "responses": 25}),
        ("buerokratt_training_module", 30, 924, 8, {"rules": 56, "forms": 4, "slots": 27}),
        ("buerokratt_service_module_mock1", 10, 282, 5, {"rules": 17, "stories": 6}),
        ("tais_brazil_minc", 104, 1850, 100, {"stories": 188, "responses": 105, "synonyms": 1}),
    ],
)
def test_real_projects_are_read_whole(
    name: str, intents: int, examples: int, pairs: int, rest: dict[str, int], tmp_path: Path
) -> None:
    folder = shared_data("rasa_projects") / name
    report, faq = tmp_path / "report.json", tmp_path / "faq.csv"
    assert main(["rasa", "import", str(folder), "--json", str(report), "--faq", str(faq)]) == 0
    found = json.loads(report.read_text(encoding="utf-8"))
    assert (found["counts"]["intents"], found["counts"]["examples"], len(found["pairs"])) == (intents, examples, pairs)
    assert {key: found["counts"][key] for key in rest} == rest
    assert {gap["kind"] for gap in found["gaps"]} >= {"conversation of several turns", "intent without fixed answer"}
    with faq.open(encoding="utf-8", newline="") as rows:
        assert len(list(csv.DictReader(rows))) == pairs


def test_fixed_answers_of_a_real_project_can_be_ingested_and_asked(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = shared_data("rasa_projects") / "tais_brazil_minc"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    assert main(["rasa", "import", str(folder), "--faq", "tais.csv"]) == 0
    assert main(["ingest", "tais.csv", "--town", DEMO, "--kind", "faq"]) == 0
    capsys.readouterr()
    assert main(["ask", "o que é a lei rouanet", "--town", DEMO, "--lang", "pt-BR"]) == 0
    told = capsys.readouterr().out
    assert "8.313/91" in told
    assert "japonês" not in told  # the project's own language came along


def test_every_topic_label_of_the_export_is_one_that_the_reader_knows(exported: Path) -> None:
    assert all(is_topic(intent) or intent in TALK for intent in read_project(exported).intents)
