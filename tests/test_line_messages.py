"""Whatever we have to say, LINE takes it: limits, splitting, cards, quick replies."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from linebot.v3.messaging import ReplyMessageRequest

from assistant.channels.line_words import to_line
from assistant.language.words import load_words
from connectors.line_messages import MAX_TEXT, Button, Card, CardRow, build, cut, split, units
from connectors.sandbox.line_rules import faults

texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400)
long_texts = st.builds(lambda part, times: part * times, st.text(min_size=1, max_size=40, alphabet="あ字。\n. a𠮷😀"),
                       st.integers(1, 900))  # fmt: skip
buttons = st.lists(st.builds(Button, label=texts, text=texts), max_size=20)
addresses = st.sampled_from(["", "https://www.city.example/a", "javascript:alert(1)", "https://x/" + "a" * 2000])
rows = st.builds(CardRow, heading=texts, note=texts, quote=texts, address=addresses)
cards = st.none() | st.builds(Card, title=texts, rows=st.lists(rows, max_size=12).map(tuple))


@given(texts | long_texts, buttons, cards)
def test_line_takes_whatever_is_built(text: str, offered: list[Button], card: Card | None) -> None:
    messages = build(text, buttons=offered, card=card)
    if not messages:
        assert not text.strip() and not (card and card.rows)
        return
    assert faults(messages) == []


@given(texts | long_texts, buttons, cards)
def test_the_sdk_carries_messages_unchanged(text: str, offered: list[Button], card: Card | None) -> None:
    messages = build(text, buttons=offered, card=card)
    assume(messages)
    carried = ReplyMessageRequest.from_dict({"replyToken": "t", "messages": messages}).to_dict()["messages"]
    assert json.loads(json.dumps(carried)) == messages


@given(long_texts)
def test_splitting_loses_only_white_space(text: str) -> None:
    pieces = split(text, 40)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < units(piece) <= MAX_TEXT for piece in pieces)


@given(long_texts, st.integers(1, 3))
def test_what_does_not_fit_is_shown_to_be_missing(text: str, parts: int) -> None:
    pieces = split(text, parts)
    assert len(pieces) <= parts
    whole = len("".join("".join(pieces).split())) >= len("".join(text.split()))
    assert whole or pieces[-1].endswith("…")


@given(st.text(max_size=60), st.integers(1, 40))
def test_a_cut_text_is_a_beginning_within_the_limit(text: str, limit: int) -> None:
    short = cut(text, limit)
    assert units(short) <= limit
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


def test_more_than_thirteen_choices_are_cut_to_thirteen_on_the_last_message() -> None:
    messages = build("どれですか", buttons=[Button(label=f"{n}番", text=f"{n}番") for n in range(20)])
    quick = messages[-1]["quickReply"]
    assert isinstance(quick, dict) and len(quick["items"]) == 13


def test_long_choices_stand_in_full_in_the_text() -> None:
    offered = [Button(label="Giấy chứng nhận đăng ký con dấu cá nhân", text="a"), Button(label="Khác", text="b")]
    messages = build("Bạn muốn hỏi mục nào?", buttons=offered)
    assert messages[0]["text"] == (
        "Bạn muốn hỏi mục nào?\n\n1. Giấy chứng nhận đăng ký con dấu cá nhân\n2. Khác"
    )  # fmt: skip
    quick = messages[0]["quickReply"]
    assert isinstance(quick, dict)
    assert [item["action"]["label"] for item in quick["items"]] == ["1. Giấy chứng nhận …", "2. Khác"]


MESSAGE: dict[str, object] = {
    "text": "300円です [1]", "language": "ja", "machine_translated": False, "handoff": None,
    "choices": [{"label": "転入届", "text": "転入届"}],
    "citations": [{
        "n": 1, "title": "手数料の一覧", "path": ["住民票の写し"], "as_of": "2026-04-01", "quote": "300円",
        "url": "https://www.city.asanagi.example/fees", "source": "/tables/482013/fees?quote=300#quote",
    }],
}  # fmt: skip


def test_a_card_leads_to_the_quote_on_our_page() -> None:
    messages = to_line(MESSAGE, load_words(), "https://madoguchi.example/")
    assert faults(messages) == []
    assert [m["type"] for m in messages] == ["text", "flex"]
    assert "https://madoguchi.example/tables/482013/fees?quote=300#quote" in json.dumps(messages[1])
    assert messages[1]["altText"] == "出典: [1] 手数料の一覧"
    assert "quickReply" in messages[1] and "quickReply" not in messages[0]


@pytest.mark.parametrize("long", [False, True])
def test_without_our_address_or_with_one_too_long_it_leads_to_the_document(long: bool) -> None:
    citation = dict(MESSAGE["citations"][0])  # type: ignore[index,call-overload]
    if long:
        citation["source"] = "/sources/" + "あ" * 1200
    messages = to_line({**MESSAGE, "citations": [citation]}, load_words(), "https://m.example" if long else "")
    assert re.search(r'"uri": "https://www\.city\.asanagi\.example/fees"', json.dumps(messages[1]))


def test_a_hand_over_says_number_and_promise() -> None:
    handoff = {"ticket": "ABCD-2345", "desk": "Asanagi", "promise": "Nhân viên sẽ trả lời.", "opens_at": None}
    said = to_line({**MESSAGE, "language": "vi", "citations": [], "handoff": handoff}, load_words(), "")
    assert "ABCD-2345" in str(said[0]["text"]) and "Nhân viên sẽ trả lời." in str(said[0]["text"])


def test_a_message_without_words_is_not_sent() -> None:
    assert to_line({**MESSAGE, "text": "  "}, load_words(), "") == []


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([], "messages"), ([{"type": "text", "text": "x"}] * 6, "messages"),
        ([{"type": "text", "text": "あ" * 5001}], "messages[0].text"),
        ([{"type": "text", "text": " "}], "messages[0].text"),
        ([{"type": "text", "text": "x", "quickReply": {"items": [{}] * 14}}], "messages[0].quickReply.items"),
        ([{"type": "flex", "altText": "x" * 401, "contents": {"type": "bubble"}}], "messages[0].altText"),
        ([{"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": {
            "type": "box", "layout": "vertical", "contents": [{"type": "text", "text": ""}]}}}],
         "messages[0].contents.body.contents[0].text"),
        ([{"type": "flex", "altText": "x", "contents": {"type": "bubble", "body": {
            "type": "box", "layout": "vertical", "contents": [],
            "action": {"type": "uri", "uri": "javascript:alert(1)"}}}}], "messages[0].contents.body.action.uri"),
    ],
)  # fmt: skip
def test_the_stand_in_refuses_what_line_refuses(messages: list[object], wrong: str) -> None:
    assert [fault["property"] for fault in faults(messages)] == [wrong]


TERM = {"ja": "転入届", "reading": "てんにゅうとどけ", "romaji": "tennyuutodoke", "local": "thông báo chuyển đến",
        "meaning": "ほかの市から来たときに出す届けです。"}  # fmt: skip


def shown(**changes: object) -> tuple[list[dict[str, object]], str]:
    citation = {**MESSAGE["citations"][0], "card": "/card/482013?document=g&language=vi"}  # type: ignore[index,dict-item]
    messages = to_line({**MESSAGE, "language": "vi", "citations": [citation], "terms": [TERM] * 5, **changes},
                       load_words(), "https://m.example")  # fmt: skip
    assert faults(messages) == []
    return messages, json.dumps(messages[-1], ensure_ascii=False)


def test_three_official_terms_and_the_way_to_the_counters_card_stand_below_the_sources() -> None:
    _, card = shown()
    assert card.count("転入届（てんにゅうとどけ）") == 3
    assert "tennyuutodoke · thông báo chuyển đến" in card
    assert "https://m.example/card/482013?document=g&language=vi" in card
    assert "ngày 1 tháng 4 năm 2026" in card and "2026-04-01" not in card


def test_readers_of_japanese_get_no_terms() -> None:
    assert "てんにゅうとどけ" not in shown(language="ja")[1]


def test_a_message_from_before_there_were_terms_and_cards_is_still_said() -> None:
    old = {key: value for key, value in MESSAGE.items() if key != "terms"}
    assert faults(to_line({**old, "language": "my"}, load_words(), "https://m.example")) == []
