"""What the chat does when things go wrong: stop, busy, broken, offline, expired; nothing that was written is lost."""

import pytest
from browser_peer import Script
from browser_steps import Open, ask
from playwright.sync_api import expect

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser


def test_stopping_keeps_what_was_said_so_far(peer: str, open_page: Open) -> None:
    page = open_page(peer)
    page.locator("madoguchi-chat .frame textarea").fill("slow")
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".draft .text")).to_contain_text("転入届")
    page.get_by_role("button", name="回答を止める").click()
    stopped = page.locator("article.turn-assistant")
    expect(stopped).to_contain_text("ここで回答を止めました")
    expect(stopped.locator(".text")).to_contain_text("転入届")
    assert len(stopped.locator(".text").inner_text()) < 60
    expect(page.get_by_role("button", name="送信")).to_be_visible()
    expect(ask(page, "引っ越し").locator(".citations")).to_be_visible()


def test_a_failed_question_is_sent_again_with_the_same_id(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(peer, faults_expected=True)
    script.broken = 1
    page.locator("madoguchi-chat .frame textarea").fill("引っ越し")
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".failure")).to_contain_text("回答を用意できませんでした")
    page.get_by_role("button", name="もう一度送る").click()
    expect(page.locator(".citations")).to_be_visible()
    expect(page.locator(".failure")).to_have_count(0)
    expect(page.locator(".turn-resident")).to_have_count(1)
    assert len(script.asked) == 2 and script.asked[0]["id"] == script.asked[1]["id"]


def test_a_busy_server_says_how_long_to_wait(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(peer, faults_expected=True)
    script.broken, script.status = 1, 429
    page.locator("madoguchi-chat .frame textarea").fill("引っ越し")
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".failure")).to_contain_text("7秒")


def test_offline_is_said_and_the_words_can_be_edited(peer: str, open_page: Open) -> None:
    page = open_page(peer, faults_expected=True)
    page.locator("madoguchi-chat .frame").wait_for()
    page.context.set_offline(True)
    expect(page.locator(".offline")).to_be_visible()
    page.locator("madoguchi-chat .frame textarea").fill("引っ越しのこと")
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".failure")).to_contain_text("送信できませんでした")
    page.get_by_role("button", name="書き直す").click()
    expect(page.locator("madoguchi-chat .frame textarea")).to_have_value("引っ越しのこと")
    expect(page.locator(".turn")).to_have_count(0)
    page.context.set_offline(False)
    expect(page.locator(".offline")).to_be_hidden()
    expect(ask(page, "引っ越し").locator(".citations")).to_be_visible()


def test_an_expired_conversation_is_renewed_without_asking(peer: str, script: Script, open_page: Open) -> None:
    page = open_page(peer, faults_expected=True)
    ask(page, "引っ越し")
    script.threads.clear()
    expect(ask(page, "引っ越しのあと").locator(".citations")).to_be_visible()
    expect(page.locator(".notice")).to_contain_text("新しい会話を始めました")
    script.threads.clear()
    page.reload()
    expect(page.locator(".notice")).to_contain_text("新しい会話を始めました")
    expect(page.locator(".turn")).to_have_count(0)


def test_an_answer_does_not_take_the_readers_place(peer: str, open_page: Open) -> None:
    page = open_page(peer, viewport={"width": 768, "height": 600})
    ask(page, "long")
    page.locator("madoguchi-chat .frame textarea").fill("slow")
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".draft .text")).to_contain_text("転入届")
    page.evaluate("scrollTo(0, 100)")
    expect(page.locator("article.turn-assistant")).to_have_count(2, timeout=20_000)
    assert page.evaluate("scrollY") == 100
    page.get_by_role("button", name="新しい回答を見る").click()
    assert page.evaluate("scrollY") > 100


def test_without_the_server_the_form_stays(peer: str, open_page: Open) -> None:
    page = open_page("about:blank", faults_expected=True)
    page.route("**/api/**", lambda route: route.abort())
    page.goto(peer)
    page.wait_for_timeout(500)
    expect(page.locator("form.composer textarea#text")).to_be_visible()
