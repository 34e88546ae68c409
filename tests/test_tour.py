"""README's ten-minute tour is walked as it is written, through one real `madoguchi demo` and a real browser."""

from __future__ import annotations

import re
import shutil
import socket
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from browser_steps import ask
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page
from test_browser_axe import Check, axe, check  # noqa: F401 - fixtures
from tour_stage import Acting, Step, Walk, actions, ended, start, tour
from tour_stage import check as finish

from assistant.bootstrap import build
from assistant.commands.demo_peers import demo_line
from assistant.commands.demo_voice import demo_voice
from assistant.model import LANGUAGES
from assistant.settings import Settings
from assistant.web.app import create_app
from assistant.web.hall import Ear, Hall, hall_words, open_hall
from tests.conftest import settings_for

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
STEPS = tour(README)


def free_port() -> int:
    """A port whose neighbour is free as well: the LINE stand-in's page takes that."""
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@pytest.fixture(scope="module")
def walk(demo_home: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    for name in ("av", "faster_whisper", "pyopenjtalk"):
        pytest.importorskip(name, reason="the extra `voice` is not installed")
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(demo_home, folder / "home")
    demo, printed = start(folder, free_port())
    walking = Walk(demo=demo, printed=printed, folder=folder, browser=chromium)
    try:
        yield walking
    finally:
        walking.end()
        demo.terminate()
        demo.wait(20)


def test_the_tour_has_its_steps() -> None:
    assert [step.title.partition(".")[0] for step in STEPS] == [str(n) for n in range(1, 11)]
    told = " ".join(part.text for step in STEPS for part in step.parts)
    for door in (
        "/demo",
        "/?lang=ja",
        "/desk",
        "/knowledge",
        "127.0.0.1:8001",
        "voice.caller",
        "audit verify",
        "/readyz",
    ):
        assert door in told


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.title)
def test_each_step_goes_as_it_is_written(walk: Walk, step: Step) -> None:
    walk.perform(step)


def test_the_call_was_answered(walk: Walk) -> None:
    (line, process), *others = walk.beside
    assert "voice.caller" in line and not others
    seconds = re.search(r"heard ([\d.]+) s", finish(line, "", process, seconds=90))
    assert seconds and float(seconds[1]) > 10, "greeting and answer"
    with closing(sqlite3.connect(walk.folder / "home" / "madoguchi.db")) as store:
        assert store.execute("SELECT text FROM turns WHERE channel = 'phone'").fetchall() == [
            ("住民票の写しはいくらですか",)
        ]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_hall_is_accessible_and_fits(walk: Walk, check: Check, width: int, language: str) -> None:  # noqa: F811
    context = walk.browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(f"{walk.base}/demo?lang={language}")
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".door").count() == 9
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_telephone_is_accessible_and_fits(walk: Walk, check: Check, width: int) -> None:  # noqa: F811
    context = walk.browser.new_context(viewport={"width": width, "height": 844})
    page = context.new_page()
    page.goto(walk.real("http://127.0.0.1:8001/"))
    page.get_by_label("電話の言語").select_option("vi")
    page.get_by_role("button", name="Kết bạn").click()
    page.get_by_text("Xin chào").wait_for()
    page.get_by_label("Tin nhắn").fill("Bản sao phiếu cư trú giá bao nhiêu?")
    page.keyboard.press("Enter")
    page.get_by_text("300 yên").first.wait_for()
    link = str(page.locator(".flex a").first.get_attribute("href"))
    assert link.startswith(f"{walk.base}/") and "quote" in link, "cards lead to the quoted place on this server"
    check(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.reload()
    page.get_by_text("300 yên").first.wait_for()
    assert page.locator(".line-mine").count() == 1, "own words and answers are still there"
    context.close()


def test_a_question_of_the_hall_is_asked_in_its_language_and_goes_on(walk: Walk) -> None:
    page = visit(walk, "/demo?lang=en")
    page.get_by_role("button", name="Vứt ti vi như thế nào?").click()
    page.locator("madoguchi-chat .frame article.turn-assistant").wait_for()
    assert "lang=vi" in page.url
    assert ask(page, "Bản sao phiếu cư trú giá bao nhiêu?").get_by_text("300 yên").count() > 0


def test_a_password_can_be_copied(walk: Walk) -> None:
    page = visit(walk, "/demo", permissions=["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name=re.compile(r"^コピー\s*: demo-clerk$")).click()
    assert page.evaluate("navigator.clipboard.readText()") == walk.found(r"^  clerk +demo-clerk +(\S+)$")


def test_the_chat_page_leads_to_the_hall(walk: Walk) -> None:
    page = visit(walk, "/?lang=en")
    page.get_by_role("link", name="Demo guide").click()
    page.get_by_role("heading", name="Where everything is").wait_for()


def test_the_telephone_takes_nothing_from_other_sites(walk: Walk) -> None:
    page = walk.real("http://127.0.0.1:8001")
    sent = urllib.request.Request(f"{page}/say", data=b'{"user": "U' + b"0" * 32 + b'", "kind": "sticker"}',
                                  headers={"Content-Type": "text/plain"})  # fmt: skip
    with pytest.raises(urllib.error.HTTPError, match="400"):
        urllib.request.urlopen(sent, timeout=10)


def test_when_the_demo_is_killed_so_are_its_stand_ins(walk: Walk) -> None:
    """The last test of this file: it ends the demo."""
    children = subprocess.run(["pgrep", "-P", str(walk.demo.pid)], capture_output=True, text=True, check=True)
    pids = [int(pid) for pid in children.stdout.split()]
    assert len(pids) == 2, "a back office and a LINE platform"
    walk.demo.kill()
    walk.demo.wait(10)
    assert [pid for pid in pids if not ended(pid)] == []


def test_serve_has_no_hall_and_does_not_speak_of_one(client: TestClient) -> None:
    assert client.get("/demo").status_code == 404
    assert "/demo" not in client.get("/?lang=en").text


def test_the_halls_words_are_whole_in_each_language() -> None:
    words = hall_words()
    assert words["ja"].keys() == words["en"].keys()
    assert all(text.strip() for told in words.values() for text in told.values())
    assert set(words) <= set(LANGUAGES)


def test_what_is_configured_is_kept() -> None:
    own = Settings.model_validate({"whisper": "small", "audiosocket_port": 4573})
    assert demo_voice(own) == (own, Ear.OWN)


def test_with_a_real_line_channel_no_stand_in_runs() -> None:
    real = Settings.model_validate({"line_channel_secret": "s", "line_access_token": "t"})
    with demo_line(real, "http://127.0.0.1:9/hook", "朝凪市", 0) as (settings, page):
        assert (settings, page) == (real, "")


def test_without_the_extra_the_demo_is_silent_and_the_hall_says_what_to_install(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.commands.demo_voice.find_spec", lambda name: None)
    silent, ear = demo_voice(Settings())
    assert (silent.whisper, silent.audiosocket_port, ear) == ("", 0, Ear.NONE)
    system = build(settings_for(home))
    app = create_app(system)
    open_hall(app, Hall(logins=(), line_page="", calls="", ear=ear, other_voices=False, office=False))
    page = TestClient(app).get("/demo?lang=en").text
    system.close()
    assert ".[voice]" in page and "A real LINE channel is configured" in page and "no demo accounts" in page
    assert "SH-100234" not in page, "these numbers are known to the stand-in only"


def test_an_instruction_that_nothing_carries_out_is_noticed() -> None:
    assert actions(Acting(who="Clerk", text="open `/desk`, write `a` into `b`, see `c`.")) == [
        {"open": "/desk"}, {"write": "a", "into": "b"}, {"see": "c"},
    ]  # fmt: skip
    with pytest.raises(AssertionError, match="not all"):
        actions(Acting(who="Clerk", text="open `/desk` and admire `c`."))


def visit(walk: Walk, path: str, **options: object) -> Page:
    """A page in a profile of its own, which is closed with the tour."""
    context = walk.browser.new_context(locale="ja-JP", **options)  # type: ignore[arg-type]
    context.set_default_timeout(30_000)
    page = context.new_page()
    walk.pages[f"visit {path}"] = (context, page)
    page.goto(walk.base + path)
    return page
