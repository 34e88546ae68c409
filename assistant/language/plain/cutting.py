"""一文一義: a long sentence as several short ones, where nothing else in it hangs on the place of the cut."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.language.plain.inflection import Form, Verb
from assistant.language.plain.lists import listed
from assistant.language.plain.word import ASIDE, Word, plain_word

LONG = 24  # characters: a shorter sentence holds one idea as it stands
_OPEN, _CLOSE = "（「『〔［(", "）」』〕］)"
_POLITE = frozenset({"ます", "です", "くださる", "下さる", "ぬ"})
_HIGH = frozenset({"ます", "です"})
_DATED = re.compile("[0-9０-９]{4}年|[0-9０-９]年（|年[0-9０-９]+月")
_NOUNS = frozenset("決まる 助ける 届ける 住まう 着替える".split())  # their 連用形 is a noun as well
_FACTS = frozenset({"た", "ない", "ある", "いる"})
Words = list[Word]


def cut(found: Words) -> list[Words]:
    """The sentence as one or more; in a row they say the same. Verbs before a comma take て where it is not cut."""
    made: list[Words] = []
    for part in _aside_apart(found) or (found,):
        rest = part
        while (halves := _halved(rest)) is not None:
            made.append(uncut(halves[0]))
            rest = halves[1]
        made.append(uncut(rest))
    return made


def _halved(found: Words) -> tuple[Words, Words] | None:
    """The sentence up to its first cut, and the rest; None when there is nothing to cut."""
    if sum(len(word.text) for word in found) < LONG or not _is_polite(found):
        return None
    for n in _outside(found):
        if n + 2 >= len(found) or (found[n + 1].text != "、" and found[n].text != "の"):
            continue
        halves = _but(found, n) or _because(found, n) or _and_then(found, n)
        if halves is not None:
            return halves
    return None


def _but(found: Words, n: int) -> tuple[Words, Words] | None:
    """…ますが、 → …ます。でも、"""
    if found[n].text != "が" or found[n].pos[1] != "接続助詞":
        return None
    return _halves(found, n, n + 2, "でも、")


def _because(found: Words, n: int) -> tuple[Words, Words] | None:
    """…ので、 and …ため、 → …ます。だから、 unless the first half has a topic, which may reach into the second."""
    texts = [word.text for word in found[n : n + 3]]
    if texts[:3] == ["の", "で", "、"] and n:
        after = n + 3
    elif n and _gives_reason(found[n], found[n - 1]):
        after = n + 2
    else:
        return None
    if any(word.text == "は" and word.pos[1] == "係助詞" for word in found[:n]):
        return None
    return _halves(found, n, after, "だから、")


def _gives_reason(word: Word, last: Word) -> bool:
    """True for …ますから and …たため; …するため may be a purpose."""
    if word.text == "から":
        return word.pos[1] == "接続助詞" and last.lemma in _HIGH
    return word.text == "ため" and last.lemma in _FACTS


def _and_then(found: Words, n: int) -> tuple[Words, Words] | None:
    """…し、…ます → …します。そして、…ます, when the last verb is the only one that the first can go with."""
    if not _pauses(found, n) or not _simple(found[n + 2 :]):
        return None
    if found[n].lemma in listed("verbs that lead on"):
        return None  # 寺も含め、 tells of no act
    verb = Verb("", found[n].lemma, found[n].pos[4])
    ending = _ending(found[n + 2 :])
    rest = "".join(word.text for word in found[n + 2 :])
    if "かどうか" in rest or (ending == "ています" and _DATED.search("".join(word.text for word in found[:n]))):
        return None  # 2002年に条例を作り、…しています: it is over
    if found[n].lemma == "ある":
        ending = "ます"
    if ending is None:
        return None
    stem = verb.te if ending in ("てください", "ています") else verb.inflected(Form.MASU)
    end = ending[1:] if ending in ("てください", "ています") else ending
    left = [*found[:n], plain_word(stem + end + "。")]
    right = found[n + 2 :]
    return left, right if _has_topic(right) else [plain_word("そして、"), *right]


def _halves(found: Words, n: int, after: int, link: str) -> tuple[Words, Words] | None:
    left = _polite(found[:n])
    if left is None or sum(len(word.text) for word in found[:n]) < 5 or after >= len(found):
        return None
    if sum(len(word.text) for word in found[after:]) < 5:
        return None
    return [*left, plain_word("。")], [plain_word(link), *found[after:]]


def _polite(clause: Words) -> Words | None:
    """The clause with です or ます at its end; None when we can't tell how."""
    last = clause[-1] if clause else None
    before = clause[-2] if len(clause) > 1 else None
    if last is None:
        return None
    if last.lemma in _HIGH:
        return clause
    if last.text == "な" and last.lemma == "だ":
        return [*clause[:-1], plain_word("です")]
    if last.lemma == "た" and before is not None:
        if before.lemma == "ます":
            return clause
        if before.kind == "動詞":
            stem = Verb("", before.lemma, before.pos[4]).inflected(Form.MASU)
            return [*clause[:-2], plain_word(stem + "ました")]
        return [*clause[:-1], plain_word("ました")] if before.text in ("れ", "られ") else None
    if last.text == "ない" and last.kind == "助動詞" and before is not None and before.kind == "動詞":
        stem = Verb("", before.lemma, before.pos[4]).inflected(Form.MASU)
        return [*clause[:-2], plain_word(stem + "ません")]
    if last.text == "ない" and last.kind == "形容詞":
        return [*clause[:-1], plain_word("ありません")]
    if last.kind in ("動詞", "形容詞") and last.text == last.lemma:
        return [*clause[:-1], plain_word(Verb("", last.lemma, last.pos[4]).polite)]
    return None


def _pauses(found: Words, n: int) -> bool:
    """True for a verb before a comma: 窓口に行き、."""
    word = found[n]
    if word.kind != "動詞" or word.form != "連用形-一般" or not 0 < n < len(found) - 1:
        return False
    if word.lemma != "する" and found[n - 1].noun and found[n - 1].pos[2] != "副詞可能":
        return False  # 現金払い、口座振替: a noun
    if found[n - 1].text in ("の", "・", "）", ASIDE):
        return False  # トイレの詰まり、
    if n + 2 < len(found) and found[n + 2].text in ("又", "または", "又は", "もしくは", "あるいは"):
        return False
    if word.lemma in _NOUNS and found[n - 1].text not in ("を", "に", "が", "へ", "で", "と"):
        return False  # 申請は決まり、名簿
    if word.text == "つき" and found[n - 1].text == "に":
        return False  # 1人につき、
    if found[n - 1].text == "、" and found[n - 2].noun:
        return False  # 仕事、住まい、借金: a noun
    return found[n + 1].text == "、" and found[n - 1].kind != "動詞"


def _simple(rest: Words) -> bool:
    """True when no verb of the rest modifies a noun or sets a condition."""
    for word, following in pairwise(rest):
        if word.form.startswith("仮定形") or (word.pos[1] == "接続助詞" and word.text not in ("て", "で")):
            return False
        modifies = word.kind == "動詞" or (word.kind == "助動詞" and word.lemma in ("た", "ない", "れる", "られる"))
        if modifies and following.kind in ("名詞", "代名詞") and word.form.startswith(("連体形", "終止形")):
            return False
    return True


def _ending(rest: Words) -> str | None:
    """The ending that the verb before the comma takes over from the last one; None when it may not."""
    tail = [word for word in rest if word.text not in "。！"][-4:]
    texts = [word.text for word in tail]
    if texts[-2:] in (["て", "ください"], ["で", "ください"]) and "ない" not in texts:
        return "てください"
    if len(tail) > 1 and tail[-2].kind == "動詞" and texts[-1] == "ます":
        if tail[-2].lemma == "いる" and texts[-3:-2] in (["て"], ["で"]):
            return "ています"
        able = tail[-2].lemma == "できる" or (
            tail[-2].lemma != tail[-2].normal and tail[-2].pos[4].startswith("下一段")
        )
        return None if able or tail[-2].lemma in ("ある", "なる") else "ます"
    if texts[-2:] == ["まし", "た"] and len(tail) > 2 and tail[-3].kind == "動詞":
        return "ました"
    return None


def uncut(found: Words) -> Words:
    """The sentence as one, with て before its commas: 行き、 → 行って、 ; あり、 and passives stay."""
    out = list(found)
    for n in _outside(found):
        word = found[n]
        if _pauses(found, n) and word.lemma not in ("ある", "なる", "できる", "よる", "おく") and word.pos[4] != "*":
            out[n] = plain_word(Verb("", word.lemma, word.pos[4]).te)
    return out


def _aside_apart(found: Words) -> tuple[Words, Words] | None:
    """…です（…してください）。 → …です。…してください。"""
    stop = len(found) - 1
    if stop < 3 or found[stop].text != "。" or found[stop - 1].text != "）":
        return None
    start = max((n for n, word in enumerate(found) if word.text == "（"), default=-1)
    inner = found[start + 1 : stop - 1]
    if (
        start < 2
        or not inner
        or inner[0].text.startswith("＝")
        or not _is_polite(inner)
        or not _is_polite(found[:start])
    ):
        return None
    if sum(word.text == "（" for word in found) != sum(word.text == "）" for word in found):
        return None
    return [*found[:start], plain_word("。")], [*inner, plain_word("。")]


def _is_polite(found: Words) -> bool:
    """True when the sentence ends in です, ます, ません or ください."""
    tail = [word for word in found[-3:] if word.text not in "。！"]
    if not tail:
        return False
    if tail[-1].lemma == "た" and len(tail) > 1:
        return tail[-2].lemma in _HIGH
    return tail[-1].lemma in _POLITE or tail[-1].text.endswith(("ます", "です", "ません", "ください"))


def _has_topic(found: Words) -> bool:
    return any(word.text == "は" and word.pos[1] == "係助詞" for word in found[:8])


def _outside(found: Sequence[Word]) -> list[int]:
    """Places outside brackets."""
    depth, places = 0, []
    for n, word in enumerate(found):
        if word.kind == "補助記号":
            depth += sum(sign in _OPEN for sign in word.text) - sum(sign in _CLOSE for sign in word.text)
        if depth <= 0:
            places.append(n)
    return places
