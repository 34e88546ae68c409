"""A resident asks in a real browser: cited answers, reload, languages, choices, feedback, deletion."""

import re

import pytest
from browser_peer import Script
from browser_steps import Open, ask
from playwright.sync_api import expect

from assistant.language.interface import tag
from assistant.model import LANGUAGES

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
QUESTION = "引っ越してきました。何をすればいいですか"


def test_an_answer_cites_its_source_and_the_source_shows_the_quote(site: str, open_page: Open) -> None:
    page = open_page(f"{site}?lang=ja")
    answer = ask(page, QUESTION)
    expect(answer.locator(".citations li").first).to_contain_text("転入")
    quote = answer.locator("blockquote").first.inner_text()
    with page.expect_popup() as opened:
        answer.locator("a.citation-title").first.click()
    source = opened.value
    expect(source.locator("mark#quote")).to_contain_text(quote.strip()[:20])
    assert source.evaluate("() => document.querySelector('mark').getBoundingClientRect().top < innerHeight")


def test_a_chip_leads_to_its_entry_in_the_list(peer: str, open_page: Open) -> None:
    answer = ask(open_page(peer), QUESTION)
    answer.get_by_role("button", name="出典2").click()
    expect(answer.locator(".citations li:focus")).to_contain_text("住民基本台帳法")
    expect(answer.locator(".citation-meta").nth(1)).to_have_text("第四章 › 第二十二条国2026年1月5日時点")
    expect(answer.locator(".citation-refers")).to_have_text("前条第一項＝第21条の4第1項")


def test_readings_of_plain_japanese_stand_over_their_kanji(peer: str, open_page: Open) -> None:
    answer = ask(open_page(f"{peer}?lang=ja-x-easy"), "read")
    over = answer.locator(".text-tight ruby").evaluate_all(
        "(all) => all.map((e) => [e.firstChild.data, e.querySelector('rt').textContent])"
    )
    assert over == [["市外", "しがい"], ["引", "ひ"], ["越", "こ"], ["14日", "じゅうよっか"], ["以内", "いない"]]
    expect(answer.locator(".text-tight li")).to_contain_text("（14日まで）")
    expect(answer.locator(".text-tight p")).to_contain_text("国（など）")


def test_spaces_between_words_come_on_request_and_stay(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=ja-x-easy")
    answer = ask(page, "read")
    tight, spaced = answer.locator(".text-tight"), answer.locator(".text-spaced")
    expect(tight).to_be_visible()
    expect(spaced).to_be_hidden()
    button = page.locator("madoguchi-chat .tool-spaces")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(spaced).to_be_visible()
    expect(tight).to_be_hidden()
    page.reload()
    expect(page.locator("madoguchi-chat .text-spaced")).to_be_visible()
    page.locator("madoguchi-chat .tool-spaces").click()
    expect(page.locator("madoguchi-chat .text-tight")).to_be_visible()


def test_only_plain_japanese_offers_spaces(peer: str, open_page: Open) -> None:
    page = open_page(f"{peer}?lang=vi")
    ask(page, "read")
    expect(page.locator("madoguchi-chat .tool-spaces")).to_be_hidden()


def test_after_a_reload_the_conversation_goes_on(site: str, open_page: Open) -> None:
    page = open_page(f"{site}?lang=ja")
    words = ask(page, QUESTION).locator(".text").inner_text()
    page.reload()
    expect(page.locator(".turn-resident .bubble")).to_have_text(QUESTION)
    assert page.locator("article.turn-assistant .text").inner_text() == words
    expect(page.locator(".citations")).to_be_visible()


def test_the_language_can_be_changed_in_mid_conversation(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(peer)
    ask(page, QUESTION)
    page.locator(".languages summary").click()
    page.get_by_role("link", name="Tiếng Việt").click()
    expect(page.locator("madoguchi-chat .frame textarea")).to_have_attribute("placeholder", "Nhập câu hỏi của bạn")
    assert page.evaluate("document.documentElement.lang") == "vi"
    assert page.title() == "Quầy hỏi đáp trực tuyến | Thành phố Asanagi"
    expect(page.locator(".turn-resident .bubble")).to_have_text(QUESTION)  # what was said stays
    answer = ask(page, "chuyển đến")
    expect(answer.locator(".text")).to_have_attribute("lang", "vi")
    expect(answer.locator(".terms ruby").first).to_have_text(re.compile("転入届.*てんにゅうとどけ"))
    assert [body.get("page") for body in script.asked] == [None, "vi"]
    page.reload()
    expect(page.locator(".brand-title")).to_have_text("Quầy hỏi đáp trực tuyến")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_reaches_page_and_chat(site: str, open_page: Open, language: str) -> None:
    page = open_page(f"{site}?lang={language}")
    expect(page.locator("madoguchi-chat .frame")).to_have_attribute("lang", tag(language))
    assert page.evaluate("document.documentElement.lang") == tag(language)
    assert page.evaluate("document.documentElement.dataset.language") == language
    shown = page.locator("body").inner_text() + page.locator("madoguchi-chat .frame").inner_text()
    assert "{" not in shown and "undefined" not in shown


def test_a_choice_sends_its_text_and_goes_away(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(peer)
    ask(page, "choose").get_by_role("button", name="住民票の写し").click()
    expect(page.locator("article.turn-assistant")).to_have_count(2)
    assert script.asked[-1]["text"] == "住民票の写しのこと"
    expect(page.locator(".turn-resident .bubble").last).to_have_text("住民票の写し")
    expect(page.locator(".choices")).to_have_count(0)


def test_feedback_is_sent_with_its_reason(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(peer)
    answer = ask(page, QUESTION)
    answer.get_by_role("button", name="いいえ").click()
    answer.get_by_role("button", name="情報が古い").click()
    expect(page.locator("[role=status]").filter(has_text="ありがとうございました")).to_have_count(1)
    id_ = next(iter(script.answered.values()))["id"]
    bad = {"message": id_, "helpful": False}
    assert script.feedback == [bad, {**bad, "reason": "outdated"}]
    expect(answer.get_by_role("button", name="いいえ")).to_have_attribute("aria-pressed", "true")


def test_the_real_server_takes_feedback(site: str, open_page: Open) -> None:
    page = open_page(f"{site}?lang=ja")
    answer = ask(page, QUESTION)
    with page.expect_response(lambda reply: reply.url.endswith("/feedback")) as reply:
        answer.get_by_role("button", name="はい").click()
    assert reply.value.status == 204


def test_a_copied_answer_carries_its_sources(peer: str, open_page: Open) -> None:
    page = open_page(peer, permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION).get_by_role("button", name="コピー").click()
    expect(page.locator("[role=status]").filter(has_text="コピーしました")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("転入届を")
    assert "[2] 住民基本台帳法 › 第四章 › 第二十二条 (2026年1月5日時点)\n    「転入をした者は" in copied
    assert copied.endswith("https://laws.e-gov.go.jp/law/342AC0000000081")


def test_staff_and_emergency_cards_can_be_called(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    card = ask(page, "staff").locator(".card-handoff")
    expect(card).to_contain_text("A-2048")
    expect(card).to_contain_text("2026年11月24日（火曜日） 8時30分")  # 23:30 UTC, shown in the town's time
    expect(card.get_by_role("link", name="000-482-1111")).to_have_attribute("href", "tel:0004821111")
    fire = ask(page, "fire")
    assert [a.get_attribute("href") for a in fire.locator(".card-emergency a").all()] == ["tel:119", "tel:110"]
    assert [a.get_attribute("href") for a in fire.locator(".text a").all()] == ["tel:119", "tel:110", "tel:%237119"]


@pytest.mark.parametrize("confirmed", [True, False])
def test_deleting_asks_first_and_leaves_nothing(site: str, open_page: Open, confirmed: bool) -> None:
    page = open_page(f"{site}?lang=ja")
    ask(page, QUESTION)
    page.get_by_role("button", name="会話を消す").click()
    question = page.get_by_role("alertdialog")
    expect(question.get_by_role("button", name="やめる")).to_be_focused()
    question.get_by_role("button", name="消す" if confirmed else "やめる", exact=True).click()
    expect(page.locator(".turn")).to_have_count(0 if confirmed else 2)
    page.reload()
    page.locator("madoguchi-chat [data-resumed]").wait_for()
    expect(page.locator(".turn")).to_have_count(0 if confirmed else 2)
