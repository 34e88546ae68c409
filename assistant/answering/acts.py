"""What a question wants to do: whether it names an act that has nothing to do with throwing away."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

from assistant.answering.cues import compared
from assistant.language.folders import pattern_language
from assistant.language.formats import formats
from assistant.model import LANGUAGES
from knowledge import japanese

# Acts of who has something to throw away, and verbs that say nothing: by the dictionary's usual spelling.
_PUTTING_OUT = frozenset(
    "捨てる 棄てる 出す 出せる 処分 廃棄 回収 分別 収集 リサイクル 処理 引き取り 引き取る "
    "引取 片付ける 片付く 分ける 別ける 入れる 混ぜる 洗う 乾かす 切る 包む 縛る 運ぶ "
    "持ち込む 持ち込み 持つ 置く 燃える 燃やす 潰す 外す 抜く 壊れる 割れる 切れる 破れる "
    "汚れる 錆びる さびる 腐る 枯れる 死ぬ 溜まる 残る 余る 使う 使用 要る いる 煎る 入る "
    "開ける 空ける あける 故障 破損 引っ越す する 為る 有る 居る 成る 出来る 分かる 教える "
    "知る 聞く 尋ねる 訊く 思う 言う 困る 下さる 呉れる 貰える 頂ける 願う 質問 確認 済む "
    "良い 迷う 属する 当たる 呼ぶ".split()
)


def wants_something_else(question: str, language: str) -> bool:
    """True for 自転車を登録したい or 'I lost my umbrella': a thing is named, but not to be thrown away."""
    base = pattern_language(language)
    if base == "ja":
        return _does_something_else(question)
    return _words()[base].search(compared(question, language)) is not None


def _does_something_else(question: str) -> bool:
    found = list(japanese.morphemes("".join(question.split())))
    for n, word in enumerate(found):
        if word.normal in _PUTTING_OUT:
            continue
        before = found[n - 1].text if n else ""
        following = found[n + 1] if n + 1 < len(found) else None
        if word.pos[0] == "動詞" and (word.pos[1] == "一般" or before == "を"):
            return True
        part_of_name = following is not None and following.pos[0] in ("名詞", "接尾辞")  # 充電池, 使用済み
        if word.pos[2].startswith("サ変可能") and word.pos[0] == "名詞" and not part_of_name and n:
            return True
    return False


@cache
def _words() -> dict[str, re.Pattern[str]]:
    """Language of patterns → any of its words, in `compared` texts."""
    held = yaml.safe_load(files(__package__).joinpath("other_acts.yaml").read_text("utf-8"))
    bases = {pattern_language(language): language for language in LANGUAGES}
    return {base: _pattern(bases[base], list(map(str, words))) for base, words in held.items()}


def _pattern(language: str, words: list[str]) -> re.Pattern[str]:
    if not formats(language).spaced:
        return re.compile("|".join(re.escape(compared(word, language)) for word in words))
    whole = (re.escape(compared(word.rstrip("*"), language)) + (r"\w*" if word.endswith("*") else "") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(whole)})(?!\w)")
