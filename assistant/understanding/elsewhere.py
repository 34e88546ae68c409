"""Another municipality that a question is about: 'How is garbage sorted in Sapporo?' asked of Asanagi.

Most questions that name another place are for this town all the same: who moves, whose papers come from there, who
works there. So a place counts only where the words put the matter there (札幌市の…, in Sapporo), and only while nothing
in the question speaks of coming, going, papers or kin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import yaml

from assistant.language.errors import PatternsInvalid
from assistant.language.folders import pattern_language
from assistant.language.folding import Folded, fold, tighten, unaccented, view
from knowledge.chinese import japanese_form

_HAN = "一-鿿々ヶケ"
_WARD = f"(?:[{_HAN}]{{1,4}}[区區])?"  # of a city: 札幌市北区
_THERE = _WARD + (
    r"(?:市役所|区役所|役所|役場|県庁|府庁|都庁|道庁)?(?:の場合は|の場合|では|での|における|だと|の|的|(?=怎么|如何))"
)
_CITY = re.compile(f"(?P<name>[{_HAN}]{{2,5}}市){_THERE}")
_COUNTY = re.compile(f"(?P<name>[{_HAN}]{{1,4}}郡[{_HAN}ぁ-ん]{{1,5}}[町村]){_THERE}")
_NO_CITY = re.compile(
    "(?:都|当|本|他|同|全|各|貴|近隣|周辺|朝|青果|卸売|見本|政令|中核|特例|居住|住所地|関係|加盟|我们|这个|本地|别的)市$"
)
_ACROSS_HAN: Final = re.compile(
    "引っ?越|ひっこ|転[入出居校勤]|移[住転]|越して|住民票|[戸户]籍|本籍|住所|広域|から|より|まで|ふるさと|里帰|実家|出身|生まれ"
    "|[親父母兄姉弟妹孫]|家族|親戚|勤|職場|会社|通[勤学院]|大学|病院|施設に|免許|マイナンバー|以前|前の|前に|元の|比べ|違|交付|発行"
    "|行[くきっ]|バス|電車|姉妹|友好|搬|迁|转|从|到|老家|住在|来自|上班|护照|证|来的"
)
# Words of the question that show that the other place is only part of the matter; Latin letters unaccented.
_ACROSS: Final[Mapping[str, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:mov(?:e|ed|ing)|from|transfer\w*|relocat\w*|koseki|juminhyo|regist\w+|resid\w+|born|birth|work(?:s|ing)?"
        r"|parents?|mother|father|family|live[sd]?|living|school|university|hospital|licen[cs]e|cards?|certificates?"
        r"|furusato|hometown|going|college|study\w*|trip|travel\w*|bus|train|issued)\b"
    ),
    "vi": re.compile(
        r"\b(?:chuyen|ho tich|ho khau|cu tru|que|dang song|song o|lam viec|gia dinh|truong|benh vien|bo me|cha me|sap"
        r"|di hoc|cap|xe buyt)\b"
    ),
    "pt": re.compile(
        r"\b(?:mud\w+|vi[mr]|veio|vind[ao]|saindo|sair|registro|residencia|nasc\w+|trabalh\w+|pais|mae|pai|familia"
        r"|mor[aoe]\w*|vou|vai|faculdade|estud\w+|escola|hospital|carteira|cartao|certidao|onibus|trem|viag\w+|emitid[ao])\b"
    ),
    "es": re.compile(
        r"\b(?:mud\w+|vengo|vine|viene|vino|desde|traslad\w+|registro|residencia|nac\w+|trabaj\w+|padres?|madre|hij[oa]s?"
        r"|familia|viv[eio]\w*|voy|vamos|universidad|estudi\w+|escuela|hospital|licencia|tarjeta|certificad\w+|autobus|tren"
        r"|viaj\w+|expedid[ao]|emitid[ao]|anterior)\b"
    ),
    "fil": re.compile(
        r"\b(?:l[iu]+mipat|lilipat|paglipat|galing|mula|nakatira|tumira|titira|ipinanganak|trabaho|nagtatrabaho|magulang"
        r"|nanay|tatay|pamilya|anak|asawa|kapatid|paaralan|eskwela\w*|unibersidad|ospital|lisensya|kard|card|sertipiko|bus|tren"
        r"|pupunta|punta|koseki|rehistro|naka-?rehistro|dating|dati)\b"
    ),
    "id": re.compile(
        r"\b(?:pindah\w*|dari|datang|asal|tinggal|lahir|kelahiran|bekerja|kerja|orang\s?tua|ibu|ayah|keluarga|anak|suami"
        r"|istri|sekolah|universitas|kuliah|rumah\s+sakit|sim|kartu|sertifikat|surat|bus|kereta|pergi|koseki|terdaftar"
        r"|diterbitkan|sebelumnya)\b"
    ),
    "ko": re.compile(
        "이사|전입|전출|이전|옮기|옮겨|살[았고다아]|사는|거주|부모|가족|아이|자녀|출신|태어|출생|직장|일하|근무|학교|대학|병원|면허|카드"
        "|증명|발급|호적|본적|주소|에서(?:왔|온|오)|부터|까지|가[는려고]|버스|전철|등록"
    ),
    "th": re.compile(
        "ย้าย|จาก|เกิด|ทำงาน|พ่อ|แม่|ครอบครัว|ลูก|สามี|ภรรยา|เคยอยู่|อาศัย|พัก|โรงเรียน|มหาวิทยาลัย|โรงพยาบาล|ใบ|บัตร|เดินทาง"
        "|ไป|รถ|ทะเบียน"
    ),
    "ne": re.compile(
        "सर[ेने्]|सार|बसाइ|बाट|देखि|बस्[नछथ]|बसे|जन्म|काम|आमा|बुबा|बाबु|परिवार|छोरा|छोरी|श्रीमान|श्रीमती|स्कुल|विद्यालय|अस्पताल"
        "|कार्ड|प्रमाणपत्र|लाइसेन्स|जान|दर्ता"
    ),
    "my": re.compile("ပြောင်း|ကနေ|မွေး|အလုပ်|မိဘ|အမေ|အဖေ|မိသားစု|ကလေး|ကျောင်း|ဆေးရုံ|ကတ်|လက်မှတ်|လိုင်စင်|သွား|နေထိုင်|စာရင်း"),
}
_BEFORE: Final[Mapping[str, str]] = {
    "es": r"(?:en|de)\s+(?:el\s+(?:barrio|distrito)\s+(?:de\s+)?[a-z]+,?\s+(?:en\s+|de\s+)?)?"
    r"(?:la\s+)?(?:(?:ciudad|provincia|prefectura)\s+de\s+)?",
    "fil": r"(?:sa|ng|taga)\s+(?:[a-z]+[\s-](?:ward|ku),?\s+)?(?:(?:lungsod|siyudad|syudad|prepektura)\s+ng\s+)?",
    "id": r"(?:di|untuk)\s+(?:(?:distrik|kecamatan)\s+[a-z]+,?\s+)?(?:(?:kota|prefektur|provinsi)\s+)?",
    "en": r"(?:in|of|for)\s+(?:the\s+)?(?:[a-z]+[\s-](?:ward|ku),?\s+(?:in\s+)?)?(?:(?:city|prefecture|town)\s+of\s+)?",
    "vi": r"(?:o|tai|cua)\s+(?:quan\s+[a-z]+,?\s+)?(?:thanh pho\s+|tp\.?\s*|tinh\s+|quan\s+)?",
    "pt": r"(?:em|na|no|de|da)\s+(?:(?:bairro|distrito)\s+(?:de\s+)?[a-z]+,?\s+(?:em\s+|de\s+)?)?"
    r"(?:(?:cidade|provincia|prefeitura)\s+de\s+)?",
}
# In languages of other scripts a name in kanji or Latin letters has one of these before or behind it.
_PLACED: Final[Mapping[str, tuple[str, str]]] = {
    "ko": ("", r"\s*(?:시)?(?:에서(?:는|의)?|에는?|의)"),
    "th": (r"(?:ที่|ใน|ของ)\s*(?:เมือง)?\s*", ""),
    "ne": ("", r"\s*(?:शहर|सहर)?\s*(?:मा|को)"),
    "my": ("", r"\s*(?:မြို့)?\s*(?:မှာ|ရဲ့|၏)"),
}
_KIND: Final = r"[\s-]+(?:city|shi|ward|ku|prefecture|ken)"
_WORDS: Final = frozenset(("saga", "sakura", "midori", "city", "town", "ward", "village"))  # mean other things too
# Names that nobody bears as a surname, so that 札幌の needs no 市; 山口の印鑑 is a person's.
_BARE: Final = (
    "東京", "大阪", "京都", "神戸", "名古屋", "札幌", "仙台", "横浜", "広島", "埼玉", "神奈川", "沖縄", "那覇", "新潟",
    "熊本", "鹿児島", "北九州", "岐阜", "静岡", "福岡", "愛媛", "鳥取", "島根", "和歌山", "栃木", "茨城", "群馬",
    "函館", "旭川", "浜松", "相模原", "八王子", "新宿", "渋谷", "世田谷", "兵庫",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlaces:
    """What the town says of itself, folded: no place in it is another town's."""

    names: frozenset[str] = frozenset()  # of the town: a question that names it is for it
    told: str = ""


NO_PLACES: Final = OwnPlaces()
"""A town that has told nothing of itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """Another place that a question is about."""

    japanese: str  # its name, as the town's own texts would name it
    place: str  # its name in the resident's language
    rest: str  # the question without it


def own_places(profile: Mapping[str, object], rows: Iterable[object] = ()) -> OwnPlaces:
    """The places of a town from its profile (town.yaml) and further texts, such as the rows of its facilities."""
    told = fold(json.dumps([profile, [str(row) for row in rows]], ensure_ascii=False, default=str))
    named = profile.get("name")
    texts = [str(text) for text in named.values()] if isinstance(named, dict) else [str(named or "")]
    whole_names = [tighten(fold(text)).text for text in texts]
    names = {name.removesuffix(end) for name in whole_names for end in ("", "市", "区", "町", "村")}
    english = str(named.get("en") or "") if isinstance(named, dict) else ""
    names |= set(re.findall("[a-z]{4,}", fold(english).text)) - _WORDS
    whole = f"{told.text}\n{tighten(told).text}\n{unaccented(told.text)}"
    return OwnPlaces(names=frozenset(name for name in names if len(name) > 1), told=whole)


def elsewhere(text: str, language: str, own: OwnPlaces) -> Elsewhere | None:
    """The other municipality or prefecture that the question is about; None when it is none, or not clear.

    In languages of other scripts only names in kanji or Latin letters are seen, with no other word around that puts
    the matter here.
    """
    forms = view(text)
    plain = unaccented(forms.spaced.text)
    if any(name in form for name in own.names for form in (forms.tight.text, forms.simplified.text, plain)):
        return None
    if pattern_language(language) == "zh":
        return _in_han(text, forms.simplified, language, own) or _in_han(text, forms.tight, language, own)
    return _in_han(text, forms.tight, language, own) or _in_latin(text, forms.spaced, language, own)


def municipality(name: str) -> str:
    """The Japanese name of the municipality or prefecture that is so called in kanji or Latin letters; "" for none."""
    return _names().by_han.get(name, "") or _names().by_latin.get(unaccented(name.casefold()), "")


def _in_han(text: str, folded: Folded, language: str, own: OwnPlaces) -> Elsewhere | None:
    if _ACROSS_HAN.search(folded.text):
        return None
    for pattern in (_names().han, _COUNTY, _CITY):
        for found in pattern.finditer(folded.text):
            name = found["name"]
            japanese = _names().by_han.get(name) or (japanese_form(name) if language.startswith("zh") else name)
            if japanese in own.told or (name not in _names().by_han and _NO_CITY.search(name)):
                continue
            return _found(japanese, text, folded.span(*found.span()), language, folded.span(*found.span("name")))
    return None


def _in_latin(text: str, folded: Folded, language: str, own: OwnPlaces) -> Elsewhere | None:
    plain, code = unaccented(folded.text), pattern_language(language)
    if code not in _ACROSS or _ACROSS[code].search(plain):
        return None
    for found in _names().latin[code].finditer(plain):
        name = found["name"] or found["owner"]
        japanese = _names().by_latin.get(name) or _names().by_han[name]
        if re.search(rf"\b{name}\b", own.told) or japanese in own.told:
            continue
        return _found(japanese, text, folded.span(*found.span()), language)
    return None


def _found(
    japanese: str, text: str, span: tuple[int, int], language: str, named: tuple[int, int] = (0, 0)
) -> Elsewhere:
    code = pattern_language(language)
    known = _names().said.get(japanese, {})
    place = text[slice(*named)] if language == "zh-Hant" else known.get(code, japanese)  # as it is typed
    rest = text[: span[0]] + ("" if code in ("ja", "zh") else " ") + text[span[1] :]
    rest = re.sub(" +([?!.,])", r"\1", re.sub(" {2,}", " ", rest)).strip(" 、，,")
    return Elsewhere(japanese=japanese, place=place, rest=rest)


@dataclass(frozen=True, slots=True)
class _Names:
    """municipalities.yaml, ready to look up."""

    han: re.Pattern[str]
    latin: Mapping[str, re.Pattern[str]]  # by language, as names stand after other words in each
    by_han: Mapping[str, str]  # any form in Chinese characters → Japanese name
    by_latin: Mapping[str, str]
    said: Mapping[str, Mapping[str, str]]  # Japanese name → language → name


@lru_cache(maxsize=1)
def _names() -> _Names:
    """The names of municipalities.yaml. Raises PatternsInvalid naming the entry that is wrong."""
    parsed: object = yaml.safe_load(
        (files("assistant.understanding") / "municipalities.yaml").read_text(encoding="utf-8")
    )
    entries = parsed if isinstance(parsed, dict) else {}
    by_han: dict[str, str] = {}
    by_latin: dict[str, str] = {}
    said: dict[str, dict[str, str]] = {}
    for japanese, spellings in entries.items():
        if not isinstance(spellings, list) or len(spellings) < 2 or not all(isinstance(s, str) for s in spellings):
            raise PatternsInvalid(f"municipalities.yaml: {japanese} needs a Chinese and a Latin spelling")
        chinese, english, *more = spellings
        for form in (japanese, chinese):
            by_han[form] = japanese
        for latin in (english, *more):
            folded = unaccented(latin.casefold())
            if len(folded) > 3 and folded not in _WORDS and not japanese.endswith("区"):
                by_latin.setdefault(folded, japanese)
        said[japanese] = {code: english for code in _ACROSS} | {"zh": chinese, "pt": more[0] if more else english}
        said[japanese]["es"] = more[1] if len(more) > 1 else english
    latin_patterns = {code: _latin_pattern(code, by_latin) for code in _BEFORE}
    latin_patterns |= {code: _placed_pattern(code, (*by_latin, *by_han)) for code in _PLACED}
    return _Names(_han_pattern(by_han), latin_patterns, by_han, by_latin, said)


def _han_pattern(by_han: dict[str, str]) -> re.Pattern[str]:
    """Full names, and the bare ones that are no surnames; the longest first."""
    for form in _BARE:
        japanese = next(form + kind for kind in "市県府都区" if form + kind in by_han)
        for whole in [name for name, known in by_han.items() if known == japanese]:
            by_han.setdefault(whole[:-1], japanese)  # in Japanese and in Chinese
    names = "|".join(re.escape(name) for name in sorted(by_han, key=len, reverse=True))
    return re.compile(f"(?<![東西南北新东])(?:在)?(?P<name>{names}){_THERE}")


def _placed_pattern(code: str, names: Iterable[str]) -> re.Pattern[str]:
    """A name in kanji or Latin letters within a text of another script."""
    before, after = _PLACED[code]
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.compile(rf"{before}(?<![a-z一-鿿])(?P<name>{listed})(?:{_KIND})?(?![a-z一-鿿]){after}(?P<owner>(?!))?")


def _latin_pattern(code: str, by_latin: Mapping[str, str]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(by_latin, key=len, reverse=True))
    after = rf"(?:{_KIND})?(?!\w|[\s-]+(?:street|station|bank|airport))"
    owner = rf"|\b(?P<owner>{names})(?:{_KIND})?'s(?!\w)" if code == "en" else r"|(?P<owner>(?!))"
    return re.compile(rf"\b{_BEFORE[code]}(?P<name>{names}){after}{owner}")
