"""A sentence is in the language of its small words, whatever it names things in; short and odd texts are recognised."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.detect import detect

MIXED = """
ja juminhyo wo toritai
ja sodai gomi no dashikata wo oshiete
ja visaの更新
ja PDFの申請書をダウンロードしたい
ja e-Taxのやり方
ja LINEで予約できますか
ja My Numberカードの更新
ja nihongo wakarimasen
ja hikkoshi no tetsuzuki wa doko desu ka
en where can i get a juminhyo
en I lost my 在留カード what should I do
en what is もえるごみ
en what does 可燃ごみ mean
en I lost my 외국인등록증 what should I do
en got a letter that says 特別徴収税額通知書, what is it
zh-Hans 我的My Number卡丢了怎么办
zh-Hans 怎么申请マイナンバーカード
zh-Hans 请问住民票多少钱
zh-Hans juminhyo怎么办理
zh-Hans 粗大ゴミ怎么预约
zh-Hant 我的My Number卡不見了怎麼辦
zh-Hant 在留カード要怎麼更新
zh-Hant 請問ごみ什麼時候收
zh-Hant 督促状是什麼意思
ko 住民票 어디서 발급받나요
ko 在留カード 갱신하려면
ko my number card 분실
ko 督促状가 뭐예요
ko PayPay로 住民税 낼 수 있나요
vi làm sao gia hạn zairyu card
vi 住民票 lấy ở đâu ạ
vi mất 在留カード phải làm sao
vi もえるごみ là rác gì
vi toi bi mat the my number
pt-BR como tirar o juminhyo
pt-BR quero fazer o 住民票
pt-BR o que é もえるごみ
pt-BR vou me mudar, preciso do 転出届?
es Quiero sacar el juminhyo
es quiero sacar el 住民票
es qué significa 督促状
es se me perdió la My Number card
fil paano po mag renew ng zairyu card
fil magkano po ang 住民票
fil ano po ibig sabihin ng 督促状
fil need ko po ng juminhyo for school, how much po?
fil Good morning po, ask ko lang kung open kayo bukas
id minta juminhyo di mana
id mau urus 在留カード di mana ya
id apa artinya 督促状
id buang sodai gomi bayar berapa
ne malai juminhyo chahiyo, kati parcha
ne Namaste, mero zairyu card harayo, ke garne?
ne fohor kahile falne
ne मलाई juminhyo चाहियो
ne 住民票 कहाँ पाइन्छ
ne visa नवीकरण गर्न के चाहिन्छ
ne मेरो जाइर्यु कार्ड हरायो
th ขอ juminhyo ได้ที่ไหน
th จะไป city hall ต้องเตรียม document อะไรบ้าง
th 督促状 คืออะไร
th My Number Card หาย ทำไง
my juminhyo ဘယ်မှာယူရမလဲ
my visa extension လုပ်ချင်တယ်
my 督促状 ဆိုတာ ဘာလဲ
my My Number Card ပျောက်သွားလို့ပါ
"""
ODD = """
ja ｼﾞｭｳﾐﾝﾋｮｳ ｶﾞ ﾎｼｲ
ja ｺﾞﾐの日はいつですか
ja ﾏｲﾅﾝﾊﾞｰｶｰﾄﾞ
ja 國民健康保險に入りたいのですが
ja 齋藤です。轉入の手續きを教へて下さい
ja 引越しをしたんですけどどうしたらいいですか
ja ごみの日は？(´・ω・`)
en ｈｏｗ ｍｕｃｈ ｉｓ ｉｔ
en I WANT TO REGISTER MY ADDRESS
en garbage day??? 🗑️
en hi im moving out next week do i need to tell u
vi cho em hoi rac to bo o dau a
vi thue juminzei la gi
vi gia han visa o dau
vi TÔI MUỐN ĐĂNG KÝ
pt-BR A que horas abre a câmara municipal? Queria tratar do cartão
pt-BR lixo 😭 nao levaram
pt-BR Estou grávida, onde levanto o boletim de saúde materna?
es CUANTO CUESTA EL CERTIFICADO
es donde pago el juminzei
id saya nak buang sampah besar di mana
"""
UNKNOWN = """
मुझे निवास प्रमाण पत्र चाहिए
कचरा कब फेंकना है?
मेरा कार्ड खो गया है क्या करूं
ময়লা কখন ফেলতে হবে?
ខ្ញុំចង់បានសំបុត្រ
ຂ້ອຍຢາກໄດ້ໃບຢັ້ງຢືນ
Би оршин суугчийн бүртгэл авмаар байна
где получить справку
Де отримати довідку?
أين مكتب البلدية
කසළ දාන්නේ කවදාද
எங்கே குப்பை போடுவது
איפה העירייה
ᠮᠣᠩᠭᠣᠯ ᠬᠡᠯᠡ
Je voudrais un certificat de résidence
Wo bekomme ich eine Meldebescheinigung?
Chiqindini qachon tashlash kerak?
Dove posso buttare la spazzatura?
"""
HAN = """
ja 住民税
ja 保育園
ja 国民健康保険
ja 転入届
ja 戸籍謄本
ja 児童手当
ja 図書館
ja 電話番号
ja 休日診療
ja 住民票必要書類
ja 国保加入
ja 燃
zh-Hans 居民税
zh-Hans 保育园
zh-Hans 请问户口
zh-Hans 国民健康保险
zh-Hans 迁入申报
zh-Hans 图书馆
zh-Hans 多少钱
zh-Hans 我要搬家
zh-Hans 哪里可以办
zh-Hans 垃圾
zh-Hant 居民稅
zh-Hant 請問戶口
zh-Hant 國民健康保險
zh-Hant 遷入登記
zh-Hant 戶籍謄本
zh-Hant 圖書館
zh-Hant 多少錢
zh-Hant 駕照
zh-Hant 我想辦理遷入手續
"""
EASY = """
大きいごみ（粗大（そだい）ごみ）を出（だ）したいです
ごみ は いつ だしますか
子（こ）どもが 生（う）まれました
わたしは ブラジルから きました。どこで てつづきを しますか。
しやくしょは どこですか
"""
PLAIN = """
ごみの日はいつですか
引っ越し 手続き
住民票 コンビニ 手数料
ありがとうございました
よろしくおねがいします
髙橋（たかはし）と申します。住民票を取りたいのですが
日本 太郎です。 住所を 変えたい
スリーヴ エステート はどこですか
ひっこしたんですけど
どこですか
令和六年度の住民税課税証明書（しょうめいしょ）の発行手数料納付方法
"""


def every(block: str) -> list[tuple[str, str]]:
    """(text, language) of each line."""
    return [(text, language) for language, text in (line.split(" ", 1) for line in block.strip().splitlines())]


@pytest.mark.parametrize(("text", "language"), every(MIXED))
def test_small_words_decide_and_not_the_names_of_things(text: str, language: str) -> None:
    assert detect(text, prior=None).language == language


@pytest.mark.parametrize(("text", "language"), every(ODD))
def test_voice_typed_half_width_old_and_unaccented_writing_is_read(text: str, language: str) -> None:
    assert detect(text, prior=None).language == language


@pytest.mark.parametrize("text", UNKNOWN.strip().splitlines())
def test_a_language_that_is_not_ours_is_not_taken_for_its_neighbour(text: str) -> None:
    assert detect(text, prior=None).language == "und"


@pytest.mark.parametrize(("text", "language"), every(HAN))
def test_kanji_alone_are_told_from_both_kinds_of_chinese(text: str, language: str) -> None:
    assert detect(text, prior=None).language == language


@pytest.mark.parametrize("text", EASY.strip().splitlines())
def test_plain_japanese_is_recognised_by_readings_spaces_and_kana(text: str) -> None:
    assert detect(text, prior=None).language == "ja-x-easy"


@pytest.mark.parametrize("text", PLAIN.strip().splitlines())
def test_a_normal_sentence_is_not_called_plain_japanese(text: str) -> None:
    assert detect(text, prior=None).language == "ja"


@pytest.mark.parametrize("prior", ["ja", "ja-x-easy", "en", "vi", "zh-Hans", "zh-Hant", "ko", "th", "ne", "my", "fil"])
@pytest.mark.parametrize(
    "word", ["juminhyo", "sodai gomi", "zairyu card", "my number card", "passport", "visa", "ok", "住民税"]
)
def test_a_bare_word_keeps_the_language_of_the_conversation(word: str, prior: str) -> None:
    assert detect(word, prior=prior).language == prior


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how much?", "en"),
        ("cảm ơn", "vi"),
        ("magkano po", "fil"),
        ("hola", "es"),
        ("多少钱", "zh-Hans"),
        ("請問", "zh-Hant"),
    ],
)
@pytest.mark.parametrize("prior", ["ja", "th", "pt-BR"])
def test_small_words_change_the_language_of_the_conversation(text: str, language: str, prior: str) -> None:
    assert detect(text, prior=prior).language == language


SENTENCES = [text for block in (MIXED, ODD) for text, _ in every(block)]


@given(
    st.sampled_from(SENTENCES),
    st.sampled_from([" https://example.jp/a?b=c", " 😀👍", " 123-4567", " x@example.jp", "\u200b", " {name}"]),
)
def test_what_is_in_no_language_changes_nothing(text: str, more: str) -> None:
    assert detect(text + more, prior=None).language == detect(text, prior=None).language


@given(st.sampled_from([text for text in SENTENCES if len(text) > 20]), st.integers(1, 200))
def test_a_long_text_is_read_as_its_sentence(text: str, times: int) -> None:
    found = detect("\n".join([text] * times), prior=None).language
    assert found.removesuffix("-x-easy") == detect(text, prior=None).language


@pytest.mark.parametrize(
    "text",
    [
        "a" * 60 + "q",
        "ka" * 60 + "q",
        "tsu" * 60 + "q",
        "nya" * 60 + "q",
        "na" * 60 + "q",
        "oh" * 60 + "q",
        "kk" * 60,
        "n'" * 900,
        "(" * 2000,
    ],
)
def test_no_text_takes_long_to_read(text: str) -> None:
    detect("load the identifier once", prior=None)
    start = time.perf_counter()
    detect(text, prior=None)
    assert time.perf_counter() - start < 0.5
