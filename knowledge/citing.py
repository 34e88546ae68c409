"""How a passage is named in a citation: 第22条第1項, a heading path, a table's row."""

from __future__ import annotations

import re

from knowledge.law_references import arabic, article_of
from knowledge.passage import Kind, Passage

_NUMBER = "[〇一二三四五六七八九十百千]+"
_COUNTED = re.compile(rf"第({_NUMBER})(編|章|節|款|目|条|項|号)((?:の{_NUMBER})*)")

_DIVISION = re.compile("第[0-9]+(?:編|章|節|款|目)")


def short_article(name: str) -> str:
    """Article names in figures, as offices write them: 第三十条の四十六第一項 → 第30条の46第1項."""

    def figures(match: re.Match[str]) -> str:
        branches = "".join(f"の{arabic(part)}" for part in match[3].split("の")[1:])
        return f"第{arabic(match[1])}{match[2]}{branches}"

    return _COUNTED.sub(figures, name)


def article_number(name: str) -> str:
    """The e-Gov article number of 第三十条の四十六: "30_46"; empty when the text names no article."""
    match = re.search(rf"第({_NUMBER}|[0-9０-９]+)条((?:の(?:{_NUMBER}|[0-9０-９]+))*)", name)
    if match is None:
        return ""
    parts = [match[1], *match[2].split("の")[1:]]
    return "_".join(str(arabic(p)) for p in parts)


def cited_path(passage: Passage) -> list[str]:
    """The path to show: a law's article and below in figures, other paths as they stand."""
    if passage.kind is Kind.LAW:
        return [short_article(part) for part in passage.path]
    return list(passage.path)


def article_name(passage: Passage) -> str:
    """A law's passage by its name, the number once: 朝凪市印鑑条例 第9条（亡失及び廃止の届出） 第1項."""
    title = short_article(passage.title)
    number = title.split(" ")[-1]
    below = [part for part in cited_path(passage) if not _DIVISION.match(part)]
    captions = [part.removeprefix(number) for part in below if part.startswith(number)]
    rest = [part for part in below if not part.startswith(number)]
    return " ".join((title + "".join(captions), *rest))


def resolved(passage: Passage, quote: str) -> list[tuple[str, str]]:
    """What a quote's 前条, 同項 and 法第九条 mean, in its order: 前条第二項 → 第22条第2項; none for a text but a law's.

    References that say themselves what they mean (第二十二条) are left out; those to another law come with its name.
    """
    article = article_of(passage.title)
    found: dict[str, list[str]] = {}
    for cited in passage.cites:
        if cited.words in quote and not cited.words.startswith("第"):
            law = "" if article and cited.law == article[0] else cited.law
            number, *branches = cited.article.split("_")
            paragraph = f"第{cited.paragraph}項" if cited.paragraph else ""
            name = f"{law}第{number}条{''.join(f'の{branch}' for branch in branches)}{paragraph}"
            found.setdefault(cited.words, []).append(name)
    return [(words, "、".join(dict.fromkeys(names))) for words, names in found.items()]
