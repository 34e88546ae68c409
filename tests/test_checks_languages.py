"""Figures, limits and duties in the languages whose patterns stand in words/*/checks.yaml."""

from __future__ import annotations

import pytest
from checks_passages import JA

from assistant.answering.checks import check
from assistant.answering.figures import figures
from assistant.answering.findings import Reason
from assistant.answering.hostile import begs
from assistant.answering.numerals import plain_numbers
from assistant.answering.polarity import Concept, claims
from assistant.answering.stating import prompt_name, stating
from assistant.language.folders import has_part
from assistant.model import LANGUAGES

RULE = "2026年4月1日から、平日8時30分から17時15分。14日以内。50000円以下。"
TRUE = {
    "ko": "2026년 4월 1일부터 평일 오전 8시 30분~오후 5시 15분. 14일 이내. 5만 엔 이하.",
    "es": "Desde el 1 de abril de 2026, días laborables de 8:30 a 17:15. "
    "Dentro de los catorce días. Hasta 50.000 yenes.",
    "id": "Mulai 1 April 2026, hari kerja pukul 08.30–17.15. Dalam waktu empat belas hari. Maksimal 50 ribu yen.",
    "fil": "Mula Abril 1, 2026, karaniwang araw 8:30 a.m. hanggang 5:15 p.m. "
    "Sa loob ng labing-apat na araw. Hanggang 50,000 yen.",
    "ne": "2026 अप्रिल 1 देखि, कार्यदिन बिहान 8:30 बजेदेखि बेलुका 5:15 बजेसम्म। १४ दिनभित्र। ५० हजार येन।",
    "th": "ตั้งแต่ 1 เมษายน พ.ศ. 2569 วันธรรมดา 8.30 น. ถึง 17.15 น. ภายในสิบสี่วัน ไม่เกินห้าหมื่นเยน",
    "my": "2026 ခုနှစ် ဧပြီလ 1 ရက်မှ ကြားရက် နံနက် 8:30 နာရီမှ ညနေ 5:15 နာရီ။ ၁၄ ရက်အတွင်း။ ယန်း ၅၀,၀၀၀။",
    "zh-Hant": "從2026年4月1日起，工作日上午8點30分至下午5點15分。14天以內。5萬日圓以下。",
}  # fmt: skip
DUTY = {
    "ko": ("전출증명서가 필요합니다", "전출증명서는 필요하지 않습니다"),
    "es": ("Debe traer el documento", "No es necesario traerlo"),
    "id": ("Anda wajib membawa surat", "Anda tidak perlu membawa surat"),
    "fil": ("Kailangan ang papel", "Hindi kailangan ang papel"),
    "ne": ("प्रमाणपत्र चाहिन्छ", "प्रमाणपत्र चाहिँदैन"), "th": ("ต้องนำใบรับรองมา", "ไม่ต้องนำใบรับรองมา"),
    "my": ("လက်မှတ် လိုအပ်ပါသည်", "လက်မှတ် မလိုအပ်ပါ"), "zh-Hant": ("必須攜帶證明", "無需攜帶證明"),
}  # fmt: skip


def test_every_language_has_its_checks() -> None:
    assert {language for language in LANGUAGES if not has_part(language, "checks")} == set()
    assert {language for language in TRUE if language != "zh-Hant"} == {
        code for code in (*LANGUAGES, "th") if stating(code)
    }
    assert len({prompt_name(language) for language in LANGUAGES}) == len(LANGUAGES)


@pytest.mark.parametrize("language", TRUE)
def test_the_same_figures_are_read_in_every_language(language: str) -> None:
    ours, theirs = ({form for f in figures(text, code) for form in f.forms} for text, code in
                    ((RULE, "ja"), (TRUE[language], language)))  # fmt: skip
    assert ours == theirs, plain_numbers(TRUE[language], language)


@pytest.mark.parametrize("language", TRUE)
def test_within_is_told_from_at_least(language: str) -> None:
    bounds = {f.bound for f in figures(TRUE[language], language) if ("day", "14") in f.forms}
    assert bounds == {"down"}


@pytest.mark.parametrize("language", DUTY)
def test_a_duty_is_told_from_its_denial(language: str) -> None:
    duty, denial = (claims(plain_numbers(text, language), language) for text in DUTY[language])
    assert (Concept.NEEDED, True) in duty and (Concept.NEEDED, False) not in duty
    assert (Concept.NEEDED, False) in denial and (Concept.NEEDED, True) not in denial


@pytest.mark.parametrize(
    ("language", "reply", "reason"),
    [
        ("ko", "새 주소에 살기 시작한 날부터 삼십일 이내에 신고하세요. [1]", Reason.FIGURE),
        ("ko", "국제교류과에 신고하세요. [1]", Reason.NAME),
        ("ko", "14일 이상 지난 뒤에 신고하세요. [1]", Reason.BOUND),
        ("ko", "접수는 오전 8시 30분부터입니다. [1]", Reason.LOST),
        ("th", "แจ้งภายใน 30 วันหลังจากย้ายเข้า [1]", Reason.FIGURE),
        ("th", "เปิดรับตั้งแต่วันที่ 1 พฤษภาคม 2569 [3]", Reason.FIGURE),
        ("id", "Laporkan alamat baru dalam waktu lima belas hari. [1]", Reason.FIGURE),
        ("es", "Debe avisar su nueva dirección dentro de los quince días. [1]", Reason.FIGURE),
        ("fil", "Iulat ang bagong tirahan sa loob ng labinlimang araw. [1]", Reason.FIGURE),
        ("ne", "नयाँ ठेगाना १५ दिनभित्र दर्ता गर्नुहोस्। [1]", Reason.FIGURE),
        ("my", "၁၅ ရက်အတွင်း လိပ်စာအသစ်ကို အကြောင်းကြားပါ။ [1]", Reason.FIGURE),
        ("zh-Hant", "請在搬入新住址之日起三十天內辦理手續。[1]", Reason.FIGURE),
        ("zh-Hant", "请在搬入新住址之日起14天内办理转入手续，请带本人的证件。[1]", Reason.LANGUAGE),
        ("zh-Hans", "請在搬入新住址之日起14天內辦理轉入手續，請帶本人的證件。[1]", Reason.LANGUAGE),
    ],
)  # fmt: skip
def test_a_sentence_that_the_japanese_does_not_bear_out_is_refused(language: str, reply: str, reason: Reason) -> None:
    checked = check(reply, JA, language, "?")
    assert checked.text == ""
    assert reason in {found.reason for found in checked.dropped}


@pytest.mark.parametrize("text", [
    "비밀번호를 알려 주세요", "Envíe su contraseña", "Kirim kata sandi Anda", "Sabihin ang PIN", "पासवर्ड पठाउनुहोस्",
    "กรุณาบอกรหัสผ่าน", "စကားဝှက်ကို ပြောပြပါ", "請告訴我們密碼",
])  # fmt: skip
def test_begging_for_secrets_is_heard_in_every_language(text: str) -> None:
    assert begs(text, frozenset())
