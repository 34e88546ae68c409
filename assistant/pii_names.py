"""Names of persons where somebody introduces one: 山田と申します, my name is …, 我叫…, tôi tên là …, 제 이름은 …"""

from __future__ import annotations

import re
from collections.abc import Iterator

_JA = "[一-龥々ヶァ-ヴー・a-z]"
_JA_NAME = rf"{_JA}{{1,12}}(?:[ \u3000]{_JA}{{1,12}}){{0,3}}"
_KANA_NAME = "[ぁ-ん]{2,8}(?:[ \u3000][ぁ-ん]{2,8})?"
_NAME = rf"(?P<it>{_JA_NAME}|(?<![ぁ-ん]){_KANA_NAME})"
_I = "(?:私|わたし|わたくし|僕|俺)"
_LATIN = "[a-z\u00c0-\u024f\u1e00-\u1eff'.-]+"
_DEVANAGARI = "[\u0900-\u0963]+"
_NOT_NAMES = (
    "and i but from the not in on at my is am it or to for with so because who what where como e mas eu sou nao "
    "não o que em và va toi tôi em ở la là gì gi nhưng muốn muon cần can live have want need tenho preciso quero moro "
    "sống song hiện hien năm nam tenho "
    "y pero vivo quiero necesito soy estoy tengo po at nakatira gusto kailangan dan saya tinggal mau ingin ho ra ko ke "
    "k apa ano"
)
_PATTERNS = (
    re.compile(_NAME + "(?=と(?:申|もう)し)"),
    re.compile(
        rf"(?:{_I}の名前|氏名|お?名前|世帯主)(?:は|:|：)[ \u3000]?{_NAME}(?=です|と(?:言|い)|だ|、|。|\s|$|で|さん)"
    ),
    re.compile(rf"(?:^|[。！!\n]|{_I}は){_NAME}(?=と(?:いい|言い)ます(?!か))"),
    re.compile(rf"{_I}は(?P<it>[一-龥々]{{1,4}}[ \u3000][一-龥々ぁ-んァ-ヶ]{{1,5}})(?=です)"),
    re.compile(
        "(?:我叫|我的名字(?:是|叫)?|我名叫|我姓)(?P<it>(?!什么|什麼|做|你|他|她|不|了|救|车)[一-龥·]{1,4}?)"
        r"(?=[,，。.!！、\s]|$|我|是|想|住|今|请|請|要)"
    ),
    re.compile(
        "(?:제|저의|내|나의)? ?(?:이름|성함)은 ?(?P<it>(?!뭐|무엇|무슨|어떻|어디)[가-힣]{2,5}?)"
        "(?=입니다|이에요|예요|이고|인데|이라고|라고|이며|[,.]|$)"
    ),
    re.compile("(?:저는|전|나는) ?(?P<it>(?!뭐|무엇)[가-힣]{2,5}?)(?=(?:이)?라고 ?(?:합니다|해요|하는데|하며|하고))"),
    re.compile(
        r"(?:(?:ผม|ดิฉัน|ฉัน|หนู|เรา) ?ชื่อ|ชื่อ(?:ของ)?(?:ผม|ดิฉัน|ฉัน|หนู) ?(?:คือ)?|ชื่อ-?(?:นาม)?สกุล:?) ?"
        r"(?!อะไร|ว่าอะไร|ไร)(?P<it>(?:นาย|นาง|นางสาว|น\.ส\.)?[ก-๎]{2,20}(?: [ก-๎]{2,25})?)"
        r"(?=[ ,.]|ครับ|ค่ะ|คะ|นะ|$)"
    ),
    re.compile(
        f"(?:मेरो|हाम्रो) नाम (?!के|को)(?P<it>{_DEVANAGARI}(?: {_DEVANAGARI}){{0,3}}?)"
        r"(?= (?:हो|हुन्)(?![\u0900-\u097f])|[,।.!]|$)"
    ),
    re.compile(
        "(?:ကျွန်တော့်|ကျွန်မ|ကျနော့်|ကျမ|ကျွန်တော်)(?:ရဲ့|၏)? ?(?:နာမည်|အမည်)(?:က|မှာ|သည်)? ?(?!ဘာ|ဘယ်)"
        "(?P<it>[က-၉][က-၉ ]{1,30}?)(?=ပါ|ဖြစ်|လို့|[၊။,.]|$)"
    ),
)
_LATIN_LEADS = re.compile(
    "(?:my (?:full )?name is|my name's|name:|i am called|tôi tên là|toi ten la|tên (?:tôi|em|mình|của tôi|của em) là|"
    "ten (?:toi|em|minh) la|em tên là|em ten la|mình tên là|họ tên:?|ho ten:?|(?:o )?meu nome (?:completo )?(?:é|e)|"
    "(?:eu )?me chamo|nome:|(?:yo )?me llamo|mi nombre (?:completo )?es|nombre:|(?:ang )?(?:aking )?pangalan ko"
    "(?: po)?(?: ay)?|ako(?: po)? si|nama (?:lengkap )?(?:saya|aku)(?: adalah)?|nama:|mero naa?m) +"
)
# Question words and offices stand where a name could: 何といいますか, 市役所といいます.
_QUESTION = re.compile(
    "何|なん|どう|どこ|どちら|だれ|誰|こと|もの|これ|それ|ところ|市役所|申請|手続|届|証明|番号|制度|住所|電話"
)


def find_names(plain: str) -> Iterator[tuple[int, int]]:
    """(start, end) of each introduced name in a lower-case text; parts in 〔〕 are never names."""
    for pattern in _PATTERNS:
        for match in pattern.finditer(plain):
            if match["it"] and not _QUESTION.search(match["it"]):
                yield match.span("it")
    for lead in _LATIN_LEADS.finditer(plain):
        yield from _latin_name(plain, lead.end())


def _latin_name(plain: str, start: int) -> Iterator[tuple[int, int]]:
    """Up to five words after the lead, until a small word that no name holds or a sign; or a name in kana or kanji."""
    end, small = start, _NOT_NAMES.split()
    for word in re.finditer(rf"{_LATIN}|[一-龥々ァ-ヴー・ぁ-ん]+", plain[start:]):
        gap = plain[end : start + word.start()]
        if gap.strip(" ") or (end == start and gap) or word[0].strip(".'-") in small:
            break
        end = start + word.end()
        if word[0].endswith(".") and len(word[0]) > 2:
            end -= 1
            break
        if plain[start:end].count(" ") >= 4:
            break
    if end > start:
        yield start, end
