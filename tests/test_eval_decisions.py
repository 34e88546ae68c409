"""`madoguchi eval-decisions`: judged first turns, figures, a report without anybody's words."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from assistant.bootstrap import build
from assistant.cli import main
from eval.decision_figures import Case, Judged, curve, in_against_out, payload, report, wrong_answers
from tests.conftest import DEMO, settings_for

LINES: list[dict[str, object]] = [
    {"id": "dog", "text": "犬の登録のしかたは？", "lang": "ja", "expected": "answer:guide:dog-registration"},
    {"id": "born", "text": "子どもが生まれたので届けたい", "lang": "ja", "expected": "answer:guide:birth-registration"},
    {"id": "fee", "text": "住民票の写しはいくらですか", "lang": "ja", "expected": "answer"},
    {"id": "fire", "text": "There is a fire in my house", "lang": "en", "expected": "emergency"},
    {"id": "hello", "text": "こんにちは", "lang": "ja", "expected": "smalltalk", "topic": "talk"},
    {"id": "gdp", "text": "2020年のオランダのGDPは約何億ドルですか？", "lang": "ja", "label": "out_of_scope"},
    {"id": "false", "text": "粗大ごみの出し方を知りたい", "lang": "ja", "expected": "answer:guide:cemetery"},
]  # fmt: skip


def write(file: Path, values: list[dict[str, object]]) -> Path:
    file.write_text("\n".join(json.dumps(value, ensure_ascii=False) for value in values), encoding="utf-8")
    return file


@pytest.fixture
def here(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MADOGUCHI_HOME", str(home))
    return home


def test_the_command_judges_first_turns_and_reports(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, json_file, folder = write(tmp_path / "first.jsonl", LINES), tmp_path / "x.json", tmp_path / "report"
    arguments = ["eval-decisions", str(file), "--town", DEMO, "--json", str(json_file), "--report", str(folder)]
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert out.startswith("7 first turns; right: 6 of 7") and "reply/emergency 1" in out and "AUROC" in out
    value = json.loads(json_file.read_text(encoding="utf-8"))
    assert value["n"] == 7 and value["right"] == 6 and value["wrong_answers"]["wrong"] <= 1
    cases = {row["id"]: row for row in value["cases"]}
    assert {id_ for id_, row in cases.items() if not row["right"]} == {"false"}
    assert cases["fee"]["why"] == "table" and not cases["fee"]["searched"]
    assert cases["dog"]["found"] and cases["dog"]["topic"] == "animal" and cases["hello"]["topic"] == "talk"
    assert cases["gdp"]["scope"] < cases["dog"]["scope"] and not cases["false"]["found"]
    assert sum(b["n"] for b in value["reliability"]) == len([r for r in cases.values() if r["searched"]])
    assert value["languages"]["en"] == {"n": 1, "right": 1, "answered": 0, "wrong": 0}

    told = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert told["file"] == "first.jsonl" and told["cases"] == value["cases"]
    page = (folder / "report.md").read_text(encoding="utf-8")
    for shown in ("## Expected and decided", "## By language", "| animal | 1 |", "](risk_coverage.svg)"):
        assert shown in page
    for name in ("risk_coverage.svg", "reliability.svg"):
        ElementTree.parse(folder / name)
    for written in (page, json_file.read_text(encoding="utf-8"), out):
        assert not any(str(line["text"]) in written for line in LINES), "no resident's words in a report"


def test_nothing_is_stored_by_judging(here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write(tmp_path / "x.jsonl", [{"text": "職員と話したい", "expected": "handoff"}])
    assert main(["eval-decisions", str(file), "--town", DEMO]) == 0
    assert "right: 1 of 1" in capsys.readouterr().out
    system = build(settings_for(here))
    try:
        assert system.conversations.count_tickets(DEMO) == 0 and not system.conversations.exists("eval")
    finally:
        system.close()


def test_a_text_that_the_town_does_not_have_is_said(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = write(tmp_path / "x.jsonl", [{**LINES[0], "expected": "answer:dog-registration"}])
    assert main(["eval-decisions", str(file), "--town", DEMO]) == 0
    said = capsys.readouterr()
    assert "no text dog-registration; keys are such as guide:dog-registration" in said.err
    assert "right: 0 of 1" in said.out


WRONG = [
    (
        '{"text": "犬", "expected": "emergency"}\n{"text": "犬", "expected": "anwser:guide:x"}',
        "line 2: `expected` must",
    ),
    ('{"text": "犬"}', "line 1: `expected` must"),
    ('{"text": "犬", "expected": "answer:"}', "line 1: `expected` must"),
    ('{"text": " ", "expected": "emergency"}', "line 1: no `text`"),
    ('{"text": "犬", "expected": "emergency"}\n\n[]', "line 3"),
    ("", "there is no line in it"),
]


@pytest.mark.parametrize(("content", "said"), WRONG)
def test_a_wrong_file_is_named_by_its_line(
    tmp_path: Path, content: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "x.jsonl").write_text(content, encoding="utf-8")
    assert main(["eval-decisions", str(tmp_path / "x.jsonl"), "--town", DEMO]) == 2
    err = capsys.readouterr().err
    assert "x.jsonl" in err and said in err


def test_a_missing_file_and_an_unknown_town_are_named(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["eval-decisions", str(tmp_path / "gone.jsonl"), "--town", DEMO]) == 2
    assert "gone.jsonl" in capsys.readouterr().err
    assert main(["eval-decisions", str(write(tmp_path / "x.jsonl", LINES)), "--town", "999999"]) == 2
    assert "not served here" in capsys.readouterr().err


def judged(expected: str, why: str, *, confidence: float = 0.5, scope: float = 0.5, **more: bool) -> Judged:
    values = {"right": False, "searched": True, "found": False, **more}
    case = Case(id="x", text="secret words", lang="ja", expected=expected)
    return Judged(case=case, decision="reply", why=why, confidence=confidence, scope=scope, **values)


def test_only_what_was_searched_says_something_about_scope_and_confidence() -> None:
    table = judged("answer", "table", confidence=0.0, scope=0.0, searched=False, right=True)
    inside = judged("answer:a", "answered", confidence=0.9, scope=0.9, found=True, right=True)
    unsure = judged("answer:a", "low_confidence", confidence=0.3, scope=0.8, found=True)
    outside = judged("out_of_scope", "out_of_scope", confidence=0.1, scope=0.1, right=True)
    screened = judged("out_of_scope", "injection", scope=0.0, searched=False)
    all_ = [table, inside, unsure, outside, screened]
    area = in_against_out(all_)
    assert area is not None and area.mean == 1.0 and area.n == 3
    points, bins = curve(all_)
    assert [(p.coverage, p.risk) for p in points] == [
        (pytest.approx(1 / 3), 0.0), (pytest.approx(2 / 3), 0.0), (1.0, pytest.approx(1 / 3)),
    ]  # fmt: skip
    assert sum(b.n for b in bins) == 3
    assert in_against_out([inside]) is None and curve([table]) == ([], [])


def test_wrong_answers_are_counted_where_it_is_known_what_was_expected() -> None:
    cases = [
        judged("answer:a", "answered", right=True),
        judged("answer:a", "answered"),
        judged("out_of_scope", "table"),
        judged("answer", "answered", right=True),
        judged("answer:a", "clarify"),
        judged("emergency", "emergency", right=True),
    ]
    assert wrong_answers(cases) == (2, 3)
    assert "wrong: 2 of 3, 0.667 [" in report(cases)
    assert payload(cases)["wrong_answers"] == {"wrong": 2, "of": 3}
    assert "secret" not in json.dumps(payload(cases)) + report(cases)
