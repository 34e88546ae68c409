"""わかち書き: spaces between the phrases (文節) of a text, as readers of やさしい日本語 like them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.language.plain.lists import listed
from assistant.language.plain.ruby import furigana, to_kana
from assistant.language.plain.word import CONTENT, Word, words

_BEFORE = frozenset({"接頭辞"})  # goes with what follows
_OPEN, _CLOSE = "（「『〔［[(", "）」』〕］])"
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
    made = ""
    for phrase in phrases(words(text)):
        piece = "".join(word.text for word in phrase)
        if made and not made[-1].isspace() and made[-1] not in _OPEN + "、。・：＝|" and _letter(piece[0]):
            made += " "
        made += piece
    return made


def spaced_kana(text: str) -> str:
    """The text in kana with spaces, as our guides write what a word means: ほかの まちから きたときに だす とどけ."""
    return re.sub(" +", " ", to_kana(furigana(spaced(text)))).strip()


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
