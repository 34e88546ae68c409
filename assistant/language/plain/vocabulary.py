"""語彙と漢字の難しさ: which words a beginner knows, and in which school year a kanji is learnt."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from assistant.language.plain.word import CONTENT, Word
from knowledge import japanese
from knowledge.glossary import forms, rows

_FOLDER = Path(__file__).parent
_KATAKANA = re.compile("[ァ-ヺー・]{3,}")
_HIRAGANA = re.compile("[ぁ-ゖー]+")
_JAPANESE = re.compile("[ぁ-ゖァ-ヺ\u3400-\u9fff々]")


class Level(StrEnum):
    """How hard a word is."""

    GRAMMAR = "grammar"  # particles, endings, signs: not counted
    NAME = "name"  # names, figures, Latin letters: not counted either
    BASIC = "basic"  # an everyday word
    HARD = "hard"  # above that
    LOAN = "loan"  # 外来語 above that
    OFFICIAL = "official"  # a term of our glossary above that: it stays, and is explained


@lru_cache(maxsize=1)
def basic_words() -> frozenset[str]:
    """Everyday words as they are written and in the dictionary's usual spelling; our own list, about 2,000."""
    listed = {
        word for row in rows(_FOLDER / "basic_words.tsv", ("topic", "words")) for word in forms(row["words"])
    }  # fmt: skip
    usual = {found[0].normal for word in listed if len(found := list(japanese.morphemes(word))) == 1}
    return frozenset(listed | usual)


@lru_cache(maxsize=1)
def basic_readings() -> frozenset[str]:
    """The everyday words in hiragana, for texts that write them so: はらう, おかね."""
    found = ("".join(part.reading for part in japanese.morphemes(word)) for word in basic_words())
    return frozenset(reading for reading in found if _HIRAGANA.fullmatch(reading))


@lru_cache(maxsize=1)
def kanji_grades() -> Mapping[str, int]:
    """Kanji → school year 1-6 in which it is taught (学年別漢字配当表, 小学校学習指導要領 2017: 1,026 characters)."""
    file = _FOLDER / "kanji_grades.tsv"
    return {kanji: int(row["grade"]) for row in rows(file, ("grade", "kanji")) for kanji in row["kanji"]}


def level(word: Word) -> Level:
    """How hard the word is."""
    if word.kind not in CONTENT:
        return Level.GRAMMAR
    if word.text in basic_words() or word.lemma in basic_words() or word.normal in basic_words():
        return Level.BASIC
    if _HIRAGANA.fullmatch(word.text) and (len(word.text) < 3 or {word.text, word.lemma} & basic_readings()):
        return Level.BASIC  # Sudachi cuts rare words in hiragana into bits: a short one tells nothing
    if word.term is not None:
        return Level.OFFICIAL
    if word.numeral or word.name or word.pos[2] == "助数詞可能" or not _JAPANESE.search(word.text):
        return Level.NAME
    if word.kind == "動詞" and word.pos[1] == "非自立可能":
        return Level.GRAMMAR
    return Level.LOAN if _KATAKANA.fullmatch(word.text) else Level.HARD
