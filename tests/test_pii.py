"""No personal data survives masking, and ordinary municipal text is left alone."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.pii import MARK, is_card_number, is_my_number, mask, without_marks

HYPHENS = "-‐‑–—−ーｰ "
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
BEFORE = st.sampled_from(
    ["", "私は", "番号は", "これです:", "電話 ", "お願いします。", "số của tôi ", "my number is ", "ア"]
)
AFTER = st.sampled_from(["", "です", "。お願いします", " ok?", "まで", "、どこですか", "\n", " cảm ơn"])
DIGITS = "0123456789"


def _my_number(eleven: str) -> str:
    return next(eleven + last for last in DIGITS if is_my_number(eleven + last))


def _card(fifteen: str) -> str:
    return next(fifteen + last for last in DIGITS if is_card_number(fifteen + last))


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


@st.composite
def written(draw: st.DrawFn, groups: list[str]) -> str:
    """Digit groups as people write them: kinds of hyphen, spaces, full width, invisible characters."""
    sign: str = draw(st.sampled_from(["", *HYPHENS]))
    if draw(st.booleans()) and draw(st.booleans()):
        sign += "\u200b"
    text = sign.join(groups)
    wide: bool = draw(st.booleans())
    return text.translate(WIDE) if wide else text


@st.composite
def identifiers(draw: st.DrawFn) -> str:
    kind = draw(st.sampled_from(["mobile", "landline", "abroad", "my_number", "card", "residence", "mail"]))
    if kind == "mobile":
        return draw(written(["0" + draw(st.sampled_from("789")) + "0", draw(digits(4)), draw(digits(4))]))
    if kind == "landline":
        area = draw(st.sampled_from(["03", "06"]))
        return draw(written([area, "3" + draw(digits(3)), draw(digits(4))]))
    if kind == "abroad":
        return "+81" + draw(written(["", "90", draw(digits(4)), draw(digits(4))]))
    if kind == "my_number":
        number = _my_number(draw(digits(11)))
        return draw(written([number[:4], number[4:8], number[8:]]))
    if kind == "card":
        number = _card("4" + draw(digits(14).filter(lambda d: len(set(d)) > 1)))
        return draw(written([number[:4], number[4:8], number[8:12], number[12:]]))
    if kind == "residence":
        letters = st.text(string.ascii_letters, min_size=2, max_size=2)
        return draw(letters) + draw(digits(8)) + draw(letters)
    return draw(st.text(string.ascii_lowercase, min_size=1, max_size=8)) + draw(digits(2)) + "@example.jp"


@given(BEFORE, identifiers(), AFTER)
def test_no_planted_identifier_survives(before: str, planted: str, after: str) -> None:
    masked = mask(before + planted + after).text
    assert planted not in masked
    left = "".join(c for c in MARK.sub("", masked) if c.isdecimal() or c == "@")
    assert len(left) < 4, "more than three digits of the identifier were left"


@given(st.lists(st.one_of(identifiers(), st.text(max_size=20)), max_size=5).map("".join))
def test_masking_twice_equals_once(text: str) -> None:
    once = mask(text).text
    assert mask(once).text == once


@given(st.text(max_size=300))
def test_any_text_can_be_masked_twice(text: str) -> None:
    once = mask(text)
    again = mask(once.text)
    assert again.text == once.text and again.kinds == ()


@pytest.mark.parametrize(
    ("text", "hidden", "kind"),
    [
        ("メールはa.b@example.jpです", "a.b@example.jp", "email"),
        ("メールａ＠ｅｘａｍｐｌｅ．ｊｐ", "ｅｘａｍｐｌｅ", "email"),
        ("マイナンバーは1234 5678 9012です", "5678", "my_number"),
        ("在留カードＡＢ１２３４５６７８ＣＤです", "１２３４５６７８", "residence_card"),
        ("パスポート TK1234567", "1234567", "passport"),
        ("hộ chiếu B1234567", "1234567", "passport"),
        ("三菱銀行 梅田支店 普通 1234567", "1234567", "account"),
        ("口座番号は００１２３４５です", "００１２３４５", "account"),
        ("被保険者番号12345678", "12345678", "account"),
        ("〒660-0001 東七松町1丁目23番1号 メゾン尼崎203号室です", "23番", "address"),
        ("〒660-0001 東七松町1丁目23番1号 メゾン尼崎203号室です", "203", "address"),
        ("港町1-2-3に住んでいます", "1-2-3", "address"),
        ("〒660-0001", "0001", "postal_code"),
        ("生年月日は昭和55年5月3日です", "55年", "birth_date"),
        ("1980年5月3日生まれです", "1980", "birth_date"),
        ("nasci em 3/5/1980", "1980", "birth_date"),
        ("〇九〇−一二三四−五六七八です", "一二三四", "phone"),
        ("山田健一と申します。住民票がほしいです", "山田", "name"),
        ("私の名前はグエン ヴァン アンです", "グエン", "name"),
        ("My name is John Smith and I moved here", "Smith", "name"),
        ("Tôi tên là Nguyễn Văn An, tôi muốn đăng ký", "Nguyễn", "name"),
        ("Meu nome é João da Silva e preciso de ajuda", "Silva", "name"),
        ("我叫王小明，我想办手续", "王小明", "name"),
    ],
)
def test_personal_data_is_hidden(text: str, hidden: str, kind: str) -> None:
    masked = mask(text)
    assert hidden not in masked.text
    assert kind in masked.kinds


@pytest.mark.parametrize(
    "text",
    [
        "住民票は300円です。令和5年4月1日から",
        "第22条第1項",
        "2026年11月20日 8時30分から17時15分",
        "法人番号は1000020130001です",
        "税金は1,234,567円でした",
        "国道43号線の工事",
        "1丁目の公園はどこですか",
        "平成29年4月2日から平成30年4月1日生まれの子",
        "普通ごみは2026年4月1日から",
        "この手続きは何といいますか",
        "何と申しますか",
        "氏名、住所を変えました",
        "第3号被保険者の手続き",
        "よりそいホットライン 0120-279-338",
        "45Lの袋10枚450円",
        "My Number card を作りたい",
        "我叫什么手续来着",
        "平日 0900-1700",
    ],
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert mask(text).text == text


def test_public_numbers_of_the_town_stay() -> None:
    text = "000-482-1101に電話しました。私は090-1234-5678です"
    masked = mask(text, allow=["０００-４８２-１１０１"])
    assert "000-482-1101" in masked.text and "5678" not in masked.text
    assert "000-482-1101" not in mask(text.replace("000", "0466")).text


def test_marks_are_left_out_for_searching() -> None:
    assert without_marks(mask("電話は090-1234-5678です").text).split() == ["電話は", "です"]


def test_check_digits() -> None:
    assert is_my_number("123456789018") and not is_my_number("123456789019")
    assert is_card_number("4111111111111111") and not is_card_number("4111111111111112")
    assert not is_card_number("0" * 16)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [("Me llamo María García López y vivo en Minato", "María García López"),
     ("Ako po si Juan dela Cruz", "Juan dela Cruz"),
     ("Nama saya Budi Santoso dan saya tinggal di sini", "Budi Santoso"), ("제 이름은 김민수입니다", "김민수"),
     ("저는 김민수라고 합니다", "김민수"), ("ผมชื่อ สมชาย ใจดี ครับ", "สมชาย ใจดี"), ("मेरो नाम राम बहादुर हो", "राम बहादुर"),
     ("Mero naam Ram Bahadur ho", "Ram Bahadur"), ("ကျွန်တော့်နာမည်က အောင်အောင်ပါ", "အောင်အောင်"),
     ("โทร ๐๙๐-๑๒๓๔-๕๖๗๘", "๐๙๐-๑๒๓๔-๕๖๗๘"), ("फोन ०९०१२३४५६७८", "०९०१२३४५६७८"), ("ဖုန်း ၀၉၀-၁၂၃၄-၅၆၇၈", "၀၉၀-၁၂၃၄-၅၆၇၈"),
     ("เลขมายนัมเบอร์ ๑๒๓๔๕๖๗๘๙๐๑๘", "๑๒๓๔๕๖๗๘๙๐๑๘"), ("मेरो इमेल ram.b@example.com", "ram.b@example.com")],
)  # fmt: skip
def test_residents_data_is_hidden_in_every_script(text: str, hidden: str) -> None:
    masked = mask(text)
    assert masked.kinds and hidden not in masked.text and mask(masked.text).text == masked.text


@pytest.mark.parametrize(
    "text",
    [
        "คุณชื่ออะไร",
        "이름은 무엇인가요",
        "제 이름은 바꾸고 싶어요",
        "nama saya apa",
        "mi nombre en el koseki",
        "mero naam k ho",
        "နာမည်က ဘာလဲ",
    ],
)
def test_a_question_about_a_name_holds_none(text: str) -> None:
    assert mask(text).text == text
