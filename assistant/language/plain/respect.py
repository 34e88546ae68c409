"""敬意: forms of respect that a pattern or the clause around them tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.language.plain.beside import actor, has_object
from assistant.language.plain.lists import listed
from assistant.language.plain.rules import Kind, by_word
from assistant.language.plain.word import Word

_WISH = re.compile(
    "(?:いただ(?:きます|ける)|頂(?:きます|ける)|(?:くだ|下)さい(?:ます)?)よう(?:、|に)*"
    "お願い(?:いたします|致します|申し上げます|します)"
)
_UNTIL = re.compile(
    "(?<=[\u3400-\u9fffァ-ヺー）)])(?<![時日分月末年])まで(?=[おご]?(?:問い?合わ?せ|連絡|電話|申し?込))"
)
_BEFOREHAND = re.compile("(?:あらかじめ|予め)(?=ご?(?:了承|理解|承知))")
_EITHER = re.compile(
    "[ごお]?(相談|連絡|来庁|来所|来館|持参|確認|郵送|予約|提出)(?:または|又は|か、?)"
    "(?=[おご御](?:問|電話|越|持|連絡|相談|来|提出|返|申))"
)
_ALONE = frozenset({"転入", "転出", "転居", "該当", "帰国", "入院", "退院"})
_AGENT = frozenset({"によって", "により", "から"})


def without_patterns(text: str) -> str:
    """The sentence with plain words in the place of turns of respect that one pattern tells."""
    text = _EITHER.sub(r"\1するか、", _BEFOREHAND.sub("", text))  # ご相談またはお電話ください
    return _UNTIL.sub("に", _WISH.sub("ください", text))


def respected(found: Sequence[Word], at: int) -> bool:
    """True when れる behind a verb is respect, no passive: residents act, and the act has an object or can have none.

    転入された方, 車両を変更される場合, 加入されている医療保険; but 許可される, 購入された販売店.
    """
    if not _acts(found, at):
        return False
    behind = [word.text for word in found[at + 1 : at + 3]]
    if behind[:1] == ["方"] or behind == ["た", "方"]:
        return True
    act, alone = found[at - 1], listed("verbs without object")
    noun = found[at - 2].text if act.lemma == "する" and at > 1 else ""
    easier = by_word().get(noun, {}).get(Kind.SURU)
    verb = easier.verb.lemma if easier is not None and easier.verb is not None else act.lemma
    if verb in alone or noun in _ALONE:
        return True
    if noun == "請求" or behind[:1] in (["の"], ["おそれ"], ["恐れ"], ["たり"]):
        return False  # 料金を請求されたり, 届を出されるのを防ぐ: done to somebody
    start = at - 1 - bool(noun)
    return has_object(found, start) and not _agent(found, start)


def _acts(found: Sequence[Word], at: int) -> bool:
    """True when the act before れる is one that residents do: 転入された方, not 許可された方."""
    act = found[at - 1]
    if act.lemma == "する":
        return at > 1 and found[at - 2].text in listed("acts of residents")
    return act.lemma in listed("verbs of residents")


def _agent(found: Sequence[Word], at: int) -> bool:
    """True when the clause before this place tells who does it: 他人に使われる, 職員によって."""
    for n in range(at - 1, -1, -1):
        word = found[n]
        if word.text in _AGENT or (word.text == "よっ" and word.lemma == "よる"):
            return True
        if word.text == "に" and n > 0 and actor(found[n - 1].text):
            return True
        if word.text in ("、", "。") or word.kind == "動詞":
            return False
    return False
