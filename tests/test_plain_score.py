"""The score of やさしい日本語: what it measures, and where it points."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.plain.bracketing import bracketed
from assistant.language.plain.explaining import meanings
from assistant.language.plain.lists import listed, plain_verbs
from assistant.language.plain.score import PARTS, Kind, Score, score, without_readings
from assistant.language.plain.vocabulary import basic_words, kanji_grades
from assistant.language.plain.word import plain_word, words
from eval.plain import PAIRS, SHARED, guides, measure, pairs
from tests.strategies import any_text
from tests.strategies import words as word_texts

texts = st.one_of(any_text, word_texts)


def kinds(text: str) -> list[tuple[Kind, str]]:
    """The findings of a text, and what each points at."""
    return [(finding.kind, text[finding.start : finding.end]) for finding in score(text).findings]


def points(found: Score, name: str) -> float:
    """The points of one part."""
    return next(part.points for part in found.parts if part.name == name)


@settings(deadline=None)  # the first one reads the lists
@given(texts)
def test_a_score_is_the_sum_of_its_parts_between_nothing_and_a_hundred(text: str) -> None:
    found = score(text)
    assert found.total == pytest.approx(sum(part.points for part in found.parts))
    assert 0 <= found.total <= 100
    assert [part.name for part in found.parts] == list(PARTS)
    assert all(0 <= part.points <= part.most for part in found.parts)
    assert sum(most for most, _, _ in PARTS.values()) == 100


@settings(deadline=None)  # the first one reads the lists
@given(texts)
def test_each_finding_points_into_the_text(text: str) -> None:
    for finding in score(text).findings:
        assert 0 <= finding.start < finding.end <= len(text)
        stripped, _ = without_readings(text[finding.start : finding.end])
        assert finding.text in (stripped, text[finding.start : finding.end])


def test_readings_in_brackets_change_nothing() -> None:
    text = "前に住んでいた町で転出届を出します。引っ越した日から14日以内です。"
    assert score(bracketed(text, every=True)).total == pytest.approx(score(text).total)


def test_the_authored_guides_are_easier_than_their_sources() -> None:
    pairs_ = [(case.source, case.human) for case in guides(authored=True) if case.human]
    assert len(pairs_) > 40
    assert sum(score(human).total > score(source).total for source, human in pairs_) == len(pairs_)


@pytest.mark.parametrize(
    ("kind", "text", "at"),
    [
        (Kind.HONORIFIC, "本人確認書類をご持参ください。", "ご持参"),
        (Kind.HONORIFIC, "駐車場はございません。", "ござい"),
        (Kind.PASSIVE, "手紙が送られます。", "送られ"),
        (Kind.PASSIVE, "子どもに書かせます。", "書かせ"),
        (Kind.DOUBLE_NEGATION, "カードがない場合は使えません。", "ない場合は使えません"),
        (Kind.DOUBLE_NEGATION, "使えないわけではありません。", "ないわけではありません"),
        (Kind.DATE, "令和8年に始まります。", "令和8年"),
        (Kind.DATE, "2026年6月14日に始まります。", "2026年6月14日"),
        (Kind.OFFICIAL, "転入届を出します。", "転入届"),
        (Kind.HARD, "会議の議決を待ちます。", "議決"),
        (Kind.LOAN, "アウトリーチに行きます。", "アウトリーチ"),
        (Kind.LONG, "前に住んでいた町で紙をもらって、" * 4 + "新しいカードを作ってもらいます。", None),
    ],
)
def test_what_makes_a_text_hard_is_found(kind: Kind, text: str, at: str | None) -> None:
    assert (kind, at or text) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "お金とご飯とお茶を持ってきてください。",
        "出さなければなりません。",
        "2026年（令和8年）6月14日（日曜日）に始まります。",
        "病院で みて もらうことが できます。",
        "おかねは いりません。あたらしい いえに すんで います。",
        "お母さんに知らせてください。",
    ],
)
def test_easy_words_are_not_blamed(text: str) -> None:
    assert kinds(text) == []


def test_an_explained_word_counts_less_and_is_no_finding() -> None:
    plain, told = score("転入届を出してください。"), score("転入届（＝引っ越してきたときに出す紙）を出してください。")
    assert points(told, "hard_words") > points(plain, "hard_words")
    assert not [finding for finding in told.findings if finding.kind is Kind.OFFICIAL]


def test_easy_words_in_brackets_do_not_thin_out_hard_ones() -> None:
    text = "議決の後、執行を猶予します。"
    told = "議決の後、執行を猶予します（つまり、ここで、すぐに、家に帰って、少し待ってください）。"
    assert points(score(told), "hard_words") <= points(score(text), "hard_words")
    assert points(score(told), "mean_letters") <= points(score(text), "mean_letters")


def test_kanji_are_those_of_the_six_school_years() -> None:
    assert [n for _, n in sorted(Counter(kanji_grades().values()).items())] == [80, 160, 200, 202, 193, 191]
    assert len(kanji_grades()) == 1026


def test_everyday_words_are_single_words_of_our_own_list() -> None:
    assert len(basic_words()) >= 1500
    assert {"窓口", "書類", "住む", "払う", "ない"} <= basic_words()


def test_explanations_are_short_and_say_something_else() -> None:
    assert len(meanings()) > 2000
    for word, meaning in meanings().items():
        assert meaning and meaning != word
        assert not re.search("[。（）＝]", meaning), word
        assert len(meaning) <= 50, word


def test_word_lists_name_words() -> None:
    for name in ("verbs of respect", "verbs that lead on", "acts of residents", "verbs of residents", "helping verbs",
                 "verbs without object", "acts that are things", "ends of actors", "heads of acts",
                 "heads of acts done"):  # fmt: skip
        assert listed(name)
    assert plain_verbs()["いたす"] == "する"
    with pytest.raises(KeyError):
        listed("no such list")


@settings(deadline=None)  # the first one reads the lists
@given(any_text)
def test_words_in_a_row_are_the_text(text: str) -> None:
    assert "".join(word.text for word in words(text)) == text
    assert "".join(word.text for word in words(text, joined=False)) == text
    assert plain_word(text).text == text


def test_on_pairs_that_people_wrote_we_gain_and_lose_nothing() -> None:
    """Ours is easier than the source and keeps all figures and names; people's, which loses some, is easier still."""
    file = SHARED / PAIRS / "parallel.dev.jsonl"
    if not file.exists():
        pytest.skip("shared data set crosslingual/tokyo_covid_i18n is not on this machine")
    found = measure(pairs(file))
    assert found.gained.low > 5
    for share in (found.numbers, found.entities):
        assert share is not None and share.right == share.of > 90
