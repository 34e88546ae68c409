"""A resident in the middle of a form: corrects, asks something else, comes back late, cancels twice, drops accents."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.bootstrap import System
from assistant.services.corrections import affirmed
from connectors.sandbox.backoffice import BackOffice
from tests.service_talks import NOW, Talk, serving


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    with BackOffice(tmp_path_factory.mktemp("office") / "office.db") as running:
        yield running


@pytest.fixture(scope="module")
def served(demo_home: Path, office: BackOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, office) as system:
        yield system


AFFIRMED = {
    "いや、ソファじゃなくてベッド": "ベッド", "ソファではなく、自転車です": "自転車です",
    "no, not the sofa, a bed": "a bed", "the bed, not the sofa": "the bed", "a bed instead of the sofa": "a bed",
    "không phải ghế sofa mà là giường": "giường", "khong phai ghe sofa ma la giuong": "giuong",
    "不是沙发，是床": "是床", "não o sofá, a cama": "a cama",
    "港町1-2-3": "港町1-2-3", "いいえ": "いいえ", "no": "no", "không": "không", "not sure": "not sure",
}  # fmt: skip


@pytest.mark.parametrize("text", AFFIRMED)
def test_what_is_denied_is_left_out_and_nothing_else(text: str) -> None:
    assert affirmed(text) == AFFIRMED[text]


def test_a_sofa_is_asked_back_because_its_two_prices_differ(served: System) -> None:
    talk = Talk(served)
    asked = talk.say("ソファを捨てたいので粗大ごみの収集を予約したい")
    assert [c["label"] for c in asked["choices"]] == ["ソファ・1人用", "ソファ・2人用以上", "やめる"]
    talk.say("2人用", "はい", "港町1-2-3", "12月2日")
    assert "1,200円" in talk.last["text"]


MENDED = {
    "ja": ("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月2日", "いや、布団じゃなくてベッド", "ダブル",
           "ベッド・ダブル"),
    "en": ("I want to book a bulky waste pickup for my futon", "yes", "1-2-3 Minato", "December 2",
           "no, not the futon, a bed", "the double one", "double bed frame"),
    "vi": ("toi muon dang ky thu gom rac cong kenh: chan dem", "dong y", "1-2-3 Minato-machi", "ngay 2 thang 12",
           "khong phai chan dem ma la giuong", "giuong doi", "khung giường đôi"),
}  # fmt: skip


@pytest.mark.parametrize("language", MENDED)
def test_not_this_but_that_asks_which_one_and_goes_on(served: System, office: BackOffice, language: str) -> None:
    *lines, which, shown = MENDED[language]
    talk = Talk(served)
    several = talk.say(*lines)
    assert several["decision"] == "ask" and len(several["choices"]) == 3, several["text"]
    confirm = talk.say(which)
    assert confirm["why"] == "confirm" and shown in confirm["text"] and confirm["language"] == language
    assert "1.200" in confirm["text"] or "1,200" in confirm["text"]
    talk.say(confirm["choices"][0]["text"])
    booked = {row["number"]: row for row in office.rows("bookings")}[talk.last["receipt"]["number"]]
    assert (booked["item"], booked["yen"], booked["date"]) == ("粗大ごみ（ベッド・ダブル）", 1200, "2026-12-02")


def test_no_is_no_refusal_of_the_consent_when_it_corrects(served: System) -> None:
    talk = Talk(served)
    talk.say("布団の粗大ごみの収集を予約したい")
    assert "住所をクリーンセンターに" in talk.say("いや、布団じゃなくて自転車")["text"]
    assert talk.say("はい", "港町1-2-3", "12月2日")["text"].count("自転車") == 1


ASIDE = {
    "ja": ("自転車の粗大ごみの収集を予約したい", "はい", "料金はいくらですか", "600円", "番地まで"),
    "en": ("I want to book a bulky waste pickup for my bicycle", "yes", "how much is it?", "600 yen", "street number"),
    "vi": ("Tôi muốn đăng ký thu gom rác cồng kềnh: xe đạp", "Có", "Lệ phí bao nhiêu?", "600 yên", "số nhà"),
}


@pytest.mark.parametrize("language", ASIDE)
def test_and_how_much_is_it_means_what_is_in_the_form(served: System, language: str) -> None:
    begin, yes, question, fee, open_question = ASIDE[language]
    talk = Talk(served)
    aside = talk.say(begin, yes, question)
    assert aside["decision"] == "reply" and fee in aside["text"] and aside["citations"], aside["text"]
    assert open_question in aside["text"], "and the form's question comes back"
    assert talk.say("港町1-2-3")["why"] == "choose"


def test_cancelling_twice_says_so_and_calls_nobody(served: System, office: BackOffice) -> None:
    talk = Talk(served)
    talk.say("自転車の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月2日", "はい")
    number = talk.last["receipt"]["number"]
    talk.say("予約を取り消す", "はい")
    calls, before = len(office.rows("keys")), len(talk.accesses())
    again = talk.say("予約を取り消す")
    assert again["why"] == "done" and number in again["text"] and "取り消しました" in again["text"]
    assert len(office.rows("keys")) == calls and len(talk.accesses()) == before


def test_a_form_that_lapsed_says_so_and_begins_anew(served: System) -> None:
    talk = Talk(served)
    talk.say("自転車の粗大ごみの収集を予約したい", "はい", "港町1-2-3")
    held = served.conversations.authorised(talk.id, talk.token)
    late = replace(talk.turn("12月2日"), at=NOW + timedelta(hours=25))
    lapsed = served.receive(late, held)
    assert lapsed["decision"] == "ask" and "もう一度はじめから" in lapsed["text"]
    assert served.parts.services.held(talk.id) is None  # type: ignore[union-attr]
    assert talk.say(lapsed["choices"][0]["text"])["decision"] == "ask"


def test_after_a_form_lapsed_another_question_is_simply_answered(served: System) -> None:
    talk = Talk(served)
    talk.say("自転車の粗大ごみの収集を予約したい", "はい", "港町1-2-3")
    held = served.conversations.authorised(talk.id, talk.token)
    answered = served.receive(replace(talk.turn("住民票の写しはいくらですか"), at=NOW + timedelta(hours=25)), held)
    assert "300円" in answered["text"] and "続き" not in answered["text"]


def test_a_place_in_another_language_brings_no_notice_of_a_language_change(served: System) -> None:
    talk = Talk(served)
    talk.say("toi muon bao duong bi hong", "o ga lon")
    assert talk.say("gan cong vien Minato")["text"].startswith("Đó là loại đường nào?")


def test_one_kanji_says_what_is_wrong_with_the_road(served: System) -> None:
    talk = Talk(served)
    assert "場所" in talk.say("道路の穴を知らせたい", "穴")["text"]
