"""Where an article's references lead: 前条, 同項 and 法第九条 mean something only beside the article that says them.

By the common practice of drafting laws (法制執務):
前条 is the article just before, branches (の二) counted; 同条 and 同項 are those named last; 法 in an order is the law
that the order says it is, or the one whose 施行令 or 施行規則 it is.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from knowledge.law_references import NUMBER, arabic, article_of, law_before
from knowledge.passage import Cited, Passage

MOST = 24  # references of one passage that are kept
_BACK = "二三四五六七八九"
_PARAGRAPH = rf"(?:第(?P<p{{0}}>{NUMBER})|(?P<rp{{0}}>[前次同])|前(?P<bp{{0}}>[{_BACK}]))項"
_REFERENCE = re.compile(
    rf"(?:(?P<rel>[前次同])条|前(?P<back>[{_BACK}])条|第\s*(?P<n>{NUMBER})\s*条(?P<sub>(?:の(?:{NUMBER}))*))"
    rf"(?:{_PARAGRAPH.format(1)})?|{_PARAGRAPH.format(2)}"
)
_SUB = re.compile(NUMBER)
_SHORT = re.compile("(?:^|[^\u3400-\u9fff])(法|政令|令|省令|府令|規則|条例)$")
_SAME = re.compile("同(法|令|規則|条例)$")
_GOES_ON = re.compile(
    rf"(?:及び|並びに|又は|若しくは|、|から|まで|各号|本文|ただし書|前段|後段|第(?:{NUMBER})号|[（(][^（()）]*[）)]|\s)*"
)
_DEFINES = re.compile("以下(?:この[^「」]{1,10}において)?「(法|政令|令|省令|府令|規則|条例)」という")
_DEFINITION = 300  # characters between a law's name and the end of the bracket that gives its short name
_SHORTEST = 2  # characters of a law's own name: 民法
_CHILD = re.compile("(.+?)(施行令|施行規則)$")
_OWN_PARAGRAPH = re.compile(rf"第({NUMBER})項")

Number = tuple[int, ...]
"""22_3 as (22, 3): in the order of the articles."""


@dataclass(slots=True)
class _Law:
    """What the passages of one law tell of it."""

    numbers: set[Number] = field(default_factory=set)
    short: dict[str, str] = field(default_factory=dict)  # 法, 令 … → the law meant
    order: list[Number] = field(default_factory=list)


def linked(passages: Sequence[Passage]) -> Iterator[Passage]:
    """The passages in their order, those of law articles with what they cite; texts stay as they are.

    A passage counts as an article's by its title: 住民基本台帳法 第二十二条. One at a time, for there may be a million.
    """
    laws = _laws(passages)
    return (replace(piece, cites=_cites(piece, laws)) if article_of(piece.title) else piece for piece in passages)


def _laws(passages: Sequence[Passage]) -> dict[str, _Law]:
    laws: dict[str, _Law] = {}
    articles = [(article, passage.text) for passage in passages if (article := article_of(passage.title))]
    for (name, number), _ in articles:
        laws.setdefault(name, _Law()).numbers.add(_number(number))
    for name, law in laws.items():
        law.order = sorted(law.numbers)
        child = _CHILD.match(name)
        if child is not None:
            law.short["法"] = child[1]
            if child[2] == "施行規則":
                law.short["令"] = law.short["政令"] = f"{child[1]}施行令"
    for (name, _), text in articles:
        for short, meant in _definitions(text, laws):
            laws[name].short.setdefault(short, meant)
    return laws


def _definitions(text: str, laws: dict[str, _Law]) -> Iterator[tuple[str, str]]:
    """Short name and law of 金融商品取引法（昭和二十三年法律第二十五号。以下「法」という。）."""
    for match in _DEFINES.finditer(text):
        depth, at, least = 0, match.start() - 1, max(0, match.start() - _DEFINITION)
        while at >= least and (depth or text[at] not in "（("):
            depth += (text[at] in "）)") - (text[at] in "（(")
            at -= 1
        name = law_before(text[least : max(at, least)], laws)
        if len(name) >= _SHORTEST and name != match[1]:
            yield match[1], name


def _cites(passage: Passage, laws: dict[str, _Law]) -> tuple[Cited, ...]:
    article = article_of(passage.title)
    assert article is not None
    steps = [step for step in passage.path if _OWN_PARAGRAPH.match(step)]
    own = _OWN_PARAGRAPH.match(steps[-1]) if steps else None
    reader = _Reader(laws, article[0], _number(article[1]), arabic(own[1]) if own else 0)
    return tuple(dict.fromkeys(reader.read(passage.text)))[:MOST]


class _Reader:
    """Goes through one passage and keeps in mind what was named last."""

    def __init__(self, laws: dict[str, _Law], law: str, number: Number, paragraph: int) -> None:
        self._laws, self._own, self._number, self._paragraph = laws, law, number, paragraph
        self._law, self._article, self._last = law, number, paragraph  # named last
        self._other = ""  # the law other than this one that was named last: 同法

    def read(self, text: str) -> Iterator[Cited]:
        end = 0
        for match in _REFERENCE.finditer(text):
            before, end = text[end : match.start()], match.end()
            short = _short(before) if match["n"] else ""
            for number, paragraph in self._meant(match, before, short):
                if (self._law, number) != (self._own, self._number) or paragraph not in (0, self._paragraph):
                    article = "_".join(map(str, number))
                    yield Cited(words=short + match[0], law=self._law, article=article, paragraph=paragraph)

    def _meant(self, match: re.Match[str], before: str, short: str) -> list[tuple[Number, int]]:
        """The articles and paragraphs that a reference means; none when it can't be told."""
        if match["n"]:
            self._law = self._law_of(before, short)
            self._article = tuple(arabic(part) for part in (match["n"], *_SUB.findall(match["sub"])))
            articles = [self._article] if self._law else []
        elif match["rel"] == "同":
            articles = [self._article] if self._law else []
        elif match["rel"] or match["back"]:
            self._law = self._own
            articles = self._beside(match["rel"], _BACK.index(match["back"]) + 2 if match["back"] else 1)
            self._article = articles[-1] if articles else self._article
        else:
            return self._paragraphs(match, before)
        named = match["p1"] or match["rp1"] == "同"
        self._last = arabic(match["p1"]) if match["p1"] else self._last if named else 0
        return [(article, self._last) for article in articles]

    def _paragraphs(self, match: re.Match[str], before: str) -> list[tuple[Number, int]]:
        """第二項 alone, 前項, 同項."""
        if match["rp2"] == "同":
            return [(self._article, self._last)] if self._law and self._last else []
        if match["p2"]:
            if not _GOES_ON.fullmatch(before) or not before:
                self._law, self._article = self._own, self._number
            self._last = arabic(match["p2"])
            return [(self._article, self._last)] if self._law else []
        self._law, self._article = self._own, self._number
        count = _BACK.index(match["bp2"]) + 2 if match["bp2"] else 1
        if match["rp2"] == "次":
            wanted = [self._paragraph + 1] if self._paragraph else []
        else:
            wanted = list(range(self._paragraph - count, self._paragraph)) if self._paragraph > count else []
        self._last = wanted[-1] if wanted else 0
        return [(self._number, paragraph) for paragraph in wanted]

    def _beside(self, side: str | None, count: int) -> list[Number]:
        order = self._laws[self._own].order
        at = bisect_left(order, self._number)
        return order[at + 1 : at + 2] if side == "次" else order[at - count : at] if at >= count else []

    def _law_of(self, before: str, short: str) -> str:
        """The law of an article whose number follows; "" when it is named by a word that tells nothing."""
        if short.startswith("同"):
            return self._other
        name = self._laws[self._own].short.get(short, "") if short else law_before(before, self._laws)
        if not short and not name and _GOES_ON.fullmatch(before) and self._law:
            return self._law
        if name and name != self._own:
            self._other = name
        return name or ("" if short else self._own)


def _short(before: str) -> str:
    """法 or 同法 before an article, which means nothing by itself; "" for a law's own name."""
    same, short = _SAME.search(before), _SHORT.search(before)
    return same[0] if same else short[1] if short else ""


def _number(number: str) -> Number:
    return tuple(int(part) for part in number.split("_"))
