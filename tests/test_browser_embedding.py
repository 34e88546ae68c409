"""The one-line embed on another origin under a strict policy, and hostile words in the panel."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser_peer import serving
from browser_replies import HOSTILE
from browser_steps import Open, ask, start_panel
from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page, expect

from assistant.language.plain.ruby import Span
from assistant.language.plain.shown import shown

pytest_plugins = ("browser_stage",)
pytestmark = pytest.mark.browser
BROKEN = "window.broken = []; addEventListener('securitypolicyviolation', e => broken.push(e.blockedURI))"
PIECES = ["<b>", "&amp;", "https://a.example/x", "javascript:x", "000-482-1111", "#7119", "119", "\n", "・", "[1]",
          "[2]", "1. ", " ", "転入届", "（", "。", "（てんにゅうとどけ）", "（てんにゅうとどけ＝紙）"]  # fmt: skip


@contextmanager
def hosting(ours: str) -> Iterator[str]:
    """A site of another origin that embeds the chat; its policy names our origin and nothing else."""
    app = FastAPI(openapi_url=None)
    policy = (f"default-src 'none'; script-src {ours.rstrip('/')}; connect-src {ours.rstrip('/')}; base-uri 'none'; "
              "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'")  # fmt: skip

    @app.get("/", response_class=HTMLResponse)
    def page(lang: str = "ja") -> HTMLResponse:
        embed = f'<script async src="{ours}widget.js" data-town="482013" data-lang="{lang}"></script>'
        body = f'<!doctype html><html lang="ja"><title>町</title><h1>町のページ</h1>{embed}'
        return HTMLResponse(body, headers={"Content-Security-Policy": policy})

    with serving(app) as address:
        yield address


@pytest.fixture
def host(peer: str) -> Iterator[str]:
    """The site that embeds the stand-in."""
    with hosting(peer) as address:
        yield address


def test_the_real_server_lets_another_origin_embed_it(site: str, open_page: Open) -> None:
    with hosting(site) as address:
        page = open_page(address)
        start_panel(page)
        answer = ask(page, "引っ越してきました。何をすればいいですか")
        expect(answer.locator(".citations li").first).to_be_visible()
        href = answer.locator("a.citation-title").first.get_attribute("href")
        assert str(href).startswith(site)


def test_the_panel_works_under_a_strict_policy(host: str, peer: str, open_page: Open) -> None:
    page = open_page("about:blank")
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))
    page.add_init_script(BROKEN)
    page.goto(f"{host}?lang=en")
    panel = start_panel(page)
    expect(panel).to_have_css("position", "fixed")  # the style sheets arrived
    expect(ask(page, "moving").locator(".citations")).to_be_visible()
    assert page.evaluate("window.broken") == []
    assert [url for url in outside if not url.startswith((host, peer))] == []
    assert page.locator("madoguchi-chat").evaluate("e => getComputedStyle(e).position") == "static"


def test_the_panel_remembers_the_conversation_on_the_next_page(host: str, open_page: Open) -> None:
    page = open_page(host)
    start_panel(page)
    ask(page, "引っ越し")
    page.goto(f"{host}?lang=ja&next=1")
    start_panel(page)
    expect(page.locator(".turn-resident .bubble")).to_have_text("引っ越し")


def test_the_language_list_of_the_panel(host: str, open_page: Open) -> None:
    page = open_page(f"{host}?lang=en")
    start_panel(page)
    page.get_by_label("Language").focus()
    page.get_by_label("Language").select_option("pt-BR")
    expect(page.get_by_role("heading", name="Balcão de Atendimento On-line")).to_be_visible()
    expect(page.get_by_label("Idioma")).to_be_focused()


def test_the_embedding_site_changes_nothing_in_the_panel(host: str, open_page: Open) -> None:
    page = open_page(host)
    page.locator("madoguchi-chat .launcher").wait_for()
    launcher = page.locator("madoguchi-chat .launcher")
    expect(launcher).to_have_css("font-size", "16px")
    page.evaluate("""() => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync("html { font-size: 62.5%; color: red; text-transform: uppercase } * { letter-spacing: 9px }");
      document.adoptedStyleSheets = [sheet];
    }""")
    expect(launcher).to_have_css("font-size", "16px")
    style = "e => [getComputedStyle(e).letterSpacing, getComputedStyle(e).textTransform].join()"
    assert launcher.evaluate(style) == "normal,none"


def test_hostile_words_stay_words(host: str, open_page: Open) -> None:
    page = open_page(host)
    panel = start_panel(page)
    answer = ask(page, "hostile " + HOSTILE)
    expect(answer.locator(".text")).to_contain_text('<img src=x onerror="window.hit=1">')
    expect(answer.locator(".text")).to_contain_text("[9]")  # no such citation: no chip
    assert panel.locator("img, script, iframe, [onerror], [style]:not(textarea)").count() == 0
    links = [link.get_attribute("href") or "" for link in panel.locator("a").all()]
    assert links == ["https://example.jp/?q="]
    assert page.evaluate("window.hit") is None


@pytest.fixture
def module_page(peer: str, open_page: Open) -> Page:
    """A page that can import the chat's modules alone."""
    return open_page(f"{peer}gone", faults_expected=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4),
    size=st.integers(1, 9),
    newline=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_events_are_read_the_same_however_they_are_cut(
    module_page: Page, texts: list[str], size: int, newline: str
) -> None:
    read = """async ([texts, size, newline]) => {
      const { readEvents } = await import("/static/widget/events.js");
      const lines = (text) => [": ping", "event: delta", "data: " + JSON.stringify({ text }), "", ""];
      const wire = texts.map((text) => lines(text).join(newline));
      const bytes = new TextEncoder().encode(wire.join(""));
      const body = new ReadableStream({ start(to) {
        for (let at = 0; at < bytes.length; at += size) to.enqueue(bytes.slice(at, at + size));
        to.close();
      } });
      const heard = [];
      for await (const { type, data } of readEvents(body)) heard.push(type + data.text);
      return heard;
    }"""
    assert module_page.evaluate(read, [texts, size, newline]) == ["delta" + text for text in texts]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.lists(
        st.sampled_from(PIECES) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8),
        max_size=12,
    ).map("".join),
    urgent=st.booleans(),
)
def test_no_word_of_an_answer_is_lost_and_no_markup_arises(module_page: Page, text: str, urgent: bool) -> None:
    draw = """async ([text, urgent]) => {
      const { renderText } = await import("/static/widget/text.js");
      const box = document.createElement("div");
      box.append(...renderText(text, { urgent, marks: new Set([1]) }));
      const links = [...box.querySelectorAll("a")].map((a) => a.href);
      return [box.textContent, [...new Set([...box.querySelectorAll("*")].map((e) => e.localName))], links];
    }"""
    shown, tags, links = module_page.evaluate(draw, [text, urgent])
    assert set(tags) <= {"p", "br", "ul", "ol", "li", "a", "button", "ruby", "rt", "rp"}
    assert all(link.startswith(("https://", "http://", "tel:")) for link in links)
    # Bullets and numbers of lists are drawn by the browser; every other letter must be there.
    drawn = set("-*・•●.．)[]0123456789（）＝")
    assert Counter(set_aside(text, drawn)) == Counter(set_aside(shown, drawn))


def test_page_and_chat_read_the_same_words(module_page: Page) -> None:
    guides = Path(__file__).parents[1] / "knowledge" / "demo_city" / "guides" / "ja-x-easy"
    lines = [
        line for file in sorted(guides.glob("*.md")) for line in file.read_text("utf-8").splitlines() if "（" in line
    ]
    draw = """async (lines) => {
      const { withRuby } = await import("/static/widget/ruby.js");
      const span = (part) => typeof part === "string" ? [part, null]
        : [part.firstChild.data, part.querySelector("rt").textContent];
      const joined = (parts) => parts.reduce((all, [text, read]) => {
        const last = all.at(-1);
        if (!read && last && !last[1]) last[0] += text; else if (text) all.push([text, read]);
        return all;
      }, []);
      return lines.map((line) => joined(withRuby(line).map(span)));
    }"""
    ours = [_joined(shown(line)) for line in lines]
    assert len(lines) > 500
    assert module_page.evaluate(draw, lines) == ours
    assert sum(reading is not None for line in ours for _, reading in line) > 2000


def _joined(spans: Sequence[Span]) -> list[list[str | None]]:
    """Spans as [text, reading], neighbours without readings in one."""
    found: list[list[str | None]] = []
    for span in spans:
        if found and span.reading is None and found[-1][1] is None:
            found[-1][0] = f"{found[-1][0]}{span.text}"
        else:
            found.append([span.text, span.reading])
    return found


def set_aside(text: str, letters: set[str]) -> list[str]:
    """The text's letters without white space and without these letters."""
    return [letter for letter in text if not letter.isspace() and letter not in letters]
