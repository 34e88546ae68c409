"""名詞より動詞で: nouns of acts as verbs, as the guideline asks.

書類の提出が必要です → 書類を出す必要があります, 利用方法 → 使う方法, 審査の結果 → 調べた結果.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from assistant.language.plain.beside import actor
from assistant.language.plain.inflection import Form, Verb, voiced
from assistant.language.plain.lists import listed
from assistant.language.plain.rules import Rule
from assistant.language.plain.word import ASIDE, Word

_TELLS = frozenset("ある ない する わかる 分かる".split())
_Made = tuple[str, int]


def as_verb(rule: Rule, found: Sequence[Word], at: int, next_: int, out: list[str]) -> _Made | None:
    """The noun of an act, at this place up to `next_`, as a verb where its neighbours allow it; else None.

    Changes the の before it, at the end of `out`, to を or が.
    """
    verb = rule.verb
    if verb is None or not rule.usual or next_ >= len(found):
        return None
    # 指定の袋, 給付が止まる: these nouns name a thing or a state as well.
    if rule.head in listed("acts that are things") or modified(found, at):
        return None
    word, following = found[next_], found[next_ + 1] if next_ + 1 < len(found) else None
    joined = _before(verb, found, next_)
    apart = following is None or not (following.noun or following.text == ASIDE)
    if joined and apart and not _possessed(found, at):
        return joined + word.text, next_ + 1
    if following is None or word.kind != "助詞":
        return None
    if word.text == "の":
        before = _before(verb, found, next_ + 1)
        return (before, next_ + 1) if before and owned(verb, found, at, out) else None
    if following.lemma in ("図る", "目指す") and verb.lemma in listed("verbs without object"):
        return None  # 向上を図る: it is made better
    if word.text in ("を", "に") and following.lemma in listed(f"verbs that take acts with {word.text}"):
        return (verb.inflected(Form.DICTIONARY) + "こと", next_) if owned(verb, found, at, out) else None
    return _with_particle(verb, found, at, next_, out) if word.text in ("が", "は", "も") else None


def owned(verb: Verb, found: Sequence[Word], at: int, out: list[str]) -> bool:
    """True when what stands before can go with the verb; …の, at the end of `out`, becomes …を or …が."""
    if not _possessed(found, at):
        return True
    owner = found[at - 2] if at > 1 else None
    if owner is None or not owner.noun or owner.pos[2] == "副詞可能" or not out or out[-1] != "の":
        return False
    if owner.numeral or owner.pos[2].startswith("助数詞") or owner.text in listed("owners that describe"):
        return False  # 2か月の延長, 希望の会場
    if verb.lemma in listed("verbs without object"):
        out[-1] = "が"  # 人数の増加 → 人数が増えること
        return True
    # Of people and offices nobody can tell whether they act or are acted upon: 市の検査.
    if actor(owner.text) or owner.name or "を" in verb.lead:
        return False
    out[-1] = "を"
    return True


def opens_behind_no(opening: Verb | None, found: Sequence[Word], at: int, out: list[str]) -> bool:
    """True unless words for a thing begin with a verb that does not go with what stands before: 生活保護の受給者.

    The の at the end of `out` becomes を where it may: 地下鉄の利用者 → 地下鉄を使う人.
    """
    if opening is None:
        return True
    if modified(found, at):
        return False  # 市の中に住んでいる利用者 is not 住んでいる使う人
    if not _possessed(found, at):
        return True
    alone = opening.lemma in listed("verbs without object") or opening.lemma == "開く"  # 図書館の開いている時間
    return not alone and owned(opening, found, at, out)


def modified(found: Sequence[Word], at: int) -> bool:
    """True when a verb or an adjective stands before the noun and belongs to it: 銀行による納付, 詳しい調査."""
    if not at:
        return False
    last = found[at - 1]
    return last.kind in ("動詞", "形容詞", "連体詞") or (last.kind == "助動詞" and last.form.startswith("連体形"))


def _before(verb: Verb, found: Sequence[Word], head_at: int) -> str:
    """The verb as it stands before when, where or how it is done; empty for a noun that says no such thing."""
    head = found[head_at].text
    # A limit counts from the act that is done: 修理の日から → 直した日から.
    done = [word.text for word in found[head_at : head_at + 2]] == ["日", "から"]
    if head in listed("heads of acts") and not done:
        return verb.inflected(Form.DICTIONARY)
    asked_for = verb.lemma == "使う" or verb.lemma in listed("verbs without object")  # 4月入所の結果
    if done or (head in listed("heads of acts done") and not (head == "結果" and asked_for)):
        return verb.inflected(Form.TE) + voiced(verb.kind, "た")
    return ""


def _with_particle(verb: Verb, found: Sequence[Word], at: int, next_: int, out: list[str]) -> _Made | None:
    particle, following = found[next_].text, found[next_ + 1]
    if particle == "は" and following.text == "必要":
        denied = next_ + 2 < len(found) and found[next_ + 2].lemma in ("ある", "ない")
        made = denied and owned(verb, found, at, out)  # 提出は必要ありません
        return (verb.inflected(Form.DICTIONARY) + "必要は", next_ + 2) if made else None
    if following.lemma in _TELLS or (particle == "は" and not _asks(found, next_ + 1)):
        return None
    needed = None
    if particle == "が" and following.text == "必要":
        after = found[next_ + 2].text if next_ + 2 < len(found) else ""
        needed = {"です": "必要があります", "な": "必要がある"}.get(after, "")
    if needed == "" or not owned(verb, found, at, out):
        return None
    stem = verb.inflected(Form.DICTIONARY)
    if needed:
        return stem + needed, next_ + 3
    return (stem + "には", next_ + 1) if particle == "は" else (stem + "こと", next_)


def _asks(found: Sequence[Word], at: int) -> bool:
    """True when the rest of the clause says what is needed: 利用は予約が必要です → 使うには予約が必要です."""
    clause = takewhile(lambda word: word.text not in ("（", "("), found[at : at + 12])
    return any(word.text in ("必要", "かかり", "かかる", "いり") for word in clause)


def _possessed(found: Sequence[Word], at: int) -> bool:
    return at > 0 and found[at - 1].text == "の"
