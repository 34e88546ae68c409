"""お願い: what is asked for with a noun, as a request with a verb, and what is to be done before it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.plain.inflection import Verb
from assistant.language.plain.word import Word, words

_DONE = frozenset("手続き 手続 連絡 電話 面接 予約".split())  # done, not done to something
_ASKED = re.compile("お願い(?:いた)?します")


def asked_for(text: str, found: Sequence[Word]) -> str:
    """提出をお願いします → 提出してください, 書類の提出をお願いします → 書類を提出してください."""
    for n in range(len(found) - 3):
        noun, wo, wish = found[n], found[n + 1], found[n + 2]
        if wo.text != "を" or not noun.pos[2].startswith("サ変") or not text.startswith("お願い", wish.start):
            continue
        match = _ASKED.match(text, wish.start)
        if match is None:
            continue
        start = noun.start
        before = text[:start]
        if noun.text in _DONE:
            return before + noun.text + "をしてください" + text[match.end() :]  # 口座振替の手続きをお願いします
        if n and found[n - 1].text == "の":
            before = text[: start - 1] + ("" if n > 1 and found[n - 2].kind == "助詞" else "を")  # 市への提出を
        elif n and found[n - 1].noun:
            continue
        return before + noun.text + "してください" + text[match.end() :]
    return text


def done_first(found: Sequence[Word]) -> str:
    """書類を添付の上、 → 書類を添付して、, お確かめのうえ、 → 確かめて、. Of a place, 舗装の上を, nothing changes."""
    out: list[str] = []
    at = 0
    while at < len(found):
        prefixed = found[at].text in ("お", "ご", "御") and at + 1 < len(found)
        act = at + prefixed
        done, behind = _done(found[act], polite=prefixed), [word.text for word in found[act + 1 : act + 5]]
        upon = behind[:2] in (["の", "上"], ["の", "うえ"]) and len(behind) > 2
        if done is None or not upon or (found[act + 3].kind == "助詞" and behind[2] != "で"):
            out.append(found[at].text)
            at += 1
            continue
        if out and out[-1] == "の":
            out[-1] = "を"
        with_de = behind[2] == "で"
        comma = behind[2 + with_de : 3 + with_de] == ["、"]
        out.append(done + "、")
        at = act + 3 + with_de + comma
    return "".join(out)


def _done(word: Word, *, polite: bool) -> str | None:
    """The act with て; None for any other word. Behind お a verb may look like a noun: お読みのうえ."""
    verb = words(word.text + "ます")[0] if polite else word
    if verb.kind == "動詞" and verb.text == word.text and verb.form.startswith("連用形"):
        return Verb("", verb.lemma, verb.pos[4]).te
    return word.text + "して" if word.noun and word.pos[2].startswith("サ変") else None
