"""Text of any supported language as search tokens."""

from __future__ import annotations

import re
import unicodedata

from knowledge import chinese, japanese

_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# `\\w` leaves out the vowel signs of Devanagari, Thai and Burmese, which stand inside words.
_WORD = re.compile(r"(?:[^\W_]|[\u0900-\u0963\u0e31-\u0e4e\u102b-\u103e\u1056-\u1064])+")
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]+")  # Thai, Lao, Burmese, Khmer

# Words too common to tell one passage from another; short lists, for BM25's idf does the rest.
_STOP: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be by can do does for from have how i if in is it my of on or please should "
        "tell that the this to want what when where which with would you your me need get".split()
    ),
    "vi": frozenset("toi la cua va o co cho de khi nao gi the nao nhu bao nhieu duoc muon can phai lam thi".split()),
    "pt-BR": frozenset(
        "a ao as com como da das do dos e em eu meu minha na nas no nos o os para por quando que se ser "
        "um uma onde qual quero preciso tenho é".split()
    ),
}
_ZH_STOP = re.compile(
    "请问|如何|是否|可否|有关|关于|什么|甚么|何处|何时|哪里|哪些|怎么样|怎么|怎样|怎麽|为何|为什么|多少|想要|我要|我想|应该|需要|可以|能否|"
    "相关|问题|一下|知道|告诉|吗|呢|的|了|是|有|要|我|你|您|及|与|或|等|请"
)


def tokens(text: str, language: str) -> list[str]:
    """Search tokens of a text: Sudachi words (ja), Han pairs (zh), folded words (others).

    Text that holds kana is Japanese whatever `language` says, for residents mix: 'juminhyo か 住民票 ほしい'.
    Latin letters lose their diacritics, since many people type without them.
    """
    if language.startswith("ja") or _KANA.search(text):
        return japanese.tokens(_without_readings(text) if language == "ja-x-easy" else text)
    if is_chinese(text, language):
        return chinese.tokens(text)
    stop = _STOP.get(language, frozenset())
    return [piece for word in _WORD.findall(fold(text)) if word not in stop for piece in _pieces(word)]


def index_tokens(text: str, language: str) -> list[str]:
    """The tokens under which a passage is found: as `tokens`, and single characters of Chinese."""
    found = tokens(text, language)
    return found + chinese.characters(text) if is_chinese(text, language) and not _KANA.search(text) else found


def asked_tokens(text: str, language: str) -> list[str]:
    """The tokens of a question: as `index_tokens`, without Chinese words that every question has."""
    if not is_chinese(text, language) or _KANA.search(text) or language.startswith("ja"):
        return tokens(text, language)
    plain = _ZH_STOP.sub(" ", chinese.simplified(text))
    return index_tokens(plain, "zh-Hans") or index_tokens(text, "zh-Hans")


def is_chinese(text: str, language: str) -> bool:
    """True for text that is told to be Chinese, or has Han characters and is neither Japanese nor Korean."""
    return language.startswith("zh") or (bool(_HAN.search(text)) and not language.startswith(("ko", "ja")))


def fold(text: str) -> str:
    """Lower case, compatibility forms mended, diacritics of Latin letters off (đ → d)."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    # Vowel signs of Thai, Burmese and Devanagari are combining too, but carry the word.
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f"))


def _pieces(word: str) -> list[str]:
    """A word, or the pairs of letters of a script that writes without spaces."""
    if not _UNSPACED.fullmatch(word) or len(word) < 3:
        return [word]
    return [word[i : i + 2] for i in range(len(word) - 1)]


def _without_readings(text: str) -> str:
    # やさしい日本語 writes 住民票（じゅうみんひょう）: the reading would count as other words.
    return re.sub(r"（[\u3041-\u309fー]+）", "", text)
