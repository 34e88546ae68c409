"""What is read aloud, and how."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.reading import reading, sentences

JAPANESE = [
    ("窓口は8:30〜17:15です。[1]", "窓口は8時30分から17時15分です。"),
    ("9:00まで", "9時まで"),
    ("電話は0999-12-3456です", "電話はゼロキューキューキューの、イチニーの、サンヨンゴーロクです"),
    ("０１２０（１２３）４５６", "ゼロイチニーゼロの、イチニーサンの、ヨンゴーロク"),
    ("月・水・金に集めます", "月曜、水曜、金曜に集めます"),
    ("火・金曜日です", "火曜、金曜日です"),
    ("2026-04-01から", "2026年4月1日から"),
    ("4/1(水)まで", "4月1日、水曜日、まで"),
    ("料金は1/2です", "料金は2分の1です"),
    ("45Lの袋", "45リットルの袋"),
    ("〒123-4567", "郵便番号、イチニーサンの、ヨンゴーロクナナ"),
    ("転入した方は無料です", "転入したかたは無料です"),
    ("詳しくは https://example.jp/a?b=1 をご覧ください", "詳しくは ホームページをご覧ください"),
    ("こちら https://example.jp/a?b=1", "こちら"),
    ("[案内](https://a.jp)を見る", "案内を見る"),
    ("- **転入届** は無料です [1, 2]", "転入届 は無料です"),
    ("市民課：1階", "市民課、1階"),
    ("119番に電話", "イチイチキュー番に電話"),
    ("🙂", ""),
    ("生年月日", "生年月日"),
]


@pytest.mark.parametrize(("text", "said"), JAPANESE)
def test_japanese_is_made_ready_for_the_voice(text: str, said: str) -> None:
    assert reading(text, "ja") == said


@pytest.mark.parametrize(
    ("text", "kana"),
    [
        ("転入届", "テンニュートドケ"),
        ("住民票の写し", "ジューミンヒョーノウツシ"),
        ("第22条第1項", "ダイニジューニジョーダイイッコー"),
        ("手数料は1,200円です", "テスーリョーワセンニヒャクエンデス"),
        ("令和8年4月1日", "レーワハチネンシガツツイタチ"),
        ("14日以内", "ジューヨッカイナイ"),
        ("1通300円", "イッツーサンビャクエン"),
        ("8:30から", "ハチジサンジュップンカラ"),
        ("1人、2人", "ヒトリ、フタリ"),
        ("罹災証明書", "リサイショーメーショ"),
        ("朝凪市", "アサナギシ"),
        ("水・金", "スイヨー、キンヨー"),
        ("外国籍の方は無料です", "ガイコクセキノカタワムリョーデス"),
        ("土日祝", "ドヨー、ニチヨー、シュクジツ"),
    ],
)
def test_town_words_and_figures_are_read_rightly(text: str, kana: str) -> None:
    voice = pytest.importorskip("pyopenjtalk")
    assert voice.g2p(reading(text, "ja"), kana=True) == kana


def test_other_languages_keep_their_words_and_spell_telephones() -> None:
    assert reading("Call 0999-12-3456. See https://a.jp [1]", "en") == "Call 0 9 9 9, 1 2, 3 4 5 6. See"
    assert reading("Lệ phí là 300 yên.", "vi") == "Lệ phí là 300 yên."


@given(st.text(max_size=300), st.sampled_from(["ja", "en", "vi", "zh-Hans", "pt-BR", "ja-x-easy"]))
def test_any_text_has_a_reading_without_addresses(text: str, language: str) -> None:
    said = reading(f"{text} https://example.jp/x", language)
    assert "example" not in said
    assert reading("", language) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("窓口は2階です。料金は無料です。", ["窓口は2階です。", "料金は無料です。"]),
        (
            "The counter is on floor 2. The fee is 3.5 dollars.",
            ["The counter is on floor 2.", "The fee is 3.5 dollars."],
        ),
        ("Mở cửa lúc 8 giờ sáng. Miễn phí.", ["Mở cửa lúc 8 giờ sáng.", "Miễn phí."]),
        ("काउन्टर खुला छ। शुल्क लाग्दैन।", ["काउन्टर खुला छ।", "शुल्क लाग्दैन।"]),
        ("ကောင်တာ ဖွင့်ပါသည်။ အခမဲ့ဖြစ်သည်။", ["ကောင်တာ ဖွင့်ပါသည်။", "အခမဲ့ဖြစ်သည်။"]),
        ("See city.example.jp now.", ["See city.example.jp now."]),
    ],
)
def test_each_script_ends_its_sentences(text: str, said: list[str]) -> None:
    assert sentences(text) == said


@given(st.text(alphabet="あ。！？!?\n,、 a１", max_size=400))
def test_sentences_lose_no_letter_and_are_short(text: str) -> None:
    pieces = sentences(text)
    assert [c for p in pieces for c in p if c.isalnum()] == [c for c in text if c.isalnum()]
    assert all(len(p) <= 130 for p in pieces)
