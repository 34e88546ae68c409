"""A resident speaks to the chat page: Chromium's fake microphone, the real page, socket and pipeline."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from browser_steps import ARGUMENTS, program
from call_stage import BeepVoice, LoudEar, Stage, serving
from playwright.sync_api import Page, expect, sync_playwright

from assistant.channels.speech import Speech
from voice.audio import to_pcm16, write_wav
from voice.speech import Audio, Transcript, Unheard

DEMO = "482013"
QUESTION = "転入届の期限はいつですか"


@dataclass
class ScriptRecognizer:
    """Understands every loud sound as the same question; keeps what it was given."""

    said: str
    heard: list[Audio] = field(default_factory=list)
    name: str = "script"

    def transcribe(self, audio: Audio, language: str | None = None) -> Transcript:
        self.heard.append(audio)
        if not self.said:
            return Transcript(text="", language="ja", confidence=0.0, reason=Unheard.UNSURE)
        return Transcript(text=self.said, language="ja", confidence=0.9)


def babble(seconds: float, rate: int) -> Audio:
    """Something that rises and falls as speech does: a browser's noise filter takes steady tones away."""
    at = np.arange(int(seconds * rate)) / rate
    voice = sum(np.sin(2 * np.pi * 140 * n * at + np.sin(2 * np.pi * 3 * at)) / n for n in range(1, 20))
    return Audio(samples=(0.3 * voice * (0.55 + 0.45 * np.sin(2 * np.pi * 4 * at))).astype(np.float32), rate=rate)


@pytest.fixture(scope="module")
def stage(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, ScriptRecognizer]]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("spoken") / "home"))
    recognizer = ScriptRecognizer(QUESTION)
    with serving(home, None, speech=Speech(recognizer=recognizer, speak=BeepVoice(), ear=LoudEar)) as running:
        yield running, recognizer


@pytest.fixture
def page(stage: tuple[Stage, ScriptRecognizer], tmp_path: Path) -> Iterator[Page]:
    """The chat page in a Chromium whose microphone says something for two seconds out of four."""
    sound = babble(2.0, 48_000).samples
    wav = tmp_path / "microphone.wav"
    write_wav(Audio(samples=np.concatenate([np.zeros(48_000, np.float32), sound, np.zeros(96_000, np.float32)]),
                    rate=48_000), wav)  # fmt: skip
    fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={wav}%noloop"]  # fmt: skip
    with sync_playwright() as playwright:
        if program() is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: apt install chromium, or playwright install chromium")
        browser = playwright.chromium.launch(executable_path=program(), args=[*ARGUMENTS, *fake])
        context = browser.new_context(permissions=["microphone"], viewport={"width": 1280, "height": 860})
        context.set_default_timeout(30_000)
        page = context.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(f"script: {error}"))
        page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
        page.goto(f"http://127.0.0.1:{stage[0].port}/?lang=ja")
        yield page
        browser.close()
        assert faults == []


@pytest.mark.browser
def test_hands_free_speech_becomes_a_question_with_a_cited_answer(
    page: Page, stage: tuple[Stage, ScriptRecognizer]
) -> None:
    running, recognizer = stage
    page.get_by_role("button", name="話す（会話のように続ける）").click()
    answer = page.locator("madoguchi-chat article.turn-assistant").first
    expect(answer).to_contain_text("14日以内", timeout=20_000)
    expect(page.locator(".turn-resident .bubble").first).to_have_text(QUESTION)
    expect(answer.locator(".citations li").first).to_contain_text("転入届")
    assert recognizer.heard and 1.5 < recognizer.heard[-1].seconds < 5
    assert float(np.abs(recognizer.heard[-1].samples).max()) > 0.05
    # Spoken, and played to its end: it is the resident's turn again.
    expect(page.locator(".voice")).to_have_attribute("data-state", "speaking")
    page.get_by_role("button", name="マイクを止める").click()
    expect(page.get_by_role("button", name="話す（会話のように続ける）")).to_have_attribute("aria-pressed", "false")
    assert running.rows("SELECT text, channel FROM turns")[-1] == (QUESTION, "web")


@pytest.mark.browser
def test_push_to_talk_works_by_keyboard(page: Page, stage: tuple[Stage, ScriptRecognizer]) -> None:
    hold = page.get_by_role("button", name="押している間だけ聞き取る")
    hold.focus()
    page.keyboard.down("Space")
    expect(hold).to_have_attribute("aria-pressed", "true")
    page.wait_for_timeout(2500)
    page.keyboard.up("Space")
    expect(hold).to_have_attribute("aria-pressed", "false")
    expect(page.locator("madoguchi-chat article.turn-assistant").first).to_contain_text("14日以内", timeout=20_000)
    expect(page.locator(".voice-caption")).not_to_be_empty()


@pytest.mark.browser
def test_speech_that_is_not_understood_says_so(page: Page, stage: tuple[Stage, ScriptRecognizer]) -> None:
    stage[1].said = ""
    try:
        page.get_by_role("button", name="話す（会話のように続ける）").click()
        missed = "聞き取れませんでした。もう一度お話しください。"
        expect(page.locator(".voice-caption")).to_have_text(missed, timeout=20_000)
        assert page.locator("madoguchi-chat article.turn-assistant").count() == 0
    finally:
        stage[1].said = QUESTION


@pytest.mark.browser
def test_without_a_recogniser_there_is_no_microphone(home: Path) -> None:
    with serving(home, None) as deaf, sync_playwright() as playwright:
        if program() is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("no Chromium: apt install chromium, or playwright install chromium")
        browser = playwright.chromium.launch(executable_path=program(), args=ARGUMENTS)
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{deaf.port}/?lang=ja")
        expect(page.locator("madoguchi-chat .composer")).to_be_visible()
        assert page.locator(".voice").count() == 0
        browser.close()


def spoken(stage: Stage, first: str | bytes, *, sound: bytes = b"", started: bool = True) -> list[dict[str, object]]:
    """What the socket says to a page that begins with `first`."""
    from urllib.request import Request, urlopen

    from websockets.asyncio.client import connect
    from websockets.exceptions import ConnectionClosed

    opening = Request(f"http://127.0.0.1:{stage.port}/api/v1/conversations", data=json.dumps({"town": DEMO}).encode(),
                      headers={"Content-Type": "application/json"})  # fmt: skip
    with urlopen(opening, timeout=5) as reply:
        key = json.load(reply)

    async def made() -> list[dict[str, object]]:
        got: list[dict[str, object]] = []
        address = f"ws://127.0.0.1:{stage.port}/api/v1/conversations/{key['id']}/voice"
        async with connect(address, proxy=None) as socket:
            await socket.send(first.replace("TOKEN", key["token"]) if isinstance(first, str) else first)
            for at in range(0, len(sound), 1280):
                await socket.send(sound[at : at + 1280])
            try:
                async with asyncio.timeout(8):
                    while not any(event["type"] == "message" for event in got):
                        text = await socket.recv()
                        if isinstance(text, str):
                            got.append(json.loads(text))
            except (ConnectionClosed, TimeoutError):
                pass
        return got

    return asyncio.run(made())


START = json.dumps({"type": "start", "token": "TOKEN", "language": "ja"})


def test_the_socket_answers_sound_with_transcript_and_message(stage: tuple[Stage, ScriptRecognizer]) -> None:
    quiet = np.zeros(16_000, np.float32)
    sound = to_pcm16(np.concatenate([quiet, babble(1.0, 16_000).samples, quiet, quiet]))
    got = spoken(stage[0], START, sound=sound)
    assert [e["text"] for e in got if e["type"] == "transcript"] == [QUESTION]
    (message,) = (e["message"] for e in got if e["type"] == "message")
    assert isinstance(message, dict) and message["citations"] and message["why"] == "answered"


@pytest.mark.parametrize("first", ["{}", "nonsense", b"\0\0", json.dumps({"type": "start", "token": "wrong"}),
                                   json.dumps({"type": "start", "token": "ä"})])  # fmt: skip
def test_without_the_conversations_token_the_socket_is_closed(
    stage: tuple[Stage, ScriptRecognizer], first: str | bytes
) -> None:
    got = spoken(stage[0], first)
    assert [e["type"] for e in got] == ["error"]
