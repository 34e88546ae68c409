"""Japanese text as search tokens, by Sudachi."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import jaconv
import sudachipy

# Parts of speech that carry grammar, not meaning (助詞, 助動詞, 補助記号, 空白).
_GRAMMAR = frozenset({"助詞", "助動詞", "補助記号", "空白"})
# Words that stand in nearly every question to a town hall and tell no procedure from another.
_STOP = frozenset(
    (
        "為る 居る 有る 成る 下さる 教える 知る 御 何 如何 良い 出来る 事 物 どう よい です ます 欲しい "
        "願う 致す 頂く 貰う 来る 行く つく 遣る 思う 言う 場合 時 "
        "及び 又は 並びに 若しくは 等 当該 関する 次 うち 正しい 誤る"
    ).split()
)
_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]")
_READING = re.compile(r"(?<=[\u3400-\u9fff々])[（(][\u3041-\u309fー\s]+[）)]")
_GAP = re.compile(r"(?<=[\u3041-\u30ff\u3400-\u9fff々。、])[ \u3000]+(?=[\u3041-\u30ff\u3400-\u9fff々])")
_TAIL = re.compile(
    "(?:について|に関して|のこと(?:について|で|を)?)?(?:お?(?:聞き|伺い|うかがい|尋ね)し?たい|教えて(?:ほしい|ください|下さい)?|相談したい)"
    "(?:です|ん|の|が|けど|けれど)*[。？?！!…]*$"
)
_TWO_SCHOOLS = re.compile("小[・･、]?中学校")
_U_ROW, _I_ROW = "うくぐすつぬぶむる", "いきぎしちにびみり"
_SUDACHI_LIMIT = 12_000  # characters; Sudachi refuses inputs over 49,149 bytes, and 3 bytes a kanji are usual

_TO_HIRAGANA = {code: code - 0x60 for code in range(0x30A1, 0x30F7)}

_local = threading.local()


@dataclass(frozen=True, slots=True)
class Morpheme:
    """形態素: one word of a text with its grammar."""

    text: str  # as it stands
    lemma: str  # 終止形: 出し → 出す
    normal: str  # the usual spelling of the lemma: ひっこし → 引っ越し
    reading: str  # hiragana
    pos: tuple[str, ...]  # 品詞 in four steps, 活用型, 活用形; "*" where there is none
    start: int  # place in the text, characters


def morphemes(text: str) -> Iterator[Morpheme]:
    """The text's words, whole as the dictionary has them (mode C); joined they are the text. Never raises."""
    safe = text.encode("utf-8", "replace").decode()  # a lone surrogate becomes one sign: places stay
    split = sudachipy.SplitMode.C
    for offset in range(0, len(safe), _SUDACHI_LIMIT):
        for found in _tokenizer().tokenize(safe[offset : offset + _SUDACHI_LIMIT], split):
            start, end = offset + found.begin(), offset + found.end()
            if start < end:
                reading = found.reading_form().translate(_TO_HIRAGANA)
                yield Morpheme(
                    text[start:end], found.dictionary_form(), found.normalized_form(), reading,
                    found.part_of_speech(), start,
                )  # fmt: skip


def tokens(text: str) -> list[str]:
    """The text's content words in Sudachi's normalised form (mode A), in order.

    Normalisation maps spellings onto one another: 引越し, 引っ越し and ひっこし all give 引っ越し.
    """
    found: list[str] = []
    # Sudachi reads 小・中学校 as 小中学 and 校.
    text = _TWO_SCHOOLS.sub("小学校 中学校", text)
    folded = unicodedata.normalize("NFKC", text).encode("utf-8", "replace").decode()  # lone surrogates
    for start in range(0, len(folded), _SUDACHI_LIMIT):
        for morpheme in _tokenizer().tokenize(folded[start : start + _SUDACHI_LIMIT]):
            if morpheme.part_of_speech()[0] in _GRAMMAR:
                continue
            word = morpheme.normalized_form().lower()
            if word not in _STOP and not word.isspace():
                found.append(_as_noun(word, morpheme.part_of_speech()[4]))
    return found


def has_kana(text: str) -> bool:
    """True when the text holds hiragana or katakana, which only Japanese has."""
    return _KANA.search(text) is not None


def reading(text: str) -> str:
    """The text in hiragana as the dictionary reads it: 住民票 → じゅうみんひょう; what it can't read stays."""
    return str(jaconv.kata2hira("".join(morpheme.reading_form() for morpheme in _tokenizer().tokenize(text))))


def plain(text: str) -> str:
    """What is asked about: no readings in brackets, no spaces of やさしい日本語, no について聞きたい at the end."""
    tight = _GAP.sub("", _READING.sub("", text))
    return _TAIL.sub("", tight) or tight


def _as_noun(word: str, conjugation: str) -> str:
    """A verb's 連用形, which is also its noun: 引っ越す → 引っ越し, 届ける → 届け. Other words stay."""
    if conjugation.startswith("五段") and word[-1] in _U_ROW:
        return word[:-1] + _I_ROW[_U_ROW.index(word[-1])]
    if "一段" in conjugation and word.endswith("る") and len(word) > 1:
        return word[:-1]
    return word


@lru_cache(maxsize=1)
def _dictionary() -> sudachipy.Dictionary:
    return sudachipy.Dictionary(dict="core")


def _tokenizer() -> sudachipy.Tokenizer:
    # One tokenizer a thread: Sudachi's are not safe to share.
    if not hasattr(_local, "tokenizer"):
        dictionary = _dictionary()
        make = getattr(dictionary, "tokenizer", None) or dictionary.create
        _local.tokenizer = make(sudachipy.SplitMode.A)
    tokenizer: sudachipy.Tokenizer = _local.tokenizer
    return tokenizer
