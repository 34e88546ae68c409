"""となりの言葉: what the words beside a noun make of it: the half of a pair, of a compound, of a definition."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.language.plain.lists import listed
from assistant.language.plain.word import ASIDE, Word

_AND = frozenset("・ 、 また 又 または 又は もしくは あるいは か や と 及び および 並びに".split())


def actor(text: str) -> bool:
    """True for a word that names who acts: a person, a group, an office."""
    return text.endswith(tuple(listed("ends of actors")))


def paired(found: Sequence[Word], at: int) -> bool:
    """True when another noun of an act shares its する: 変更または削除する."""
    link = at - 2 if at > 1 and found[at - 1].text == "は" and found[at - 2].text in ("また", "又") else at - 1
    if link < 1 or found[link].text not in _AND:
        return False
    first = link - 2 if link > 1 and found[link - 1].text == ASIDE else link - 1
    return found[first].pos[2].startswith("サ変") or (found[link].text == "・" and found[first].noun)


def shares(found: Sequence[Word], next_: int) -> bool:
    """True when the act behind a link has the する of both: 販売・貸与する, 実施又は支援する."""
    or_ = [word.text for word in found[next_ : next_ + 2]] in (["また", "は"], ["又", "は"])
    link = next_ + or_
    if not found[next_ - 1].pos[2].startswith("サ変"):
        return False
    if (
        link + 2 >= len(found)
        or not (or_ or found[link].text in _AND - {"、"})
        or not found[link + 1].pos[2].startswith("サ変")
    ):
        return False
    act = found[link + 2]
    does = act.text == "を" and link + 3 < len(found) and found[link + 3].lemma in listed("verbs that do")
    return does or act.lemma in ("する", "できる")


def defined(found: Sequence[Word], next_: int) -> bool:
    """True when the word is what the sentence defines: 農地といいます, 青少年とは."""
    if next_ + 1 >= len(found) or found[next_].text != "と":
        return False
    return found[next_ + 1].lemma in ("いう", "言う", "呼ぶ") or found[next_ + 1].text == "は"


def has_object(found: Sequence[Word], at: int) -> bool:
    """True when を stands before, and no verb that it could belong to: 本籍を市外に転籍する."""
    for word in reversed(found[:at]):
        if word.text in ("、", "。") or word.kind == "動詞":
            return False
        if word.text == "を":
            return True
    return False


def compound_before(found: Sequence[Word], at: int) -> bool:
    """True when the word is the second half of a compound."""
    if at == 0:
        return False
    last = found[at - 1]
    free = last.pos[2] in ("副詞可能", "助数詞", "助数詞可能") or last.numeral
    return (last.noun and not free) or last.kind in ("接頭辞", "形状詞")
