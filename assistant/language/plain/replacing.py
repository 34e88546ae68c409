"""言い換え: the rules at work on one sentence. Official terms and what we explained ourselves stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.language.plain.beside import actor, compound_before, defined, has_object, paired, shares
from assistant.language.plain.compounds import unfolded
from assistant.language.plain.inflection import Form, Verb, form_of, voiced
from assistant.language.plain.lists import listed
from assistant.language.plain.naming import as_verb, modified, opens_behind_no, owned
from assistant.language.plain.rules import Kind, Rule, by_start
from assistant.language.plain.word import ASIDE, Word

_CAN = Verb("", "できる", "上一段-カ行")
_TIMES = {"時": (Form.DICTIONARY, "とき"), "後": (Form.TE, "後"), "前": (Form.DICTIONARY, "前")}
_TITLE = re.compile("「(?:(?!です|ます|ません|ください|。)[^「」]){2,}」|『[^『』]+』")
_POLITE_PERSON = re.compile("人の方(?=[はがをにもへとでの、。（])")  # 介助者の方
_LAW = re.compile(
    "[^、。「」『』（）\\s]{1,80}に関する[^、。「」『』（）\\s]{0,8}(?:法律|条例|規則|政令|省令|特例法|要綱)"
)
_CLOSE = frozenset("） ) 」 ］ ] |".split())
_SAME = re.compile("([\u3400-\u9fffァ-ヺー]{2,})（\\1）")  # 赤ちゃん（赤ちゃん）
_Made = tuple[str, int]
"""New words, and the place of the first word that was not taken."""


def replaced(text: str, found: Sequence[Word]) -> str:
    """The sentence in easier words; `found` are its words. What stands in 「」 as a title or a name stays."""
    titles = [match.span() for match in _TITLE.finditer(text)]
    titles += [(match.start() - 1, match.end()) for match in _LAW.finditer(text)]
    ends = {word.end: n for n, word in enumerate(found)}
    out: list[str] = []
    at = 0
    while at < len(found):
        word = found[at]
        quoted = any(start < word.start < end for start, end in titles)
        made = None if quoted else _made(text, found, ends, at, out)
        if made is None:
            out.append(word.text)
            at += 1
        else:
            out.append(made[0])
            at = made[1]
    return _SAME.sub(r"\1", _POLITE_PERSON.sub("人", "".join(out)))


def _made(text: str, found: Sequence[Word], ends: dict[int, int], at: int, out: list[str]) -> _Made | None:
    word = found[at]
    if text.startswith(ASIDE, word.end):
        return None  # explained already
    for rule in _candidates(word, text):
        start, end = word.start, word.start + len(rule.head)
        if not text.startswith(rule.head, start):
            continue
        if rule.head and end not in ends:
            made = _with_time(rule, text, found, at, out)  # 申請後 is one word
        else:
            made = _by_kind(rule, text, found, at, ends[end] + 1 if rule.head else at, out)
        if made is not None:
            return made
    return unfolded(text, found, at, out) or _potential(found, at)


def _candidates(word: Word, text: str) -> Iterator[Rule]:
    yield from by_start().get(text[word.start : word.start + 2], ())
    if len(word.text) == 1 or text[word.start + 1 : word.start + 2]:
        yield from by_start().get(word.text[:1], ())
    if word.kind in ("動詞", "形容詞"):
        yield from (rule for rule in by_start().get(word.lemma[:2], ()) if not rule.head and rule.tail == word.lemma)


def _by_kind(rule: Rule, text: str, found: Sequence[Word], at: int, next_: int, out: list[str]) -> _Made | None:
    start, end = found[at].start, found[next_ - 1].end if next_ > at else found[at].start
    if not rule.stands(text, start, end):
        return None
    match rule.kind:
        case Kind.SURU | Kind.STATE:
            if compound_before(found, at) or shares(found, next_):
                return None
            if rule.kind is Kind.STATE:
                return _state(rule, found, at, next_)
            return _suru(rule, found, at, next_, out) or as_verb(rule, found, at, next_, out)
        case Kind.PASSIVE:
            return _passive(rule, found, at, next_)
        case Kind.VERB:
            return _verb(rule, found, next_)
        case Kind.MOD:
            return _lead(rule, found, at, next_)
        case Kind.PHRASE if rule.tail:
            return _verb(rule, found, next_)
        case _:
            return _fixed(rule, text, found, at, next_, out)


def _fixed(rule: Rule, text: str, found: Sequence[Word], at: int, next_: int, out: list[str]) -> _Made | None:
    """A rule without inflection."""
    following = found[next_] if next_ < len(found) else None
    beside = {found[at - 1].text if at else "", following.text if following else ""}
    if rule.to.endswith("こと") and (modified(found, at) or "の" in beside or paired(found, at)):
        return None  # 市の発表: who tells whom can't be told
    if rule.kind is Kind.NOUN and (found[next_ - 1].kind == "動詞" or shares(found, next_) or defined(found, next_)):
        return None  # 取り組みます, 販売・貸与する, 農地といいます
    if rule.kind in (Kind.NOUN, Kind.LEAD) and (compound_before(found, at) or found[at].kind == "接尾辞"):
        return None
    if rule.kind is Kind.NOUN and at and (found[at - 1].numeral or found[at - 1].pos[2] in ("助数詞", "助数詞可能")):
        if not found[at].text.startswith("月"):
            return None  # 4月1日現在
        return rule.to + ("の" if following is not None and following.noun else ""), next_  # 6月末データ
    if rule.kind in (Kind.NOUN, Kind.AFTER) and following is not None:
        if rule.head == "等" and following.noun and not following.numeral:
            return None  # 扶養控除等申告書
        joined = following.noun and not following.numeral
        if rule.kind is Kind.NOUN and (joined or following.lemma in ("する", "できる")):
            return None
        if rule.kind is Kind.NOUN and following.kind in ("接尾辞", "接頭辞"):
            return None  # 特例的, 市内各保育所
        if following.numeral and rule.kind is Kind.NOUN:  # 翌月10日 → 次の月の10日
            return (rule.to + "の", next_) if rule.to.endswith(("日", "月", "年", "年度")) else None
    if rule.kind is Kind.NOUN and not opens_behind_no(rule.opening, found, at, out):
        return None
    if following is not None and following.text in ("など", "等") and rule.to.endswith("など"):
        return rule.to.removesuffix("など"), next_
    return rule.to, next_


def _lead(rule: Rule, found: Sequence[Word], at: int, next_: int) -> _Made | None:
    """最新の情報, 緊急な場合: with its の or な; in a compound the whole decides."""
    if next_ + 1 >= len(found) or found[next_].text not in ("の", "な") or compound_before(found, at):
        return None
    return (rule.to, next_ + 1) if found[next_ + 1].noun or found[next_ + 1].kind in ("形容詞", "動詞") else None


def _suru(rule: Rule, found: Sequence[Word], at: int, next_: int, out: list[str]) -> _Made | None:
    """A noun with する, できる or を行う behind it, in the form of that verb."""
    if next_ >= len(found) or rule.verb is None:
        return None
    if "を" in rule.verb.lead and has_object(found, at):
        return None  # 印鑑を押印する → はんこを押す
    if "に" in rule.verb.lead and at > 1 and found[at - 1].text == "に" and found[at - 2].noun:
        return None  # 町に里帰りする → 親の家に帰る
    word = found[next_]
    if word.text == "を" and next_ + 1 < len(found) and found[next_ + 1].lemma in listed("verbs that do"):
        if modified(found, at) or paired(found, at):
            return None
        if found[next_ + 1].lemma in ("図る", "はかる") and rule.verb.lemma in listed("verbs without object"):
            return None  # 向上を図る is not よくなる
        made = _inflected(rule.verb, found, next_ + 1)
        return made if made and owned(rule.verb, found, at, out) else None  # 書類の提出を行う → 書類を出す
    if paired(found, at):
        return None
    if word.lemma == "できる":
        if not rule.usual and rule.verb.lemma in listed("verbs without object"):
            return None  # 手続きが変更できる is not 変わることができる
        if out and out[-1] == "が" and rule.verb.lemma not in listed("verbs without object"):
            if actor(found[at - 2].text) or found[at - 2].text == "方":
                return None  # 要支援の人が利用できる
            out[-1] = "を"  # 手続きが変更できる
        return rule.verb.inflected(Form.DICTIONARY) + "ことが", next_
    if word.text in _TIMES and not (next_ + 1 < len(found) and found[next_ + 1].noun):
        return (_timed(rule.verb, word.text), next_ + 1) if owned(rule.verb, found, at, out) else None
    return _inflected(rule.verb, found, next_) if word.lemma == "する" else None


def _with_time(rule: Rule, text: str, found: Sequence[Word], at: int, out: list[str]) -> _Made | None:
    word = found[at]
    last = word.text[len(rule.head) :]
    following = found[at + 1] if at + 1 < len(found) else None
    apart = not compound_before(found, at) and not (following is not None and following.noun)
    if rule.kind is not Kind.SURU or rule.verb is None or rule.before or last not in _TIMES or not apart:
        return None
    return (_timed(rule.verb, last), at + 1) if owned(rule.verb, found, at, out) else None


def _timed(verb: Verb, time: str) -> str:
    form, word = _TIMES[time]
    return verb.inflected(form) + (voiced(verb.kind, "た") if form is Form.TE else "") + word


def _state(rule: Rule, found: Sequence[Word], at: int, next_: int) -> _Made | None:
    """…されている."""
    if rule.verb is None or [w.text for w in found[next_ : next_ + 3]] != ["さ", "れ", "て"] or paired(found, at):
        return None
    if next_ + 3 >= len(found) or found[next_ + 3].lemma not in ("いる", "おる"):
        return None
    return _inflected(rule.verb, found, next_ + 3)


def _passive(rule: Rule, found: Sequence[Word], at: int, next_: int) -> _Made | None:
    """…される without an object or an agent in its clause."""
    for word in reversed(found[:at]):
        if word.text in ("、", "。"):
            break
        if word.text in ("を", "によって", "により"):
            return None
    if rule.tail:  # 行われる
        if next_ >= len(found) or found[next_].lemma != rule.tail or rule.verb is None:
            return None
    elif next_ >= len(found) or found[next_].text != "さ" or compound_before(found, at):
        return None
    if next_ + 1 >= len(found) or found[next_ + 1].lemma != "れる" or rule.verb is None:
        return None
    behind = [word.lemma for word in found[next_ + 2 : next_ + 4]]
    if rule.verb.lemma == "ある" and behind in (["て", "いる"], ["て", "おる"]):
        return _inflected(rule.verb, found, next_ + 3)  # 行われています → あります
    return _inflected(rule.verb, found, next_ + 1)


def _verb(rule: Rule, found: Sequence[Word], next_: int) -> _Made | None:
    if next_ >= len(found) or found[next_].lemma != rule.tail or rule.verb is None or found[next_].term:
        return None
    last = next_ + 1 >= len(found) or found[next_ + 1].text in _CLOSE
    if last and found[next_].form.startswith("連用形"):
        return None  # （窓口に持ち込み）: a noun
    return _inflected(rule.verb, found, next_)


def _inflected(verb: Verb, found: Sequence[Word], at: int) -> _Made | None:
    """The verb in the form of the word at this place; た and て behind it sound as it asks."""
    following = found[at + 1] if at + 1 < len(found) else None
    form = form_of(found[at].form, following.lemma if following else "")
    if form is None or (following is not None and following.lemma in ("られる", "せる", "させる")):
        return None
    if (verb.kind == "形容詞" and form is not Form.DICTIONARY) or (verb.lemma == "要る" and form is Form.TE):
        return None
    alone = verb.lemma == "もらう" or verb.lemma in listed("verbs without object")
    if form is Form.PASSIVE and (alone or not verb.kind.startswith(("五段", "サ行変格"))):
        return None
    stem = verb.inflected(form)
    if form is Form.TE and following is not None:
        behind = found[at + 2] if at + 2 < len(found) else None
        if verb.lemma in ("いる", "ある") and following.text == "て" and behind and behind.lemma in ("いる", "おる"):
            return _inflected(verb, found, at + 2)  # 滞在している → いる
        if [word.text for word in found[at + 2 : at + 4]] in (["上", "で"], ["うえ", "で"]):
            return stem + voiced(verb.kind, "て") + "から", at + 4  # 同意を得た上で → もらってから
        return stem + voiced(verb.kind, following.text), at + 2
    return stem, at + 1


def _potential(found: Sequence[Word], at: int) -> _Made | None:
    """受け取れる is in the dictionary a verb of its own: もらうことができる."""
    word = found[at]
    if word.kind != "動詞" or word.normal == word.lemma or not word.pos[4].startswith("下一段"):
        return None
    rule = next((r for r in by_start().get(word.normal[:2], ()) if r.kind is Kind.VERB and r.tail == word.normal), None)
    if rule is None or rule.verb is None or rule.head or word.lemma[:-2] != word.normal[:-1]:
        return None
    made = _inflected(_CAN, found, at)
    return (rule.verb.inflected(Form.DICTIONARY) + "ことが" + made[0], made[1]) if made else None
