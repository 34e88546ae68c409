"""Screening keeps what people see, drops what nobody sees, and never lets personal data on."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.errors import PatternsInvalid
from assistant.language.folding import fold, strip_hidden, tighten, unaccented, view
from assistant.language.patterns import PATTERN_LANGUAGES, load_rules
from assistant.screen import GROUPS, Screened, load_screening, screen

REST = "en: {find: [x]}, zh: {find: [x]}, vi: {find: [x]}, pt: {find: [x]}"


def _screen(text: str) -> Screened:
    return screen(text, language_hint=None, cues=load_screening())


@pytest.mark.parametrize(
    "text",
    [
        "👨‍👩‍👧 家族で引っ越しました",
        "葛\U000e0100城市",
        "❤️ありがとう",
        "क्‍षेत्र",
        "có dấu tiếng Việt",
        "が",
        "改行\nも残る",
        "☎️0️⃣",
    ],
)
def test_what_people_see_stays(text: str) -> None:
    assert strip_hidden(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\U000e0041", "\x00", "\ud800", "\ufe0f"]
)
def test_what_nobody_sees_is_dropped(hidden: str) -> None:
    assert strip_hidden(f"ごみ{hidden}の日") == "ごみの日"


def test_piled_up_marks_are_cut() -> None:
    assert len(strip_hidden("Z" + "\u0301" * 50)) < 6


@given(st.text(st.characters(), max_size=200))
def test_stripping_twice_equals_once_and_can_be_stored(text: str) -> None:
    once = strip_hidden(text)
    assert strip_hidden(once) == once
    once.encode("utf-8")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_folding_keeps_positions(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.origins)
    assert all(0 <= index < len(text) for index in folded.origins)
    assert list(folded.origins) == sorted(folded.origins)
    assert set(tighten(folded).origins) <= set(folded.origins)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=100))
def test_removing_accents_keeps_the_length(text: str) -> None:
    normal = unicodedata.normalize("NFC", text)
    assert len(unaccented(normal)) == len(normal)


def test_widths_and_half_width_kana_fold_together() -> None:
    assert fold("ＧＡＲＢＡＧＥ").text == "garbage"
    assert fold("ｶﾞｽ").text == "ガス"
    assert view("死（し）に たい").tight.text == "死にたい"


@settings(deadline=None)  # the first example loads the rules
@given(st.text(st.characters(), max_size=300))
def test_any_text_is_screened_and_its_spans_lie_in_it(text: str) -> None:
    found = _screen(text)
    assert all(0 <= start <= end <= len(found.text) for start, end in found.spans)
    assert _screen(found.text).text == found.text


def test_the_span_is_where_the_words_stand() -> None:
    found = _screen("こんばんは。ｋｉｌｌ ｍｙｓｅｌｆ と思う")
    ((start, end),) = found.spans
    assert found.text[start:end] == "ｋｉｌｌ ｍｙｓｅｌｆ"


def test_personal_data_is_masked_and_named() -> None:
    found = _screen("電話は090-\u200b1234-5678です")
    assert "1234" not in found.masked and found.personal == ("phone",)
    assert _screen("あ" * 3000).masked == ""


def test_every_kind_has_patterns_in_every_language() -> None:
    rules = load_screening()
    for group, names in GROUPS.items():
        for name in names:
            assert [rule.language for rule in rules[group][name]] == list(PATTERN_LANGUAGES)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"a": {"b": {"find": ["("]}}}, r"ja: any\.a\.b has a pattern"),
        ({"a": {"b": {"find": []}}}, "empty"),
        ({"c": {}}, r"ja: any: missing \['a'\], unknown \['c'\]"),
        (["1"], "a"),
        ({"a": {"b": {"seek": ["x"]}}}, "find"),
    ],
)
def test_a_broken_pattern_file_is_named(monkeypatch: pytest.MonkeyPatch, content: object, message: str) -> None:
    monkeypatch.setattr("assistant.language.patterns.part", lambda folder, name: {"any": content})
    with pytest.raises(PatternsInvalid, match=message):
        load_rules("any", {"a": ("b",)})


def test_a_language_without_a_section_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    held: dict[str, object] = {"any": {"a": {"b": {"find": ["x"]}}}}
    monkeypatch.setattr("assistant.language.patterns.part", lambda folder, name: held if folder != "vi" else {})
    with pytest.raises(PatternsInvalid, match=r"words/vi/cues\.yaml: any is missing"):
        load_rules("any", {"a": ("b",)})
