"""The page without JavaScript: a form, links and buttons do the whole work."""

import pytest
from browser_replies import HOSTILE, TOWN
from browser_steps import Open
from playwright.sync_api import expect

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser


def test_asking_twice_keeps_one_thread_with_citations(site: str, open_page: Open) -> None:
    page = open_page(f"{site}?lang=ja", java_script_enabled=False)
    for question in ("引っ越してきました。何をすればいいですか", "住民票の写しはいくらですか"):
        page.get_by_label("質問", exact=True).fill(question)
        page.get_by_role("button", name="送信").click()
    expect(page.locator(".turn-resident .bubble")).to_have_count(2)
    expect(page.locator(".turn-assistant .citations")).not_to_have_count(0)
    page.locator("a.citation-title").first.click()
    expect(page.locator("mark#quote")).to_be_visible()


def test_the_language_is_changed_by_a_link(site: str, open_page: Open) -> None:
    page = open_page(f"{site}?lang=ja", java_script_enabled=False)
    page.locator(".languages summary").click()
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Send")).to_be_visible()


def test_choices_are_buttons_of_a_form(peer: str, open_page: Open) -> None:
    page = open_page(peer, java_script_enabled=False)
    page.get_by_label("質問", exact=True).fill("choose")
    page.get_by_role("button", name="送信").click()
    page.get_by_role("button", name="印鑑登録証明書").click()
    expect(page.locator(".turn-resident .bubble").last).to_have_text("印鑑登録証明書のこと")


def test_hostile_words_stay_words_in_every_template(peer: str, open_page: Open) -> None:
    page = open_page(peer, java_script_enabled=False)
    page.get_by_label("質問", exact=True).fill("hostile" + HOSTILE)
    page.get_by_role("button", name="送信").click()
    expect(page.locator(".turn-assistant .text")).to_contain_text('<img src=x onerror="window.hit=1">')
    assert page.locator("main img, main script, main [onerror]").count() == 0
    assert page.locator('a[href^="javascript:"]').count() == 0
    page.goto(f"{peer}gone")
    expect(page.locator(".error-detail")).to_contain_text("<b>404</b>")


def test_a_conversation_begun_without_scripts_goes_on_with_them(peer: str, open_page: Open) -> None:
    page = open_page(peer, java_script_enabled=False)
    page.get_by_label("質問", exact=True).fill("引っ越し")
    page.get_by_role("button", name="送信").click()
    with_scripts = open_page("about:blank")
    with_scripts.route(f"{peer}?lang=ja", lambda route: route.fulfill(body=page.content(), content_type="text/html"))
    with_scripts.goto(f"{peer}?lang=ja")
    expect(with_scripts.locator("madoguchi-chat .frame .turn-resident .bubble")).to_have_text("引っ越し")


def test_a_source_page_of_the_town_opens(site: str, open_page: Open) -> None:
    page = open_page(f"{site}sources/{TOWN}/guide%3Amove-in%40ja", java_script_enabled=False)
    expect(page.get_by_role("heading", level=1)).to_contain_text("転入届")
