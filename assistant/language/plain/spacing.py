"""わかち書き: spaces between the phrases (文節) of a text, as readers of やさしい日本語 like them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.language.plain.lists import listed
from assistant.language.plain.ruby import furigana, to_kana
from assistant.language.plain.word import CONTENT, Word, words

_BEFORE = frozenset({"接頭辞"})  # goes with what follows
_OPEN, _CLOSE = "（「『〔［[(", "）」』〕］])"
_ASIDE = re.compile("[（(][^（）()]*[）)]")
_LED = {"て", "で", "に", "く"}


def phrases(found: Sequence[Word]) -> Iterator[list[Word]]:
    """文節: each content word with the particles and endings behind it; compound nouns stay whole."""
    held: list[Word] = []
    for word in found:
        if held and _starts(held[-1], word):
            yield held
            held = []
        held.append(word)
    if held:
        yield held


def spaced(text: str) -> str:
    """The text with a space between its phrases, none at punctuation or where one stands already."""
    gaps = set(_gaps(text))
    return "".join(f" {sign}" if place in gaps else sign for place, sign in enumerate(text))


def spaced_around(text: str) -> str:
    """As `spaced`, for a text with readings in brackets behind its words; what stands in brackets stays as it is."""
    outside: list[int] = []
    end = 0
    for aside in _ASIDE.finditer(text):
        outside += range(end, aside.start())
        end = aside.end()
    outside += range(end, len(text))
    gaps = {outside[place] for place in _gaps("".join(text[place] for place in outside))}
    return "".join(f" {sign}" if place in gaps else sign for place, sign in enumerate(text))


def spaced_kana(text: str) -> str:
    """The text in kana with spaces, as our guides write what a word means: ほかの まちから きたときに だす とどけ."""
    return re.sub(" +", " ", to_kana(furigana(spaced(text)))).strip()


def _gaps(text: str) -> Iterator[int]:
    """The places before which a space belongs."""
    at = 0
    for phrase in phrases(words(text)):
        if at and not text[at - 1].isspace() and text[at - 1] not in _OPEN + "、。・：＝|" and _letter(text[at]):
            yield at
        at += sum(len(word.text) for word in phrase)


def _starts(last: Word, word: Word) -> bool:
    """True when a new phrase begins at `word`."""
    if word.kind not in CONTENT and word.kind not in _BEFORE:
        return False
    if last.kind in _BEFORE or last.text in _OPEN or last.text == "・":
        return False
    if word.noun and (last.noun or last.numeral):
        return _apart(last, word)
    if word.kind == "動詞" and word.lemma == "する" and last.noun:
        return False
    if word.pos[1] == "非自立可能" and word.lemma in listed("helping verbs"):  # 持っている, 出してください
        return last.text not in _LED or (last.text in ("に", "で") and last.pos[1] != "接続助詞")
    return True


def _apart(last: Word, word: Word) -> bool:
    """Two nouns side by side: a noun of time before a number or another one stands alone (今年 4月)."""
    return last.pos[2] == "副詞可能" and (word.numeral or word.pos[2] == "副詞可能") and not word.text.startswith("以")


def _letter(sign: str) -> bool:
    return sign not in _CLOSE + "、。・：！？,.|"
