"""Services end to end: a resident's words, a real back office on a socket, the stored record."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text as sql

from assistant.bootstrap import System, build
from assistant.model import LANGUAGES
from assistant.services.catalogue import load_catalogue
from assistant.services.flow_words import load_flow_words
from connectors.sandbox.backoffice import BackOffice, Mode
from tests.conftest import settings_for
from tests.service_talks import NOW, Talk, serving


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackOffice]:
    with BackOffice(tmp_path_factory.mktemp("office") / "office.db", delay=4.5) as running:
        yield running


@pytest.fixture(scope="module")
def served(demo_home: Path, office: BackOffice, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    home = Path(shutil.copytree(demo_home, tmp_path_factory.mktemp("served") / "home"))
    with serving(home, office, services_timeout=3.0) as system:
        yield system


@pytest.fixture(autouse=True)
def good(office: BackOffice) -> Iterator[None]:
    office.mode = Mode.GOOD
    yield


BOOKING = {
    "ja": ("粗大ごみの収集を予約したい", "自転車", "はい", "朝凪市港町1-2-3", "12月2日", "はい", "600円"),
    "en": ("I want to book a bulky waste pickup", "a double bed frame", "yes", "1-2-3 Minato-machi", "2 December",
           "yes please", "1,200 yen"),
    "vi": ("Tôi muốn đăng ký thu gom rác cồng kềnh", "ghế", "Có", "港町1-2-3", "ngày 2 tháng 12", "Có", "300 yên"),
}  # fmt: skip


@pytest.mark.parametrize("language", BOOKING)
def test_bulky_waste_is_booked_in_the_residents_own_words(served: System, office: BackOffice, language: str) -> None:
    *lines, fee = BOOKING[language]
    talk, before = Talk(served), len(office.rows("bookings"))
    confirm = talk.say(*lines[:-1])
    assert (confirm["decision"], confirm["why"], confirm["language"]) == ("ask", "confirm", language)
    assert fee in confirm["text"] and len(office.rows("bookings")) == before, "nothing is written before the yes"
    done = talk.say(lines[-1])
    assert (done["decision"], done["why"], done["language"]) == ("act", "done", language)
    booked = {row["number"]: row for row in office.rows("bookings")}[done["receipt"]["number"]]
    assert (booked["date"], booked["address"], booked["state"]) == ("2026-12-02", "港町1丁目2番3号", "booked")
    assert str(booked["yen"]) in fee.replace(",", "")
    assert talk.accesses() == [("asked", ("住所",)), ("done", ("住所",))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_service_can_be_gone_through_by_buttons_alone(served: System, office: BackOffice, language: str) -> None:
    spec = load_catalogue()["bulky-waste"]
    talk = Talk(served, language)
    talk.say(spec.offer[language])
    talk.say(talk.last["choices"][1]["text"])  # the second item
    talk.say(talk.last["choices"][0]["text"])  # yes to the consent
    talk.say("港町1-2-3")
    talk.say(talk.last["choices"][3]["text"])  # the fourth day
    assert talk.last["why"] == "confirm", talk.last["text"]
    done = talk.say(talk.last["choices"][0]["text"])
    assert done["decision"] == "act" and done["language"] == language
    assert office.rows("bookings")
    asked = talk.say(done["choices"][0]["text"])  # take it back
    assert asked["why"] == "confirm"
    talk.say(asked["choices"][0]["text"])
    states = {row["number"]: row["state"] for row in office.rows("bookings")}
    assert states[done["receipt"]["number"]] == "cancelled"


WRITTEN = {
    "ja": "朝凪市桜台一丁目2の3", "ja-x-easy": "さくらだい 1-2-3", "en": "1-2-3 Sakuradai, Asanagi-shi",
    "zh-Hans": "樱台1-2-3",
    "zh-Hant": "櫻台1丁目2番3號", "ko": "사쿠라다이 1-2-3", "vi": "Sakuradai 1-2-3",
    "pt-BR": "Sakuradai 1-2-3, Asanagi City",
    "es": "1-2-3 sakuradai", "fil": "1-2-3 Sakuradai, Asanagi", "id": "Sakuradai 1-chome 2-3", "ne": "साकुरादाइ १-२-३",
    "th": "ซากุระได 1-2-3", "my": "ဆာကူရာဒိုင် 1-2-3",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_address_goes_to_the_back_office_in_the_towns_own_form(
    served: System, office: BackOffice, language: str
) -> None:
    spec, words = load_catalogue()["bulky-waste"], load_flow_words()[language]
    talk = Talk(served, language)
    talk.say(spec.offer[language])
    talk.say(talk.last["choices"][1]["text"])
    talk.say(talk.last["choices"][0]["text"])
    assert talk.say("1-2-3 Minato-machi, Yokohama")["text"].startswith(words["other_town"])
    assert talk.say("港町")["text"].startswith(words["no_number"])
    day = talk.say(WRITTEN[language])["choices"][0]["text"]
    confirm = talk.say(day)
    latin = "" if language.startswith(("ja", "zh")) else " (Sakuradai 1-2-3)"
    assert f"桜台1丁目2番3号{latin}\n" in confirm["text"]
    done = talk.say(confirm["choices"][0]["text"])
    booked = {row["number"]: row for row in office.rows("bookings")}[done["receipt"]["number"]]
    assert booked["address"] == "桜台1丁目2番3号"


def test_between_two_districts_a_button_decides(served: System) -> None:
    talk = Talk(served)
    talk.say("布団の粗大ごみの収集を予約したい", "はい", "桜台1-2-3, 港町")
    assert [choice["label"] for choice in talk.last["choices"]][:2] == ["桜台1丁目2番3号", "港町1丁目2番3号"]
    talk.press("港町1丁目2番3号")
    assert "港町1丁目2番3号" in talk.say(talk.last["choices"][0]["text"])["text"]


ROADS = {
    "ja": ("道路の穴を知らせたい", "大きな穴があいている", "国道48号、港町交差点の近く", None, "写真なし", "nation"),
    "en": ("I want to report a pothole", "a deep hole", "near Minato park", "Prefectural road", "skip", "prefecture"),
    "vi": ("Tôi muốn báo đường bị hỏng", "ổ gà lớn", "gần công viên Minato", "Tôi không biết", "bỏ qua", "town"),
}


@pytest.mark.parametrize("language", ROADS)
def test_road_damage_goes_to_whoever_keeps_the_road(served: System, office: BackOffice, language: str) -> None:
    begin, what, place, road, photo, recipient = ROADS[language]
    talk = Talk(served)
    talk.say(begin, what, place)
    if road:
        talk.press(road)
    confirm = talk.say(photo)
    assert confirm["why"] == "confirm" and place in confirm["text"]
    done = talk.say(confirm["choices"][0]["text"])
    sent = {row["number"]: row for row in office.rows("reports")}[done["receipt"]["number"]]
    assert (sent["recipient"], sent["what"], sent["place"], sent["photo"]) == (recipient, what, place, None)
    assert talk.accesses() == [], "a report holds no personal data"


def test_a_photo_goes_along_with_the_report(served: System, office: BackOffice) -> None:
    talk = Talk(served)
    talk.say("市道の側溝がこわれていると報告したい", "ふたが外れている", "栄町の郵便局の前")
    talk.say("https://photo.example/1.jpg", "はい")
    sent = {row["number"]: row for row in office.rows("reports")}[talk.last["receipt"]["number"]]
    assert sent["photo"] == "https://photo.example/1.jpg" and sent["recipient"] == "town"


STATUS = {
    "ja": ("請求した証明書の状況を確認したい", "はい", "ＳＨ１００２３４", "平成2年4月12日", "用意ができました"),
    "en": ("Where is my certificate request, please check it", "yes", "sh-100234", "12 April 1990", "ready"),
    "vi": ("Kiểm tra tình trạng giấy chứng nhận", "Đồng ý", "SH-100234", "12/4/1990", "sẵn sàng"),
}


@pytest.mark.parametrize("language", STATUS)
def test_the_status_is_told_only_to_who_proves_who_they_are(served: System, language: str) -> None:
    begin, yes, number, born, state = STATUS[language]
    talk = Talk(served)
    wrong = talk.say(begin, yes, number, "1991-05-12")
    assert wrong["decision"] == "ask" and state not in wrong["text"]
    right = talk.say(number, born)
    assert right["decision"] == "act" and state in right["text"] and right["language"] == language
    assert [outcome for outcome, _ in talk.accesses()] == ["asked", "refused", "asked", "done"]
    held = served.parts.services.held(talk.id)  # type: ignore[union-attr]
    assert held is not None and "1990" not in str(held), "what identifies a person is not kept"


def test_three_wrong_identities_end_with_a_person_who_reads_no_birth_date(served: System) -> None:
    talk = Talk(served)
    talk.say("請求した証明書の状況を確認したい", "はい")
    for _ in range(3):
        talk.say("SH-100235", "1999年9月9日")
    assert (talk.last["decision"], talk.last["why"]) == ("handoff", "personal_case")
    assert "1999" not in talk.ticket()["summary"] and "SH-100235" not in talk.ticket()["summary"]


def test_without_consent_nothing_is_asked_and_nothing_sent(served: System) -> None:
    talk = Talk(served)
    talk.say("請求した証明書の状況を確認したい")
    stopped = talk.say("いいえ")
    assert stopped["decision"] == "reply" and "やめました" in stopped["text"]
    assert talk.accesses() == []


def test_a_digression_is_answered_and_the_open_question_comes_back(served: System) -> None:
    talk = Talk(served)
    talk.say("自転車の粗大ごみの収集を予約したい", "はい")
    aside = talk.say("住民票の写しはいくらですか")
    assert "300円" in aside["text"] and "番地まで" in aside["text"] and aside["citations"]
    assert talk.say("港町1-2-3")["choices"][0]["label"].startswith("2026年12月2日")


def test_every_value_can_be_corrected_before_it_is_sent(served: System, office: BackOffice) -> None:
    talk = Talk(served)
    talk.say("自転車の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月2日")
    assert "300円" in talk.say("やっぱり布団にします、布団に変更")["text"]
    assert "12月4日" in talk.say("12月4日に変えてください")["text"]
    talk.press("直す：住所")
    confirm = talk.say("朝凪市栄町4-5")
    assert "布団" in confirm["text"] and "栄町4丁目5番" in confirm["text"] and "12月4日" in confirm["text"]
    assert "どこを直しますか" in talk.say("いいえ")["text"]
    talk.press("直す：収集日")
    talk.say("12月9日", "はい")
    booked = {row["number"]: row for row in office.rows("bookings")}[talk.last["receipt"]["number"]]
    assert (booked["item"], booked["address"], booked["date"]) == ("粗大ごみ（布団）", "栄町4丁目5番", "2026-12-09")


@pytest.mark.parametrize("words", ["やめます", "キャンセル", "cancel", "hủy"])
def test_it_can_be_stopped_at_any_step(served: System, office: BackOffice, words: str) -> None:
    steps = ["粗大ごみの収集を予約したい", "布団", "はい", "港町1-2-3", "12月2日"]
    before = len(office.rows("bookings"))
    for upto in range(1, len(steps) + 1):
        talk = Talk(served)
        talk.say(*steps[:upto])
        stopped = talk.say(words)
        assert stopped["decision"] == "reply" and stopped["why"] == "done" and not stopped["choices"], stopped["text"]
    assert len(office.rows("bookings")) == before


def test_a_wish_for_a_language_in_mid_form_asks_the_same_question_in_it(served: System) -> None:
    talk = Talk(served)
    asked = talk.say("粗大ごみの収集を予約したい", "自転車", "はい")
    assert asked["language"] == "ja" and "住所" in asked["text"]
    again = talk.say("English please")
    assert (again["decision"], again["language"]) == ("ask", "en") and "address" in again["text"].lower()
    confirm = talk.say("1-2-3 Minato-machi", "2 December")
    assert (confirm["why"], confirm["language"]) == ("confirm", "en"), "the form goes on in that language"
    assert "English" not in confirm["text"], "the wish is no value"


FAILURES = {Mode.DOWN: "ServiceUnreachable", Mode.SLOW: "ServiceSlow", Mode.NONSENSE: "ServiceNonsense"}


@pytest.mark.parametrize("mode", FAILURES)
def test_a_failing_back_office_makes_a_ticket_with_everything_so_far(
    served: System, office: BackOffice, mode: Mode
) -> None:
    # So that its description has been read:
    Talk(served).say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月4日", "はい")
    talk = Talk(served)
    talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月4日")
    office.mode = mode
    failed = talk.say("はい")
    assert (failed["decision"], failed["why"]) == ("handoff", "part_failed")
    summary = str(talk.ticket()["summary"])
    assert all(part in summary for part in ("布団", "港町1丁目2番3号", "2026年12月4日", "300円"))
    assert "処理済みの可能性" in summary, "a gateway's 503 or nonsense may follow a booking too"
    assert talk.accesses()[-1][0] == "failed"
    evidence = served.conversations.evidence(failed["id"])
    assert evidence is not None and FAILURES[mode] in str(evidence["notes"]) and "港町" not in str(evidence)
    assert served.parts.services.held(talk.id) is None  # type: ignore[union-attr]


def test_a_reply_that_a_gateway_lost_is_asked_for_again_and_one_booking_is_made(
    served: System, office: BackOffice
) -> None:
    talk, before = Talk(served), len(office.rows("bookings"))
    talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月4日")
    office.mode = Mode.LOST
    done = talk.say("はい")
    assert done["decision"] == "act" and len(office.rows("bookings")) == before + 1
    assert done["receipt"]["number"] in {row["number"] for row in office.rows("bookings")}


def test_a_back_office_that_was_never_reached_leaves_no_doubt(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    with BackOffice(tmp_path / "office.db") as gone, serving(home, gone, services_timeout=3.0) as system:
        talk = Talk(system)
        talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月4日")
        gone.stop()
        failed = talk.say("はい")
        assert (failed["decision"], failed["why"]) == ("handoff", "part_failed")
        assert "処理済み" not in str(talk.ticket()["summary"]) and "港町1丁目2番3号" in str(talk.ticket()["summary"])


def test_who_asks_for_a_person_in_the_middle_takes_everything_along(served: System) -> None:
    talk = Talk(served)
    talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3")
    off = talk.say("職員と話したい")
    assert (off["decision"], off["why"]) == ("handoff", "requested") and "港町1丁目2番3号" in str(
        talk.ticket()["summary"]
    )


def test_a_double_press_books_once(served: System, office: BackOffice) -> None:
    talk, before = Talk(served), len(office.rows("bookings"))
    talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月16日")
    held = served.conversations.authorised(talk.id, talk.token)
    turns = [talk.turn("はい", f"press-{n}") for n in range(8)]
    said: list[dict] = []
    pressing = [threading.Thread(target=lambda one=one: said.append(served.receive(one, held))) for one in turns]
    for each in pressing:
        each.start()
    for each in pressing:
        each.join(timeout=30)
    assert len(said) == 8 and len(office.rows("bookings")) == before + 1
    assert len({m["receipt"]["number"] for m in said if m["decision"] == "act"}) == 1


def test_the_same_turn_ids_of_two_residents_are_two_bookings(served: System, office: BackOffice) -> None:
    before = len(office.rows("bookings"))
    for address in ("港町1-1", "栄町2-2"):
        Talk(served).say("布団の粗大ごみの収集を予約したい", "はい", address, "12月11日", "はい")
    assert len(office.rows("bookings")) == before + 2


def test_a_full_day_is_asked_again_and_another_one_taken(served: System, office: BackOffice) -> None:
    for n in range(25):
        status, _ = office.answer(
            "/bulky-waste/bookings", f"crowd-{n}", {"item": "x", "yen": 300, "address": "y", "date": "2026-12-25"}
        )
    assert status == 409
    talk = Talk(served)
    full = talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月25日", "はい")
    assert full["decision"] == "ask" and "いっぱい" in full["text"]
    assert talk.say("12月18日", "はい")["decision"] == "act"


def test_a_changed_price_is_shown_again_before_it_is_booked(served: System, office: BackOffice) -> None:
    talk = Talk(served)
    talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月2日")
    change = "UPDATE lookup_tables SET payload = replace(payload, {0}), digest = digest || 'x' WHERE id LIKE '%fees%'"
    dearer = '\'"300", "1\\u679a"\', \'"350", "1\\u679a"\''
    cheaper = '\'"350", "1\\u679a"\', \'"300", "1\\u679a"\''
    with served.engine.begin() as c:
        done = c.execute(sql(change.format(dearer)))
    assert done.rowcount == 1
    served._towns.clear()
    try:
        again = talk.say("はい")
        assert again["why"] == "confirm" and "350円" in again["text"], again["text"]
        assert talk.say("はい")["decision"] == "act"
        booked = {row["number"]: row for row in office.rows("bookings")}[talk.last["receipt"]["number"]]
        assert booked["yen"] == 350
    finally:
        with served.engine.begin() as c:
            c.execute(sql(change.format(cheaper)))
        served._towns.clear()


def test_an_answer_from_a_guide_offers_its_service(served: System) -> None:
    answered = Talk(served).say("粗大ごみの出し方を教えてください")
    offers = [c["label"] for c in answered["choices"]]
    assert answered["decision"] == "reply" and "粗大ごみの収集を予約する" in offers


def test_the_flow_goes_when_the_resident_deletes_the_conversation(served: System) -> None:
    talk = Talk(served)
    talk.say("布団の粗大ごみの収集を予約したい", "はい", "港町1-2-3", "12月2日", "はい")
    served.conversations.delete(talk.id)
    with served.engine.connect() as c:
        for table in ("service_flows", "service_calls"):
            assert c.execute(sql(f"SELECT COUNT(*) FROM {table} WHERE conversation = '{talk.id}'")).scalar() == 0
    assert talk.accesses(), "the record of accesses stays; it holds no personal data"
    assert "港町" not in str([entry.access for entry in served.access.entries(talk.id)])


def test_without_a_back_office_no_service_is_offered(demo_home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(demo_home, tmp_path / "home"))
    system = build(settings_for(home), clock=lambda: NOW)
    try:
        said = Talk(system).say("粗大ごみの収集を予約したい")
        assert said["decision"] != "act" and "予約する" not in str(said["choices"])
    finally:
        system.close()
