"""A Japanese guide's title as a reader of another language sees it."""

import pytest

from assistant.answering.own_language import both_titles


@pytest.mark.parametrize(
    ("local", "title", "shown"),
    [
        ("Moving out (転出届)", "市外へ引っ越すとき（転出届）", "Moving out (転出届)（市外へ引っ越すとき）"),
        ("Schools (転校)", "転校の手続き（小・中学校）", "Schools (転校)（転校の手続き（小・中学校））"),
        ("Garbage", "ごみの出し方", "Garbage（ごみの出し方）"),
    ],
)  # fmt: skip
def test_the_official_term_is_shown_once(local: str, title: str, shown: str) -> None:
    assert both_titles(title, "en", lambda text: local if text == title else None) == shown


def test_a_title_without_a_local_name_stands_alone() -> None:
    assert both_titles("名も無い案内", "en", lambda _: None) == "名も無い案内"
