# ruff: noqa: F811 - fixtures of other files
"""A deadline changes in a guide: from the form to a resident, to the versions and out again; and what goes wrong."""

import re
import time
from pathlib import Path

import pytest
from browser_steps import Open
from curation_people import HANAKO, JIRO, Office, Resident, log_in
from playwright.sync_api import Page, expect
from test_browser_axe import Check, axe, check  # noqa: F401 - fixtures
from test_curation_flow import query

pytest_plugins = ("browser_stage", "curation_stage")
pytestmark = pytest.mark.browser

SPOKEN = {
    "ja": ("転入届の期限はいつまでですか", "引っ越した日から20日以内"),
    "vi": ("Hạn nộp thông báo chuyển đến là khi nào?", "Trong vòng 20 ngày kể từ khi chuyển đến"),
}


def answered(resident: Resident, language: str) -> str:
    return str(resident.ask(SPOKEN[language][0], language)["text"])


def edited(page: Page, guide: str, deadline: str) -> None:
    """The guide's draft with another deadline, as far as the preview."""
    page.goto(re.sub(r"/knowledge.*", f"/knowledge/guide?id={guide}", page.url))
    page.get_by_role("button", name="編集する").click()
    page.get_by_label("期限", exact=True).fill(deadline)
    page.get_by_label("変更の理由").fill("条例の改正")
    page.get_by_role("button", name="保存して住民の見え方を確かめる").click()


@pytest.mark.parametrize("language", SPOKEN)
def test_a_deadline_changes_in_the_answer_and_back(
    office: Office, open_page: Open, check: Check, language: str
) -> None:
    guide, deadline, resident = f"guide:move-in@{language}", SPOKEN[language][1], Resident(office.base)
    before = answered(resident, language)
    assert deadline not in before
    writing = log_in(open_page, office.base, HANAKO, faults_expected=True)
    edited(writing, guide, deadline)
    expect(writing.locator(".preview").last).to_contain_text(deadline)
    assert answered(resident, language) == before, "a draft changes no answer"
    writing.get_by_role("link", name="編集に戻る").click()
    writing.get_by_role("button", name="保存して確認に回す").click()
    writing.get_by_role("button", name="確認して公開する").click()
    expect(writing.get_by_role("alert")).to_contain_text("別の人が確認")
    reviewing = log_in(open_page, office.base, JIRO, f"/knowledge/guide?id={guide}")
    reviewing.get_by_role("link", name="作業中の確認を開く").click()
    expect(reviewing.locator("ins", has_text=deadline)).to_be_visible()
    expect(reviewing.locator("del")).not_to_have_count(0)
    check(reviewing)
    began = time.monotonic()
    reviewing.get_by_role("button", name="確認して公開する").click()
    while deadline not in answered(resident, language):
        assert time.monotonic() - began < 5, "published, but residents still read the old deadline"
    put_back(reviewing, writing, guide)
    assert answered(resident, language) == before
    withdrawn(reviewing, guide, check)
    gone = resident.ask(SPOKEN[language][0], language)
    cited = [str(citation["passage"]) for citation in gone["citations"]]  # type: ignore[attr-defined, index]
    # the plain Japanese version is a text of its own, and may answer when the Japanese one is gone
    assert not any(passage.partition("#")[0] == guide for passage in cited)
    actions = [action for (action,) in query(office.home, "SELECT action FROM curation_log ORDER BY seq")]
    assert actions == ["draft", "save", "save", "submit", "publish", "draft", "save", "submit", "publish", "withdraw"]


def put_back(page: Page, colleague: Page, guide: str) -> None:
    """The version before is compared with the one in force, restored by one person and reviewed by the other."""
    page.get_by_role("link", name="第1版").click()
    expect(page.locator("ins")).not_to_have_count(0)
    page.get_by_role("button", name="この版に戻す下書きを作る").click()
    page.get_by_role("button", name="保存して確認に回す").click()
    colleague.goto(page.url)
    colleague.get_by_role("button", name="確認して公開する").click()
    expect(colleague.get_by_role("status").first).to_contain_text("公開しました")
    page.goto(re.sub(r"/knowledge.*", f"/knowledge/guide?id={guide}", page.url))


def withdrawn(page: Page, guide: str, check: Check) -> None:
    page.get_by_label("理由").fill("制度が変わった")
    page.get_by_role("button", name="今すぐ取り下げる").click()
    expect(page.get_by_role("status").first).to_contain_text("取り下げました")
    check(page)


def test_two_people_save_at_once_and_no_word_is_lost(office: Office, open_page: Open, check: Check) -> None:
    pages = [log_in(open_page, office.base, name, faults_expected=True) for name in (HANAKO, JIRO)]
    for page in pages:
        page.goto(f"{office.base}/knowledge/guide?id=guide:move-in@ja")
        if page.get_by_role("button", name="編集する").count():
            page.get_by_role("button", name="編集する").click()
        else:
            page.get_by_role("link", name="作業中の下書きを開く").click()
    written = [f"{name}が書いた概要です。" for name in (HANAKO, JIRO)]
    for page, words in zip(pages, written, strict=True):
        page.get_by_label("概要").fill(words)
        page.evaluate("setTimeout(() => document.querySelector('button[value=stay]').click(), 500)")
    for page in pages:
        expect(page.locator(".done, .alert").first).to_be_visible(timeout=8_000)
    told = [page.get_by_text("先に保存しました").count() for page in pages]
    assert sorted(told) == [0, 1], "one save went through, the other was refused with both wordings shown"
    late = pages[told.index(1)]
    expect(late.get_by_label("概要")).to_have_value(written[told.index(1)])
    expect(late.locator("del", has_text=written[told.index(0)])).to_be_visible()
    check(late)
    late.get_by_role("button", name="保存する", exact=True).click()
    expect(late.get_by_role("status").first).to_contain_text("保存しました")


def test_a_long_edit_outlives_the_session(office: Office, open_page: Open) -> None:
    page = log_in(open_page, office.base, HANAKO, faults_expected=True)
    page.goto(f"{office.base}/knowledge/guide?id=guide:move-in@ja")
    page.get_by_role("button", name="編集する").click()
    draft = page.url
    page.get_by_label("概要").fill("一時間かけて書いた概要です。")
    page.context.clear_cookies()
    page.get_by_role("button", name="保存する", exact=True).click()
    expect(page.get_by_text("まだ送られていません")).to_be_visible()
    page.get_by_label("名前").fill(HANAKO)
    page.get_by_label("パスワード").fill("asanagi-2026")
    page.get_by_role("button", name="ログイン").click()
    page.get_by_role("button", name="送る").click()
    expect(page.get_by_role("status").first).to_contain_text("保存しました")
    page.goto(draft)
    expect(page.get_by_label("概要")).to_have_value("一時間かけて書いた概要です。")
    assert page.get_by_label(re.compile("^本文 ")).first.input_value(), "and nothing else was lost"


def test_broken_files_are_named_and_the_good_one_is_published(
    office: Office, open_page: Open, check: Check, tmp_path: Path
) -> None:
    asked, resident = "凧揚げ広場はどこですか", Resident(office.base)
    good, broken, empty = (tmp_path / name for name in ("凧.md", "broken.pdf", "empty.csv"))
    good.write_text("# 凧揚げ広場の利用\n\n凧揚げ広場は浜手町にあります。使う日の3日前までに申し込みます。\n", "utf-8")
    broken.write_bytes(b"%PDF-1.7 torn off")
    empty.write_bytes(b"")
    page = log_in(open_page, office.base, HANAKO, "/knowledge/uploads", faults_expected=True)
    page.get_by_label("ファイル").set_input_files([good, broken, empty])
    page.get_by_role("button", name="読み取る").click()
    expect(page.locator(".failed")).to_contain_text("broken.pdf")
    expect(page.locator(".failed")).to_contain_text("empty.csv")
    check(page)
    page.get_by_role("button", name="確認して公開する").click()
    expect(page.get_by_role("alert")).to_contain_text("別の人")
    assert resident.ask(asked)["why"] != "answered"
    other = log_in(open_page, office.base, JIRO, "/knowledge/uploads")
    other.get_by_role("button", name="確認して公開する").click()
    expect(other.get_by_role("status").first).to_contain_text("追加1")
    assert resident.ask(asked)["why"] == "answered"


def test_every_curation_page_fits_a_telephone(office: Office, open_page: Open, check: Check) -> None:
    Resident(office.base).ask("凧揚げ広場はどこですか")
    page = log_in(open_page, office.base, HANAKO, viewport={"width": 390, "height": 844})
    edited(page, "guide:move-in@ja", "20日以内")
    preview, draft = page.url, page.url.removesuffix("/preview")
    paths = ("", "/new", "/uploads", "/gaps", "/switches", "/guide?id=guide:move-in@ja")
    for address in (preview, draft, f"{draft}/review", *(f"{office.base}/knowledge{path}" for path in paths)):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        check(page)
