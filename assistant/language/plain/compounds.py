"""漢語をほどく: compound nouns of hard words as phrases of everyday ones, or not at all.

検査結果 → 調べた結果, 最新情報 → いちばん新しい情報, 来場者数 → 来た人の数, 感染予防 → うつることを防ぐこと.
Every hard part must have everyday words; official terms, names, figures and what is called by its compound stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import partial

from assistant.language.plain.beside import actor
from assistant.language.plain.inflection import Form, Verb, voiced
from assistant.language.plain.lists import listed
from assistant.language.plain.naming import modified, opens_behind_no, owned
from assistant.language.plain.rules import Kind, by_word, explained
from assistant.language.plain.vocabulary import Level, level
from assistant.language.plain.word import ASIDE, Word

BESIDE = frozenset("以上 以下 以内 未満 以降 以前 以後 以外 ごと 等 など 程度 用 分 側 間 中 内 外 前 後 時".split())
"""What stands behind a compound without being a part of it."""

_LONGEST = 26  # letters
_SUFFIXES = {"者": "人", "数": "数", "費": "お金", "料": "お金", "先": "所", "日": "日", "側": "側", "時": "とき"}
_INSIDE = frozenset("市内 区内 町内 村内 県内 都内 府内".split())
_PLAIN = frozenset({"一般", "サ変可能"})
_FREE = frozenset("直接 ふつう 原則".split())  # belong to the predicate
_FREE_BEHIND = frozenset("以外 等 など".split())


class _Role(Enum):
    OWN = auto()  # an everyday word that stays
    THING = auto()  # a noun in the place of a hard one
    LEAD = auto()  # what stands before a noun, with its の, な or verb
    ACT = auto()  # a verb


@dataclass(frozen=True, slots=True)
class _Part:
    role: _Role
    text: str
    verb: Verb | None = None
    word: str = ""  # as it stood
    act: bool = False  # True for the noun of an act: 相談
    opening: Verb | None = None  # what words for a thing begin with: もらう of もらっている人
    plain: bool = True  # True for a noun that is neither a time nor half an adjective


def run_end(found: Sequence[Word], at: int) -> int:
    """Where the compound noun that begins at this place ends; the next place for any other word."""
    end = at + 1
    if not (found[at].noun or found[at].kind == "接頭辞"):
        return end
    while (
        end < len(found)
        and found[end].noun
        and found[end].text not in BESIDE
        and found[end - 1].pos[2] not in ("副詞可能", "助数詞", "助数詞可能")
    ):
        end += 1
    return end


def unfolded(text: str, found: Sequence[Word], at: int, out: list[str]) -> tuple[str, int] | None:
    """The compound that begins at this place as a phrase, and the place behind it; None where it stays.

    Where it begins with a verb, の at the end of `out`, what was written so far, becomes を or が.
    """
    if at and (found[at - 1].noun or found[at - 1].kind in ("接頭辞", "形状詞")):
        return None
    end = run_end(found, at)
    run = found[at:end]
    if len(run) < 2 or not _may_change(text, found, at, end):
        return None
    held = [_part(word, last=n + 1 == len(run)) for n, word in enumerate(run)]
    parts = [part for part in held if part is not None]
    changed = [part.role for part in parts if part.role is not _Role.OWN]
    named = any(word.name for word in run)  # 東京駅周辺 is a place, 朝凪市総合計画 a title
    if named and run[-1].text in _INSIDE:
        return None  # 朝凪市内
    if len(parts) < len(run) or not changed or (named and (changed != [_Role.THING] or parts[-1].role is _Role.OWN)):
        return None
    phrase = _joined(parts)
    if phrase.endswith("など") and end < len(found) and found[end].text in ("など", "等"):
        phrase = phrase.removesuffix("など")
    if not phrase or len(phrase) > _LONGEST:
        return None
    if phrase.endswith("こと") and end < len(found) and found[end].text in ("の", "まで"):
        return None  # 車いす利用の方
    first = parts[0]
    fits = owned(first.verb, found, at, out) if first.verb else opens_behind_no(first.opening, found, at, out)
    return (phrase, end) if fits else None


def _may_change(text: str, found: Sequence[Word], at: int, end: int) -> bool:
    run, following = found[at:end], found[end] if end < len(found) else None
    if (
        any(word.numeral or word.text in _FREE for word in run)
        or run[-1].term is not None
        or modified(found, at)
        or _has_name(run)
    ):
        return False
    if run[-1].text in listed("ends of official names") or run[-1].text.endswith(tuple(listed("ends of papers"))):
        return False
    if at and found[at - 1].text in ("「", "『"):
        return False  # a name or a title
    if following is None:
        return True
    if following.text in ("」", "』") or text.startswith(ASIDE, run[-1].end) or following.lemma in ("する", "できる"):
        return False
    if following.text == "を" and end + 1 < len(found) and found[end + 1].lemma in listed("verbs that do") | {"実施"}:
        return False  # …ことをする
    return not following.noun or following.text in _FREE_BEHIND


def _has_name(run: Sequence[Word]) -> bool:
    """True when words of the compound, side by side, are called by a name of ours: 指定管理者."""
    whole = {"".join(word.text for word in run[n:m]) for n in range(len(run)) for m in range(n + 2, len(run) + 1)}
    return not whole.isdisjoint(explained())


def _part(word: Word, *, last: bool) -> _Part | None:
    made = partial(_Part, word=word.text, act=word.pos[2].startswith("サ変"), plain=word.pos[2] in _PLAIN)
    if word.kind == "接尾辞":
        return made(_Role.THING, _SUFFIXES[word.text]) if word.text in _SUFFIXES else None
    kinds = by_word().get(word.text, {})
    stays = word.name or word.term is not None
    if stays or (not kinds and word.kind != "接頭辞" and level(word) in (Level.BASIC, Level.GRAMMAR)):
        return made(_Role.OWN, word.text)
    if not last and Kind.MOD in kinds:
        return made(_Role.LEAD, kinds[Kind.MOD].to)
    if Kind.NOUN in kinds and not kinds[Kind.NOUN].to.endswith("こと") and not kinds[Kind.NOUN].to.startswith("その"):
        return made(_Role.THING, kinds[Kind.NOUN].to, opening=kinds[Kind.NOUN].opening)
    return made(_Role.ACT, "", kinds[Kind.SURU].verb) if Kind.SURU in kinds else None


def _joined(parts: Sequence[_Part]) -> str:
    """The phrase; empty when the parts do not go together."""
    out, before = "", None
    for part in parts:
        link = _object(before, part) if part.role is _Role.ACT else _link(before, part)
        if link is None:
            return ""
        out += link + (part.verb.inflected(Form.DICTIONARY) if part.verb else part.text)
        if before is not None and before.role is _Role.ACT and _over(before, part):
            out = _done(out, before, part)
        before = part
    return out + "こと" if before is not None and before.role is _Role.ACT else out


def _over(act: _Part, head: _Part) -> bool:
    """True when the act is over: 調べた結果, 生まれた日, but 決まる予定."""
    if head.word in ("予定", "希望", "見込み", "計画"):
        return False
    return head.word in listed("heads of acts done") or act.word in listed("acts that are over")


def _link(before: _Part | None, part: _Part) -> str | None:
    """What joins a noun to what stands before it; None when nobody can tell how it belongs to it."""
    if before is None or before.role is _Role.LEAD:
        return ""
    if part.opening is not None:
        return None  # 避難支援者: の does not lead to 助ける
    if before.role is _Role.ACT:
        return "" if part.word in listed("heads of acts") | listed("heads of acts done") | {"者", "数"} else None
    return "" if before.role is _Role.OWN and part.role is _Role.OWN else "の"


def _object(before: _Part | None, part: _Part) -> str | None:
    """What joins a verb to what stands before it; None when nobody can tell how it belongs to it."""
    if before is None:
        return ""
    if before.role is _Role.LEAD or not before.plain or part.verb is None or "を" in part.verb.lead:
        return None
    if before.act:
        return "を" if before.role is _Role.OWN and part.word in listed("acts upon acts") else None
    if actor(before.word):
        return None  # 個人利用: they act
    inside = before.word.endswith("内")
    if part.word in listed("acts of what stands before"):
        return "で" if inside else "が"
    return "を" if part.word in listed("acts upon what stands before") and not inside else None


def _done(out: str, act: _Part, head: _Part) -> str:
    """調べる結果 → 調べた結果."""
    if act.verb is None:
        return out
    stem = out.removesuffix(act.verb.inflected(Form.DICTIONARY) + head.text)
    return stem + act.verb.inflected(Form.TE) + voiced(act.verb.kind, "た") + head.text
