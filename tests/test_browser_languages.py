"""Every page in every language: its own words only, no key and no empty place; each piece of text has its language."""

from __future__ import annotations

import re

import pytest
from browser_replies import QUESTIONS
from browser_steps import Open, ask
from playwright.sync_api import Page, expect

from assistant.language.interface import interface, own_names, tag
from assistant.model import LANGUAGES

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
# All that is read or read out: [text, lang it stands in, whether it is on the card, which speaks Japanese too].
SPOKEN = """() => {
  const roots = [document, document.querySelector("madoguchi-chat")?.shadowRoot].filter(Boolean);
  const found = [];
  const add = (text, e) => text?.trim() &&
    found.push([text.trim(), e.closest("[lang]")?.lang ?? "", !!e.closest(".counter")]);
  for (const e of roots.flatMap((root) => [...root.querySelectorAll("*")])) {
    if (e.closest("script, style, svg, [data-menu] ul, select, ruby")) continue;
    for (const node of e.childNodes) if (node.nodeType === Node.TEXT_NODE) add(node.data, e);
    for (const name of ["aria-label", "placeholder", "title", "alt"]) add(e.getAttribute(name), e);
  }
  return found;
}"""
KEYS = re.compile("|".join(rf"\b{key}\b" for key in interface("ja") if "_" in key))


def own_words_only(page: Page, language: str) -> None:
    own = set(interface(language).values()) | set(own_names().values())
    foreign = {words: other for other in LANGUAGES for words in interface(other).values() if words not in own}
    japanese = set(interface("ja").values())
    spoken = page.evaluate(SPOKEN)
    assert len(spoken) > 10
    for text, lang, on_card in spoken:
        assert text not in foreign or (on_card and lang == "ja" and text in japanese), (text, foreign[text])
        assert not re.search(r"\{\w*\}|undefined|\bnull\b|\[object|NaN", text), text
        assert not KEYS.search(text), text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chat_and_its_card_speak_one_language(peer: str, open_page: Open, language: str) -> None:
    page = open_page(f"{peer}?lang={language}")
    own_words_only(page, language)
    for text in ("staff", "fire", "引っ越し"):
        ask(page, text)
    page.locator("madoguchi-chat .feedback button").nth(1).click()
    page.locator("madoguchi-chat .show-card").click()
    page.locator("madoguchi-chat dialog .counter").wait_for()
    own_words_only(page, language)
    expect(page.locator("html")).to_have_attribute("lang", tag(language))
    said = page.locator("madoguchi-chat .counter-say").inner_text()
    assert "転" in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_without_javascript_speak_one_language(peer: str, open_page: Open, language: str) -> None:
    page = open_page(f"{peer}?lang={language}", java_script_enabled=False)
    page.locator("#text").fill("staff")
    page.locator(".composer-send").click()
    own_words_only(page, language)
    page.locator("#text").fill("引っ越し")
    page.locator(".composer-send").click()
    own_words_only(page, language)
    for path in (f"card/482013?language={language}", f"sources/482013/x?lang={language}", f"gone?lang={language}"):
        page.goto(f"{peer}{path}")
        own_words_only(page, language)


def test_the_real_town_answers_in_every_language(site: str, open_page: Open) -> None:
    for language in LANGUAGES:
        page = open_page(f"{site}?lang={language}")
        ask(page, QUESTIONS[language][0])
        own_words_only(page, language)


def test_a_languages_list_names_all_in_their_own_words(site: str, open_page: Open) -> None:
    page = open_page(f"{site}?lang=ja")
    links = page.locator(".languages a")
    assert [link.text_content() for link in links.all()] == list(own_names().values())
    assert [link.get_attribute("lang") for link in links.all()] == [tag(language) for language in LANGUAGES]


def test_han_characters_have_the_glyphs_of_their_language(peer: str, open_page: Open) -> None:
    fonts = "e => getComputedStyle(e).fontFamily.split(',')[0]"
    for language, family in (("zh-Hans", "SC"), ("zh-Hant", "TC"), ("ko", "KR"), ("ja", "JP")):
        page = open_page(f"{peer}?lang={language}")
        answer = ask(page, "引っ越し")
        assert answer.locator(".text").evaluate(fonts) == f'"Noto Sans {family}"'
        for japanese in (".citation-title", "blockquote", *([".terms dt"] if language != "ja" else [])):
            assert answer.locator(japanese).first.evaluate(fonts) == '"Noto Sans JP"'


def test_japanese_inside_an_answer_is_marked(site: str, open_page: Open) -> None:
    for language, scripts in (("en", True), ("zh-Hant", True), ("vi", False)):
        page = open_page(f"{site}?lang={language}", java_script_enabled=scripts)
        if scripts:
            inside = ask(page, QUESTIONS[language][0]).locator(".text :lang(ja)")
        else:
            page.locator("#text").fill(QUESTIONS[language][0])
            page.locator(".composer-send").click()
            inside = page.locator(".turn-assistant").last.locator(":lang(ja)")
        assert inside.count() > 0
        assert re.search("[ぁ-ん一-龥]", inside.first.inner_text())
