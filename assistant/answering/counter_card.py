"""窓口で見せるカード: what a resident needs, in Japanese for the counter and in the resident's language."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from assistant.language.plain.inflection import Form, verb
from knowledge.glossary.finding import finder
from knowledge.passage import Facts, Passage

_GLOSSES = 3  # local names of one line
_BRACKETED = re.compile("[（(]([^（）()]*)[）)]")
_PARTS = re.compile("[・、,／/]")
_PAPER = re.compile("届(?:け|書)?$")
_WHEN = re.compile("(.+?)(?:とき|時|場合)(?:(?:は|に|には)?$|[、・])")
_DEED = re.compile(
    "(?:申請|請求|申込み?|申し込み|届出|届け出|登録|変更|更新|取消し?|廃止|手続き?|予約|相談|申告|加入|脱退|交付|再発行|返納)$"
)
_FORMAL = re.compile("の(?:届出|届け出|申請)$|[^・]{3,}登録$")  # 妊娠の届出: says more than what happened
_PROOF = re.compile("(?:写し|証明書?|謄本|抄本)$")
_OTHERS = re.compile("が|人[はも]")  # who or what does it is not the one who speaks
_MOVES = ("入る", "引っ越す", "引越す", "通う", "移る", "住む", "行く")
_UNWANTED = ("ある", "いる", "なる", "できる", "あう", "遭う", "困る", "亡くす", "なくす", "失う", "忘れる")
_SENTENCE = re.compile("[。？?！!]|か$|です$|ます$")


class Wish(StrEnum):
    """What is asked of the counter; each has words in every language (ui.yaml: card_submit, card_do, card_ask)."""

    SUBMIT = "submit"
    DO = "do"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the card says in Japanese, and what it is about."""

    wish: Wish
    sentence: str  # 転入届を出したいです。
    thing: str  # 転入届: what to name in the resident's language; the title where it has no shorter name


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing in Japanese and in the resident's language."""

    ja: str
    local: str  # "" where it can't be said in full, and for readers of Japanese


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterCard:
    """What the card shows of a guide; nothing on it is about a person."""

    request: Request
    thing: str  # the request's thing in the resident's language, or else in Japanese
    title: Line
    where: tuple[Line, ...]
    bring: tuple[Line, ...]
    url: str


Render = Callable[[str], str | None]
"""A Japanese fact in the resident's language; None where it is not known wholly."""


def counter_card(japanese: Passage, own: Passage | None, language: str, render: Render) -> CounterCard:
    """The card of a guide; `own` is its version in the resident's language, when it has one."""
    asked = request(japanese.title)
    facts, own_facts = japanese.facts or Facts(), own.facts if own else None
    local = own.title if own else render(japanese.title) or _glossed(japanese.title, language)
    return CounterCard(
        request=asked,
        thing=_thing(asked.thing, language) or local or asked.thing,
        title=Line(ja=japanese.title, local="" if language == "ja" else local),
        where=_lines(facts.where, own_facts.where if own_facts else (), language, render),
        bring=_lines(facts.bring, own_facts.bring if own_facts else (), language, render),
        url=japanese.url,
    )


def _lines(japanese: tuple[str, ...], own: tuple[str, ...], language: str, render: Render) -> tuple[Line, ...]:
    """Line by line; a version with another number of lines can't be told apart and is not used."""
    if language == "ja":
        return tuple(Line(ja=text, local="") for text in japanese)
    if len(own) == len(japanese):
        return tuple(Line(ja=text, local=said) for text, said in zip(japanese, own, strict=True))
    return tuple(Line(ja=text, local=render(text) or _glossed(text, language)) for text in japanese)


def _glossed(text: str, language: str) -> str:
    """The official terms of a Japanese text by their local names; "" when it has none."""
    found = dict.fromkeys(_name(term.local, language) for _, term in finder().find(text))
    return "; ".join(name for name in list(found)[:_GLOSSES] if name)


def _thing(thing: str, language: str) -> str:
    term = finder().get(thing)
    if term is None or language == "ja":
        return ""
    return f"{thing}（{term.reading}）" if language == "ja-x-easy" else _name(term.local, language)


def _name(local: Sequence[tuple[str, tuple[str, ...]]], language: str) -> str:
    return next((forms[0] for code, forms in local if code == language and forms), "")


def request(title: str) -> Request:
    """The sentence for a guide of this Japanese title; polite for any text, an empty one too.

    A notification is handed in, in brackets or not. 'とるとき' becomes 'とりたいです' where a resident can want it;
    elsewhere the title's words stay: 'なくしたときの手続きを教えてください。'
    """
    title = " ".join(title.split())
    bare = " ".join(_BRACKETED.sub("", title).split()) or title.strip("（）()")
    named = [part.strip() for inner in _BRACKETED.findall(title) for part in _PARTS.split(inner)]
    paper = next((part for part in [*named, bare] if _PAPER.search(part) and not _PARTS.search(part)), "")
    if paper:
        return Request(wish=Wish.SUBMIT, sentence=f"{paper}を出したいです。", thing=paper)
    if not bare:
        return Request(wish=Wish.ASK, sentence="手続きについて教えてください。", thing="")
    return _of_procedure(title, bare, named)


def _of_procedure(title: str, bare: str, named: Sequence[str]) -> Request:
    occasion = _WHEN.match(bare)
    if occasion or verb(bare):
        return _of_occasion(title, occasion[1] if occasion else bare, named)
    if _SENTENCE.search(bare):
        return Request(wish=Wish.ASK, sentence=f"この手続きについて教えてください：{title}", thing=title)
    if _DEED.search(bare):
        return Request(wish=Wish.DO, sentence=f"{bare}をしたいです。", thing=bare)
    if _PROOF.search(bare) and not _PARTS.search(bare):
        return Request(wish=Wish.DO, sentence=f"{bare}がほしいです。", thing=bare)
    particle = "を" if bare.endswith("方") else "について"
    return Request(wish=Wish.ASK, sentence=f"{bare}{particle}教えてください。", thing=bare)


def _of_occasion(title: str, clause: str, named: Sequence[str]) -> Request:
    wanted = _wanted(clause)
    if wanted:
        return Request(wish=Wish.DO, sentence=wanted, thing=title)
    deed = next((part for part in named if _FORMAL.search(part)), "")
    if deed:
        return Request(wish=Wish.DO, sentence=f"{deed}をしたいです。", thing=deed)
    asked = "こと" if clause.endswith("の") else "手続き"
    return Request(wish=Wish.ASK, sentence=f"{clause}ときの{asked}を教えてください。", thing=title)


def _wanted(clause: str) -> str:
    """'住民票の写しをとる' as a wish; "" where it is none, such as '水が濁る' or '75歳になる'."""
    found = verb(clause)
    if found is None or found.kind == "形容詞" or found.lemma in _UNWANTED or _OTHERS.search(clause):
        return ""
    if any(verb(part) for part in clause.split("・")[:-1]):
        return ""  # 売る・買う・借りる: not all of it is meant
    if "を" not in clause and not found.lemma.endswith("する") and found.lemma not in _MOVES:
        return ""
    return f"{found.inflected(Form.MASU)}たいです。"
