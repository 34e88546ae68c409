"""Curation in a real browser: from the form to a resident's answer within five seconds; axe on every page."""

import time

import pytest
from browser_steps import Open
from curation_people import HANAKO, JIRO, Office, Resident, log_in
from playwright.sync_api import Page, expect
from test_browser_axe import Check, axe, check  # noqa: F401 - fixtures

pytest_plugins = ("browser_stage", "curation_stage")
pytestmark = pytest.mark.browser

SPOKEN = {
    "ja": {
        "title": "凧揚げ広場の利用", "questions": "凧揚げ広場はどこですか",
        "summary": "凧を揚げる広場を使う手続きです。",
        "where": "浜手町の凧揚げ広場", "heading": "申し込み", "text": "使う日の3日前までに申し込みます。",
    },
    "vi": {
        "title": "Sử dụng quảng trường thả diều", "questions": "Quảng trường thả diều ở đâu?",
        "summary": "Thủ tục sử dụng quảng trường để thả diều.", "where": "Quảng trường thả diều Hamatecho",
        "heading": "Đăng ký", "text": "Hãy đăng ký trước ngày sử dụng 3 ngày.",
    },
}  # fmt: skip


def begin(page: Page, base: str, language: str) -> None:
    """A new guide's form, filled and saved."""
    words = SPOKEN[language]
    page.get_by_role("link", name="新しい案内").click()
    page.get_by_label("題名").fill(words["title"])
    page.get_by_label("案内ID").fill("kite-plaza")
    page.get_by_label("言語").select_option(language)
    page.get_by_label("よくある聞き方").fill(words["questions"])
    page.get_by_role("button", name="下書きを作る").click()
    page.get_by_label("分野").fill("park")
    for name, label in (("summary", "概要"), ("where", "窓口")):
        page.get_by_label(label).fill(words[name])
    page.get_by_label("見直し期限").fill("2027-03-31")
    page.get_by_label("見出し 1").fill(words["heading"])
    page.get_by_label("本文 1").fill(words["text"])
    page.get_by_role("button", name="見出しを増やす").click()
    page.get_by_label("見出し 2").fill("2")
    page.get_by_label("本文 2").fill(words["text"])


@pytest.mark.parametrize("language", ["ja", "vi"])
def test_from_the_form_to_a_residents_answer(office: Office, open_page: Open, check: Check, language: str) -> None:  # noqa: F811
    words, resident = SPOKEN[language], Resident(office.base)
    assert resident.ask(words["questions"], language)["why"] != "answered"
    writing = log_in(open_page, office.base, HANAKO, faults_expected=True)
    begin(writing, office.base, language)
    writing.get_by_role("button", name="保存して住民の見え方を確かめる").click()
    expect(writing.locator(".preview .citations").first).to_contain_text(words["where"])
    check(writing)
    writing.get_by_role("link", name="編集に戻る").click()
    writing.get_by_role("button", name="保存して確認に回す").click()
    writing.get_by_role("button", name="確認して公開する").click()
    expect(writing.get_by_role("alert")).to_contain_text("別の人が確認")
    assert resident.ask(words["questions"], language)["why"] != "answered"

    reviewing = log_in(open_page, office.base, JIRO, "/knowledge?show=in_review")
    reviewing.get_by_role("link", name=words["title"]).click()
    reviewing.get_by_role("link", name="作業中の確認を開く").click()
    expect(reviewing.locator("ins").filter(has_text=words["where"])).to_be_visible()
    check(reviewing)
    began = time.monotonic()
    reviewing.get_by_role("button", name="確認して公開する").click()
    while (message := resident.ask(words["questions"], language))["why"] != "answered":
        assert time.monotonic() - began < 5, message["why"]
    assert words["where"] in str(message["text"]) and message["language"] == language and message["citations"]
    expect(reviewing.get_by_role("status").first).to_contain_text("公開しました")


def test_faults_are_named_at_their_fields_and_nothing_is_lost(office: Office, open_page: Open, check: Check) -> None:  # noqa: F811
    page = log_in(open_page, office.base, HANAKO, faults_expected=True)
    begin(page, office.base, "ja")
    page.get_by_label("電話").fill("call me")
    page.get_by_label("概要").fill("")
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("直すところが2か所あります")
    expect(page.get_by_label("電話")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("電話")).to_have_value("call me")
    expect(page.get_by_label("本文 2")).to_have_value(SPOKEN["ja"]["text"])
    check(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_on_every_page(office: Office, open_page: Open, check: Check, scheme: str) -> None:  # noqa: F811
    Resident(office.base).ask("凧揚げ広場はどこですか")
    page = log_in(open_page, office.base, HANAKO, color_scheme=scheme)
    for path in ("", "?show=due", "/new", "/uploads", "/gaps", "/switches", "/guide?id=guide:move-in@ja"):
        page.goto(f"{office.base}/knowledge{path}")
        check(page)
    page.get_by_role("button", name="編集する").click()
    check(page)
    page.set_viewport_size({"width": 360, "height": 740})
    check(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "no sideways scrolling on a telephone"


def test_a_switch_in_the_browser_silences_the_guide(office: Office, open_page: Open) -> None:
    resident = Resident(office.base)
    page = log_in(open_page, office.base, HANAKO, "/knowledge/switches")
    page.get_by_label("止めるもの").select_option("guide:guide:move-in")
    page.get_by_label("理由").fill("期限がまちがっている")
    page.get_by_role("button", name="今すぐ止める").click()
    expect(page.get_by_role("status")).to_contain_text("止めました")
    assert resident.ask("転入届の期限はいつまでですか")["why"] == "switched_off"
    page.get_by_role("button", name="再開する").click()
    assert resident.ask("転入届の期限はいつまでですか")["why"] == "answered"
