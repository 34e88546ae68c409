"""Text of any supported language as search tokens."""

from __future__ import annotations

import re
import unicodedata

from knowledge import japanese

_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")

# Words too common to tell one passage from another; short lists, for BM25's idf does the rest.
_STOP: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be by can do does for from have how i if in is it my of on or please should "
        "tell that the this to want what when where which with would you your me need get".split()
    ),
    "vi": frozenset("toi la cua va o co cho de khi nao gi the nao nhu bao nhieu duoc muon can phai lam thi".split()),
    "pt-BR": frozenset(
        "a ao as com como da das de do dos e em eu meu minha na nas no nos o os para por quando que se ser "
        "um uma onde qual quero preciso tenho é".split()
    ),
}


def tokens(text: str, language: str) -> list[str]:
    """Search tokens of a text: Sudachi words (ja), Han bigrams (zh), folded words (others).

    Text that holds kana is Japanese whatever `language` says, for residents mix: 'juminhyo か 住民票 ほしい'.
    Vietnamese and Portuguese lose their diacritics, since many people type without them.
    """
    if language.startswith("ja") or _KANA.search(text):
        return japanese.tokens(_without_readings(text) if language == "ja-x-easy" else text)
    if language.startswith("zh") or (_HAN.search(text) and not language.startswith("ko")):
        return _han_bigrams(text)
    stop = _STOP.get(language, frozenset())
    return [word for word in _WORD.findall(fold(text)) if word not in stop]


def fold(text: str) -> str:
    """Lower case, compatibility forms mended, diacritics off (đ → d)."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("đ", "d"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _without_readings(text: str) -> str:
    # やさしい日本語 writes 住民票（じゅうみんひょう）: the reading would count as other words.
    return re.sub(r"（[\u3041-\u309fー]+）", "", text)


def _han_bigrams(text: str) -> list[str]:
    found: list[str] = []
    for run in _HAN_RUN.findall(unicodedata.normalize("NFKC", text).lower()):
        if run.isascii() or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return found
