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
from assistant.language.folding import Folded, fold, tighten, unaccented, view

_HAN = "一-鿿々ヶケ"
_THERE = (
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
# Words of the question that show that the other place is only part of the matter; Vietnamese and Portuguese unaccented.
_ACROSS_LATIN: Final[Mapping[str, re.Pattern[str]]] = {
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
}
_BEFORE: Final[Mapping[str, str]] = {
    "en": r"(?:in|of|for)\s+(?:the\s+)?(?:(?:city|prefecture|town)\s+of\s+)?",
    "vi": r"(?:o|tai|cua)\s+(?:thanh pho\s+|tp\.?\s*|tinh\s+|quan\s+)?",
    "pt": r"(?:em|na|no|de|da)\s+(?:(?:cidade|provincia|prefeitura)\s+de\s+)?",
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
    """The other municipality or prefecture that the question is about; None when it is none, or not clear."""
    forms = view(text)
    plain = unaccented(forms.spaced.text)
    if any(name in forms.tight.text or name in plain for name in own.names):
        return None
    return _in_han(text, forms.tight, language, own) or _in_latin(text, forms.spaced, language, own)


def _in_han(text: str, folded: Folded, language: str, own: OwnPlaces) -> Elsewhere | None:
    if _ACROSS_HAN.search(folded.text):
        return None
    for pattern in (_names().han, _COUNTY, _CITY):
        for found in pattern.finditer(folded.text):
            name = found["name"]
            japanese = _names().by_han.get(name, name)
            if japanese in own.told or (name not in _names().by_han and _NO_CITY.search(name)):
                continue
            return _found(japanese, text, folded.span(*found.span()), language)
    return None


def _in_latin(text: str, folded: Folded, language: str, own: OwnPlaces) -> Elsewhere | None:
    plain, code = unaccented(folded.text), language.split("-", 1)[0]
    if code not in _BEFORE or _ACROSS_LATIN[code].search(plain):
        return None
    for found in _names().latin[code].finditer(plain):
        name = found["name"] or found["owner"]
        if re.search(rf"\b{name}\b", own.told):
            continue
        return _found(_names().by_latin[name], text, folded.span(*found.span()), language)
    return None


def _found(japanese: str, text: str, span: tuple[int, int], language: str) -> Elsewhere:
    known = _names().said.get(japanese, {})
    code = language.split("-", 1)[0]
    rest = text[: span[0]] + ("" if code in ("ja", "zh") else " ") + text[span[1] :]
    rest = re.sub(" +([?!.,])", r"\1", re.sub(" {2,}", " ", rest)).strip(" 、，,")
    return Elsewhere(japanese=japanese, place=known.get(code, japanese), rest=rest)


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
        said[japanese] = {"zh": chinese, "en": english, "vi": english, "pt": more[0] if more else english}
    latin_patterns = {code: _latin_pattern(code, by_latin) for code in _BEFORE}
    return _Names(_han_pattern(by_han), latin_patterns, by_han, by_latin, said)


def _han_pattern(by_han: dict[str, str]) -> re.Pattern[str]:
    """Full names, and the bare ones that are no surnames; the longest first."""
    for form in _BARE:
        japanese = next(form + kind for kind in "市県府都区" if form + kind in by_han)
        for whole in [name for name, known in by_han.items() if known == japanese]:
            by_han.setdefault(whole[:-1], japanese)  # in Japanese and in Chinese
    names = "|".join(re.escape(name) for name in sorted(by_han, key=len, reverse=True))
    return re.compile(f"(?<![東西南北新东])(?:在)?(?P<name>{names}){_THERE}")


def _latin_pattern(code: str, by_latin: Mapping[str, str]) -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(by_latin, key=len, reverse=True))
    after = rf"(?:{_KIND})?(?!\w|[\s-]+(?:street|station|bank|airport))"
    owner = rf"|\b(?P<owner>{names})(?:{_KIND})?'s(?!\w)" if code == "en" else r"|(?P<owner>(?!))"
    return re.compile(rf"\b{_BEFORE[code]}(?P<name>{names}){after}{owner}")
