"""Whole guides in やさしい日本語, the curator's review of them, and the command that measures both."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.language.plain.guides import easy_guide, texts_of
from assistant.language.plain.reviewing import review
from assistant.language.plain.score import Kind
from eval import plain as measuring
from knowledge.passage import Document, Facts
from tests.strategies import guide

FACTS = Facts(
    summary="転入届の提出についてご案内します。", who="転入された方", deadline="転入した日から14日以内",
    where=("市民課（本庁舎1階）",), when="平日 8:30から17:15まで", fee=("無料",),
    bring=("本人確認書類をご持参ください。",),
    phone="000-482-1101", online="https://myna.go.jp/", department="resident",
)  # fmt: skip


def source() -> Document:
    return guide("move-in", "転入の届出", text="申請書に氏名を記入し、窓口に提出してください。", facts=FACTS)


def test_a_guide_is_rewritten_with_its_facts() -> None:
    easy = easy_guide(source())
    assert easy.id == "guide:move-in@ja-x-easy" and easy.language == "ja-x-easy" and easy.key == source().key
    assert easy.facts is not None
    assert easy.facts.bring[0].endswith("を持ってきてください。")
    assert easy.facts.when == "平日 8時30分から17時15分まで"
    assert "14日以内" in easy.facts.deadline
    assert (easy.facts.phone, easy.facts.online, easy.facts.department) == ("000-482-1101", FACTS.online, "resident")
    assert "名前を書いて" in easy.sections[0].text


def test_the_authored_version_wins() -> None:
    authored = guide("move-in", "てんにゅう", language="ja-x-easy", text="まどぐちに 来（き）てください。")
    other = guide("move-out", "てんしゅつ", language="ja-x-easy", text="まどぐちに 来（き）てください。")
    assert easy_guide(source(), [other, authored]) is authored
    assert easy_guide(source(), [other]) == easy_guide(source())


def test_only_japanese_is_rewritten() -> None:
    with pytest.raises(ValueError):
        easy_guide(guide("move-in", "Moving in", language="en", text="Come."))


def test_next_year_is_counted_from_the_day_of_the_guide() -> None:
    text = replace(source(), sections=(replace(source().sections[0], text="来年4月に始まります。"),))
    assert "来年（2027年）4月" in easy_guide(text).sections[0].text
    assert "来年（2031年）4月" in easy_guide(text, today=date(2030, 1, 1)).sections[0].text


def test_every_text_that_residents_read_is_reviewed() -> None:
    names = [name for name, _ in texts_of(source())]
    assert names == ["title", "summary", "who", "deadline", "where", "when", "bring", "fee", "section-1"]


def test_a_curator_sees_the_score_the_places_and_what_to_do() -> None:
    found = review(source())
    assert found is not None
    assert 0 < found.score.total < found.rewritten <= 100
    by_name = {field.name: field for field in found.fields}
    assert by_name["bring"].label == "持ち物" and by_name["section-1"].label == "手続き"
    honorific = next(one for one in by_name["bring"].advice if one.finding.kind is Kind.HONORIFIC)
    assert by_name["bring"].text[honorific.finding.start : honorific.finding.end] == "ご持参"
    assert "敬語" in honorific.words
    words = {one.finding.text: one.words for one in by_name["section-1"].advice}
    assert "例：「書く」" in words["記入"]
    assert "転入届（＝" in {one.finding.text: one.words for one in by_name["summary"].advice}["転入届"]
    assert by_name["section-1"].plain.text.endswith("窓口に出してください。")


def test_an_easy_guide_is_reviewed_too_and_others_are_not() -> None:
    assert review(guide("x", "題", language="ja-x-easy", text="来（き）てください。")) is not None
    assert review(guide("x", "Title", language="en", text="Come.")) is None


def test_the_command_prints_figures_and_writes_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    folder = tmp_path / measuring.PAIRS
    folder.mkdir(parents=True)
    rows = [
        {"ja": "窓口で証明書を交付します。", "ja-Hira": "窓口（まどぐち）で 紙（かみ）を わたします。"},
        {"ja": "14日以内に提出してください。", "ja-Hira": "14日（にち）までに 出（だ）してください。"},
    ]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    (folder / "parallel.dev.jsonl").write_text(lines, encoding="utf-8")
    few = measuring.guides(authored=True)[:2]
    monkeypatch.setattr(measuring, "guides", lambda *, authored=False: few)
    out = tmp_path / "figures.json"
    assert measuring.main(["--data", str(tmp_path), "--json", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "tokyo_covid_i18n (n=2)" in shown and "keeps all figures 1.000" in shown
    assert json.loads(out.read_text(encoding="utf-8"))["tokyo_covid_i18n"]["numbers"] == {"right": 2, "of": 2}


def test_without_the_pairs_the_command_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                               capsys: pytest.CaptureFixture[str]) -> None:  # fmt: skip
    few = measuring.guides(authored=True)[:1]
    monkeypatch.setattr(measuring, "guides", lambda *, authored=False: few)
    assert measuring.main(["--data", str(tmp_path)]) == 2
    assert "can't be read" in capsys.readouterr().err


def test_the_audit_sees_what_a_rewriter_loses() -> None:
    assert measuring.lost_numbers("14日以内に300円を払います。", "14日以内に払います。")
    assert measuring.lost_entities("朝凪市の市民課に行きます。", "市の窓口に行きます。")
    assert not measuring.lost_numbers("令和8年4月1日", "2026年（令和8年）4月1日（水曜日）")
