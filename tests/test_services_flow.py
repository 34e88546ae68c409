"""The catalogue is whole, values are read as meant, and a flow never writes without a yes, whatever is said."""

import csv
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.formats import formats
from assistant.language.numbers import format_date
from assistant.model import LANGUAGES
from assistant.services.birth_dates import birth_date
from assistant.services.catalogue import Effect, Kind, load_catalogue, parse_service
from assistant.services.corrections import affirmed
from assistant.services.errors import CatalogueInvalid
from assistant.services.flow import (
    IDENTIFIED_FOR,
    LIFETIME,
    Act,
    Flow,
    Heard,
    Next,
    Phase,
    begin,
    flow_from,
    flow_payload,
    go_on,
    is_fresh,
)
from assistant.services.flow_words import cues_in, load_flow_words
from assistant.services.slots import Surroundings, choices, name, offered, price, read, says
from connectors.openapi import operations_of
from connectors.sandbox.backoffice_description import DESCRIPTION
from knowledge.passage import Table

ROOT = Path(__file__).parents[1]
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
CATALOGUE = load_catalogue()
OPERATIONS = operations_of(DESCRIPTION)


def fee_table() -> Table:
    with (ROOT / "knowledge/demo_city/tables/fees.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    local = tuple((c.removeprefix("item_").replace("easy", "ja-x-easy"), c) for c in rows[0] if c.startswith("item_"))
    return Table(
        id="fees", owner="482013", kind="fees", title="", url="", department="", as_of=date(2026, 4, 1), key="item",
        aliases="aliases", local=local, columns=tuple(rows[0]), rows=tuple(map(tuple, rows[1:])),
    )  # fmt: skip


FEES = fee_table()


def near(language: str = "ja", today: date = date(2026, 11, 21)) -> Surroundings:
    return Surroundings(tables=[FEES], today=today, language=language)


@pytest.mark.parametrize("spec", CATALOGUE.values(), ids=CATALOGUE.keys())
def test_every_service_fits_the_back_offices_description(spec) -> None:  # type: ignore[no-untyped-def]
    operation = OPERATIONS[spec.operation]
    fields = set(operation.body.get("properties", {}))  # type: ignore[call-overload]
    sent = {slot.field for slot in spec.slots} | {slot.route for slot in spec.slots if slot.route}
    assert sent - {slot.field for slot in spec.slots if slot.optional} <= fields
    assert set(spec.result) <= set(operation.replies["201" if spec.effect is Effect.WRITE else "200"]["properties"])  # type: ignore[call-overload]
    assert not spec.undo or spec.undo in OPERATIONS
    for guide in spec.guides:
        assert (ROOT / f"knowledge/demo_city/guides/ja/{guide}.md").exists()
    for field, states in spec.states.items():
        described = operation.replies["201" if spec.effect is Effect.WRITE else "200"]["properties"][field]  # type: ignore[index]
        assert set(described["enum"]) == set(states)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_button_is_understood_as_what_it_says(language: str) -> None:
    words = load_flow_words()[language]
    assert "cancel" in cues_in(words["cancel"]) and "skip" in cues_in(words["skip"])
    assert "change" in cues_in(words["change"].format(label="x"))
    for spec in CATALOGUE.values():
        begun = [each.id for each in CATALOGUE.values() if says(each.cues, spec.offer[language])]
        assert begun == [spec.id]
        assert not spec.undo or says(spec.undo_cues, words["undo"])
        for slot in spec.slots:
            for value in choices(slot, near(language)):
                label = name(slot, value, language, near(language))
                assert read(slot, label, near(language)).value == value, label
                assert "question" not in cues_in(label) and "cancel" not in cues_in(label)


def guide_questions() -> Iterable[str]:
    for file in sorted((ROOT / "knowledge/demo_city/guides").rglob("*.md")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8").split("---")[1]).get("questions", [])


def test_questions_that_guides_answer_begin_no_service() -> None:
    wrong = {q for q in guide_questions() for spec in CATALOGUE.values() if says(spec.cues, q)}
    assert wrong == set()


@pytest.mark.parametrize(
    "cut", ["title:", "cues:", "operation:", "consent:", "  - id: address", "undo_cues:", "    kind: day"]
)
def test_a_broken_catalogue_is_refused_by_name(cut: str) -> None:
    text = (ROOT / "assistant/services/catalogue/bulky-waste.yaml").read_text(encoding="utf-8")
    with pytest.raises(CatalogueInvalid, match=r"broken\.yaml"):
        parse_service(text.replace(f"\n{cut}", f"\nx{cut.strip()}", 1), "broken.yaml")


ITEMS = {
    "自転車を捨てたい": "粗大ごみ（自転車）", "学習机": "粗大ごみ（机・木製）",
    "シングルベッドです": "粗大ごみ（ベッド・シングル）",
    "ふとん2枚": "粗大ごみ（布団）", "my old bike... I mean bicycles": "粗大ごみ（自転車）",
    "旧的弹簧床垫": "粗大ごみ（マットレス・スプリング入り）",
    "xe đạp cũ": "粗大ごみ（自転車）", "uma poltrona": "粗大ごみ（ソファ・1人用）",
}  # fmt: skip


@pytest.mark.parametrize("text", ITEMS)
def test_items_are_found_in_the_towns_table(text: str) -> None:
    slot = CATALOGUE["bulky-waste"].slot("item")
    assert read(slot, text, near()).value == ITEMS[text]


@pytest.mark.parametrize("text", ["うごきません", "わかりません", "はい", "1-2-3 Minato", "何でもいい", "ピアノ"])
def test_what_is_no_item_is_not_taken_for_one(text: str) -> None:
    assert read(CATALOGUE["bulky-waste"].slot("item"), text, near()).value == ""


def test_an_ambiguous_item_is_asked_back() -> None:
    found = read(CATALOGUE["bulky-waste"].slot("item"), "ベッド", near())
    assert {"粗大ごみ（ベッド・シングル）"} <= {found.value, *found.several}


@pytest.mark.parametrize(
    "text", ["12月2日", "2026-12-02", "１２／２", "2 Dec", "December 2", "2/12", "ngày 2 tháng 12", "2 de dezembro",
             "12월 2일", "12月2號", "2 de diciembre", "Disyembre 2", "ika-2 ng Disyembre", "2 Desember", "डिसेम्बर 2",
             "२ डिसेम्बर",
             "2 ธันวาคม", "๒ ธ.ค.", "ဒီဇင်ဘာလ 2 ရက်"]
)  # fmt: skip
def test_a_day_is_read_in_every_writing(text: str) -> None:
    assert read(CATALOGUE["bulky-waste"].slot("date"), text, near()).value == "2026-12-02"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_weekday_is_every_such_day_that_is_offered_and_next_week_only_one(language: str) -> None:
    slot = CATALOGUE["bulky-waste"].slot("date")
    assert slot.days is not None
    wednesday = formats(language).lists["weekdays"][2]
    found = read(slot, wednesday, near(language))
    days = [day.isoformat() for day in offered(slot.days, date(2026, 11, 21)) if day.weekday() == 2]
    assert (found.value, found.problem, list(found.several)) == ("", "several", days)
    assert read(slot, "来週の金曜日", near("ja", today=date(2026, 11, 20))).value == "2026-11-27"


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_offered_days_keep_the_rule(today: date) -> None:
    rule = CATALOGUE["bulky-waste"].slot("date").days
    assert rule is not None
    days = offered(rule, today)
    assert days and all(today + timedelta(7) <= d <= today + timedelta(35) and d.weekday() in (2, 4) for d in days)
    assert not {(12, 31), (1, 1), (1, 2), (1, 3)} & {(d.month, d.day) for d in days}


BIRTHS = {
    "1990年4月12日": "1990-04-12", "平成2年4月12日生まれ": "1990-04-12", "H2.4.12": "1990-04-12",
    "昭和元年12月26日": "1926-12-26",
    "19900412": "1990-04-12", "April 12, 1990": "1990-04-12", "12th of April 1990": "1990-04-12",
    "12 de abril de 1990": "1990-04-12", "13/4/1990": "1990-04-13", "3/4/1990": None, "4/4/1990": "1990-04-04",
    "1990年13月1日": None, "2100年1月1日": None, "なし": None, "1990-04-12 か 1991-04-12": None,
}  # fmt: skip


@pytest.mark.parametrize("text", BIRTHS)
def test_a_date_of_birth_is_read_one_way_or_not_at_all(text: str) -> None:
    found = birth_date(text, date(2026, 11, 21))
    assert (found.isoformat() if found else None) == BIRTHS[text]


def test_the_day_comes_first_where_the_language_always_writes_it_so() -> None:
    assert birth_date("3/4/1990", date(2026, 11, 21), day_first=True) == date(1990, 4, 3)


OTHER_BIRTHS = {
    ("th", "12 เมษายน 2533"): "1990-04-12", ("th", "๑๒ เม.ย. ๒๕๓๓"): "1990-04-12", ("th", "12/4/2533"): "1990-04-12",
    ("th", "12 เมษายน 1990"): "1990-04-12", ("ja", "พ.ศ. 2533-04-12"): "1990-04-12", ("ne", "2047-04-12"): None,
    ("ne", "२०४७ बैशाख १२"): None, ("ne", "12 baisakh 2047"): None, ("ne", "वि.सं. 2010-04-12"): None,
    ("ne", "१९९०-०४-१२"): "1990-04-12", ("ne", "12 अप्रिल 1990"): "1990-04-12", ("ko", "1990년 4월 12일"): "1990-04-12",
    ("zh-Hant", "民國79年4月12日"): "1990-04-12", ("es", "3/4/1990"): "1990-04-03", ("id", "3-4-1990"): "1990-04-03",
    ("my", "1990 ခုနှစ် ဧပြီလ 12 ရက်"): "1990-04-12", ("fil", "Abril 12, 1990"): "1990-04-12", ("fil", "3/4/1990"): None,
    ("en", "Heisei 2/4/12"): "1990-04-12",
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), OTHER_BIRTHS)
def test_a_date_of_birth_is_read_as_each_language_writes_it(language: str, text: str) -> None:
    found = read(CATALOGUE["certificate-status"].slot("birth_date"), text, near(language))
    assert found.value == (OTHER_BIRTHS[language, text] or "")


@pytest.mark.parametrize("text", ["2047-04-12", "२०४७ बैशाख १२", "वि.सं. 2010-04-12"])
def test_another_calendar_is_named_as_the_reason(text: str) -> None:
    slot = CATALOGUE["certificate-status"].slot("birth_date")
    assert read(slot, text, near("ne")).problem == "calendar" and read(slot, "?", near("ne")).problem == "again"
    assert "AD" in load_flow_words()["ne"]["calendar"]


@given(st.dates(date(1900, 1, 1), date(2026, 11, 21)), st.sampled_from(LANGUAGES))
def test_a_date_of_birth_makes_the_round_trip_in_every_language(day: date, language: str) -> None:
    text = format_date(day, language, weekday=False)
    assert birth_date(text, date(2026, 11, 21), language=language) == day


@given(st.dates(date(1900, 1, 1), date(2026, 11, 21)))
def test_iso_and_japanese_dates_of_birth_make_the_round_trip(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日"):
        assert birth_date(text, date(2026, 11, 21)) == day


@pytest.mark.parametrize(
    ("text", "meant"),
    [("no, no el sofá, la cama", "la cama"), ("소파 말고 침대", "침대"), ("bukan sofa tapi ranjang", "ranjang"),
     ("hindi sofa kundi kama", "kama"), ("सोफा होइन खाट", "खाट"), ("ไม่ใช่โซฟา เตียง", "เตียง"), ("ဆိုဖာ မဟုတ်ဘူး ကုတင်", "ကုတင်"),
     ("네", "네"), ("bukan", "bukan"), ("hindi", "hindi")],
)  # fmt: skip
def test_a_correction_means_what_it_puts_in_place(text: str, meant: str) -> None:
    assert affirmed(text) == meant


SAYINGS = (
    "はい", "いいえ", "やめる", "布団", "ベッド", "港町1-2-3", "12月2日", "住所を直したい", "なし", "いくらですか",
    "国道", "SH-100234", "1990-04-12", "予約を取り消す", "大きな穴", "直す：品目", "やっぱり自転車に変更", "yes", "no",
)  # fmt: skip
said = st.lists(st.one_of(st.sampled_from(SAYINGS), st.text(max_size=30)), max_size=14)


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(sorted(CATALOGUE)), said)
def test_whatever_is_said_nothing_is_called_too_early(service: str, lines: list[str]) -> None:
    spec = CATALOGUE[service]

    def heard(text: str) -> Heard:
        return Heard(text=text, cues=cues_in(text), foreign=False, at=NOW)

    step: Next | None = begin(spec, "t0", heard(spec.offer["ja"]), near())
    flow: Flow = step.flow
    for line in lines:
        before = flow
        step = go_on(flow, spec, heard(line), near())
        if step is None:
            continue
        flow = step.flow
        assert flow_from(flow_payload(flow)) == flow
        filled = {slot.id for slot in spec.slots if not slot.optional}
        if step.act is Act.CALL:
            assert filled <= set(flow.values) and (flow.consented or not spec.data)
            assert spec.effect is Effect.READ or (before.phase is Phase.CONFIRMING and "agree" in cues_in(line))
            item = next((s for s in spec.slots if s.kind is Kind.ITEM), None)
            assert item is None or flow.yen == price(item, flow.values[item.id], near())
        if not flow.consented:
            assert not {slot.id for slot in spec.slots if slot.data} & set(flow.values)
        if step.act in (Act.CALL, Act.STOP, Act.PERSON):
            return


def test_an_old_flow_is_forgotten() -> None:
    flow = Flow(id="t", service="bulky-waste", language="ja", at=NOW, values={})
    booking, status = CATALOGUE["bulky-waste"], CATALOGUE["certificate-status"]
    assert is_fresh(flow, booking, NOW + timedelta(hours=1)) and not is_fresh(flow, booking, NOW + LIFETIME)
    assert not is_fresh(flow, status, NOW + IDENTIFIED_FOR), "who somebody is does not stay on a screen for a day"


def test_a_day_that_came_too_near_is_asked_again_at_the_confirmation() -> None:
    spec = CATALOGUE["bulky-waste"]
    flow = Flow(
        id="t", service=spec.id, language="ja", at=NOW, phase=Phase.CONFIRMING, consented=True, yen=300,
        values={"item": "粗大ごみ（布団）", "address": "港町1-2", "date": "2026-12-02"},
    )  # fmt: skip
    yes = Heard(text="はい", cues=cues_in("はい"), foreign=False, at=NOW)
    again = go_on(flow, spec, yes, near(today=date(2026, 12, 1)))
    assert again is not None and (again.act, again.flow.asked) == (Act.ASK, "date")
