"""GET /card: what it shows of a guide, in which languages, and what it refuses."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from assistant.answering.counter_card import request
from assistant.bootstrap import System
from assistant.language.interface import interface, tag
from assistant.language.plain.shown import shown
from assistant.model import LANGUAGES
from assistant.web.card import phrases

GUIDE = "guide:move-in@ja"


def card(client: TestClient, document: str = GUIDE, language: str = "vi") -> str:
    reply = client.get(f"/card/482013?document={quote(document)}&language={language}")
    assert reply.status_code == 200
    return reply.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_gets_the_japanese_and_its_own_words(client: TestClient, language: str) -> None:
    page = card(client, language=language)
    bare = re.sub(r"<rp>.*?</rp>|<rt>.*?</rt>|</?(?:ruby|span)[^>]*>", "", page)
    assert f'<html lang="{tag(language)}"' in page
    assert "転入届を出したいです。" in bare
    assert "市民課（本庁舎1階 1番窓口）" in bare and "委任状（代理人のとき）" in bare
    assert page.count('type="checkbox"') == 5
    assert "やさしい日本語で お願いします。" in bare or language == "ja"
    assert ("を 話します。" in bare) == (language not in ("ja", "ja-x-easy"))
    for key in ("card_where", "card_bring", "card_code"):
        assert "".join(span.text for span in shown(interface(language)[key])) in bare
    assert "{" not in bare and "中国語（" not in bare


def test_lines_stand_in_both_languages_where_there_is_no_translation_too(client: TestClient) -> None:
    assert "Giấy ủy quyền (nếu là người đại diện)" in card(client)  # of the translated guide
    assert len(re.findall(r'class="counter-own" lang="ne"', card(client, language="ne"))) > 10  # of the memory


def test_any_language_version_leads_to_the_same_card(client: TestClient) -> None:
    assert card(client, "guide:move-in@vi") == card(client, GUIDE)


def test_it_may_be_kept_and_holds_nothing_of_a_person(client: TestClient) -> None:
    reply = client.get(f"/card/482013?document={quote(GUIDE)}")
    assert reply.headers["cache-control"].startswith("public")
    assert "set-cookie" not in reply.headers
    assert "style-src 'self'" in reply.headers["content-security-policy"]


@pytest.mark.parametrize("document", ["guide:nothing@ja", "law:342AC0000000081", "table:fees", "../../etc/passwd"])
def test_what_is_no_guide_has_no_card(client: TestClient, document: str) -> None:
    assert client.get(f"/card/482013?document={quote(document)}&language=th").status_code == 404


def test_an_unknown_town_has_no_card(client: TestClient) -> None:
    assert client.get(f"/card/999999?document={quote(GUIDE)}").status_code == 404


def test_an_unspoken_language_gets_plain_japanese(client: TestClient) -> None:
    assert 'data-language="ja-x-easy"' in card(client, language="fr")


def test_a_guide_that_is_cited_names_its_card(client: TestClient, system: System) -> None:
    started = client.post("/api/v1/conversations", json={"town": "482013", "language": "ja"}).json()
    said = client.post(
        f"/api/v1/conversations/{started['id']}/messages", json={"text": "転入届の出し方を教えて", "page": "ja"},
        headers={"Authorization": f"Bearer {started['token']}"},
    ).json()  # fmt: skip
    found = [c["card"] for c in said["citations"]]
    assert found[0] == f"/card/482013?document={quote(GUIDE, safe='')}&language=ja"
    assert client.get(found[0]).status_code == 200


@pytest.mark.parametrize("title", ["市外から引っ越してきたとき（転入届）", "カードをなくしたとき", "児童手当", ""])
def test_phrases_joined_are_the_sentence(title: str) -> None:
    sentence = request(title).sentence
    for readings in (True, False):
        found = phrases(sentence, readings=readings)
        assert "".join(span.text for group in found for span in group) == sentence
        assert all(len("".join(span.text for span in group)) < 14 for group in found)
