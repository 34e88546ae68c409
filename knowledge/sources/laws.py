"""法令: 法令標準XML becomes one Document an article, one Section a paragraph (項) with its items (号) inside.

The path says where it stands: ('第二章　申請に対する処分', '第五条（審査基準）', '第二項'). The last part is only there
when the article has more than one paragraph, as laws are cited. Source of the elements: 法令標準XMLスキーマ v3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from knowledge.errors import MalformedSource, NoTextInSource, UnsupportedSource
from knowledge.passage import Document, Kind, Section
from knowledge.sources.law_text import block_text, flat, ordinal, paragraph_text
from knowledge.sources.letters import clean, decode
from knowledge.sources.reading import Origin, Reading, check_chars, load, refusal

_DIVISIONS = ("Part", "Chapter", "Section", "Subsection", "Division")  # 編 章 節 款 目
_APPENDICES = ("AppdxTable", "AppdxNote", "AppdxStyle", "AppdxFormat", "Appdx", "AppdxFig")  # 別表 別記 様式 書式 付録
_REVISION = re.compile(r"^(\d{3}[0-9A-Z]{2}\w{10})(?:_(\d{4})(\d{2})(\d{2})(?:_\w+)?)?$")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9_.-]+)""")
_MAX_DEPTH = 100  # elements within elements; 法令標準XML reaches about 30


@dataclass(frozen=True, slots=True, kw_only=True)
class LawFile:
    """Which law a file holds: its e-Gov id, or a name for an ordinance, and since when this wording applies."""

    law_id: str
    national: bool  # True for an e-Gov id
    valid_from: date | None = None
    as_of: date | None = None


def read_law(path: Path, origin: Origin) -> Reading:
    """The law in a 法令標準XML file; a name such as 405AC0000000088_20240401_….xml gives id and date of enforcement."""
    name = origin.name(path)
    return law_reading(load(path, origin), law_file(path.stem, origin), origin, name)


def law_file(stem: str, origin: Origin) -> LawFile:
    """What the name says: an e-Gov revision id, else the name itself stands for the law (an ordinance)."""
    found = _REVISION.match(stem)
    if not found:
        return LawFile(law_id=stem, national=False, as_of=origin.as_of)
    day = None
    if found[2]:
        try:
            day = date(int(found[2]), int(found[3]), int(found[4]))
        except ValueError:
            day = None
    return LawFile(law_id=found[1], national=True, valid_from=day, as_of=origin.as_of)


def law_reading(raw: bytes, law: LawFile, origin: Origin, name: str) -> Reading:
    """The documents of the law: articles, then 附則, then tables and forms.

    Ids are `law:LAW_ID#NUM`, with NUM as in the XML (22_3 for 第二十二条の三), `…#suppl` and `…#AppdxTable1`.
    Raises MalformedSource, UnsupportedSource (XML of another kind) or NoTextInSource.
    """
    root = parse_xml(raw, name)
    element = root if root.tag == "Law" else next(root.iter("Law"), None)
    if element is None or element.find("LawBody") is None:
        raise refusal(UnsupportedSource, name, "This XML is not 法令標準XML. Get the law's XML from e-Gov.")
    return element_reading(element, law, origin, name)


def element_reading(element: Element, law: LawFile, origin: Origin, name: str) -> Reading:
    """As `law_reading`, from a <Law> element that was parsed already."""
    documents = tuple(_Law(element, law, origin).documents())
    if not documents:
        raise refusal(NoTextInSource, name, "This law holds no article. Check that it is the right file.")
    check_chars(name, sum(len(section.text) for document in documents for section in document.sections))
    return Reading(documents=documents)


def parse_xml(raw: bytes, name: str) -> Element:
    """The root element. Entities, DTDs and external references are refused, and so is deep nesting.

    Raises MalformedSource.
    """
    declared = _ENCODING.search(raw[:200])
    text = decode(raw, name, declared=declared[1].decode("ascii") if declared else "").text
    try:
        # As a string, because expat knows neither Shift_JIS nor EUC-JP.
        root: Element = fromstring(_DECLARATION.sub("", text), forbid_dtd=True)
    except DefusedXmlException as exc:
        raise refusal(MalformedSource, name, "This XML has a DTD or entities. Save it without them.") from exc
    except (ParseError, ValueError, RecursionError) as exc:
        where = f" (line {exc.position[0]})" if isinstance(exc, ParseError) else ""
        raise refusal(MalformedSource, name, f"This XML is broken{where}. Download it again.") from exc
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > _MAX_DEPTH:
            raise refusal(MalformedSource, name, "This XML is nested too deeply. Download it again.")
    return root


class _Law:
    """One law on its way to documents."""

    def __init__(self, element: Element, law: LawFile, origin: Origin) -> None:
        self.law, self.origin = law, origin
        body = element.find("LawBody")
        self.body = body if body is not None else Element("LawBody")
        self.number = flat(element.find("LawNum"))
        self.title = clean(flat(self.body.find("LawTitle"))) or self.number or law.law_id
        self.language = element.get("Lang") or "ja"
        self.seen: dict[str, int] = {}

    def documents(self) -> Iterator[Document]:
        for tag, label in (("EnactStatement", "制定文"), ("Preamble", "前文")):
            found = self.body.find(tag)
            if found is not None:
                yield from self._document(tag, label, [Section(path=(label,), text=block_text(found))])
        main = self.body.find("MainProvision")
        if main is not None:
            for path, article in _articles(main, ()):
                number = article.get("Num", "")
                yield from self._document(number, _article_title(article), _article(article, path), f"#Mp-At_{number}")
            yield from self._document("Mp", "本則", list(_paragraphs(main, ())))  # a law without articles
        for supplement in self.body.findall("SupplProvision"):
            yield from self._supplement(supplement)
        for tag in _APPENDICES:
            for place, appendix in enumerate(self.body.findall(tag), start=1):
                label = flat(appendix.find(f"{tag}Title")) or f"{tag} {place}"
                yield from self._document(f"{tag}{place}", label, [Section(path=(label,), text=block_text(appendix))])

    def _supplement(self, supplement: Element) -> Iterator[Document]:
        amending = supplement.get("AmendLawNum", "")
        label = "附則" + (f"（{amending}）" if amending else "")
        sections = list(_paragraphs(supplement, (label,)))
        for path, article in _articles(supplement, (label,)):
            sections.extend(_article(article, path))
        for child in supplement:
            if child.tag.startswith("SupplProvisionAppdx"):
                sections.append(Section(path=(label,), text=block_text(child)))
        yield from self._document("suppl" + (f":{amending}" if amending else ""), label, sections)

    def _document(self, part: str, label: str, sections: list[Section], anchor: str = "") -> Iterator[Document]:
        """One document, or none when it holds no text; the same part a second time gets a number behind."""
        kept = tuple(
            Section(path=tuple(clean(step) for step in section.path if step), text=clean(section.text))
            for section in sections if section.text.strip()
        )  # fmt: skip
        if not kept:
            return
        count = self.seen[part] = self.seen.get(part, 0) + 1
        identity = f"law:{self.law.law_id}#{part}" + (f":{count}" if count > 1 else "")
        url = f"https://laws.e-gov.go.jp/law/{self.law.law_id}{anchor}" if self.law.national else ""
        yield Document(
            id=identity, key=identity, owner=self.origin.owner, layer=self.origin.layer, kind=Kind.LAW,
            title=f"{self.title} {clean(label)}", language=self.language, url=url, sections=kept, as_of=self.law.as_of,
            valid_from=self.law.valid_from,
        )  # fmt: skip


def _articles(division: Element, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Element]]:
    """The articles in 編 章 節 款 目 with the path to them; not those that an amending article quotes."""
    for child in division:
        if child.tag == "Article":
            yield path, child
        elif child.tag in _DIVISIONS:
            yield from _articles(child, (*path, flat(child.find(f"{child.tag}Title"))))


def _article_title(article: Element) -> str:
    return flat(article.find("ArticleTitle")) or ordinal(article.get("Num", ""), "条")


def _article(article: Element, path: tuple[str, ...]) -> list[Section]:
    label = _article_title(article) + flat(article.find("ArticleCaption"))
    sections = list(_paragraphs(article, (*path, label)))
    notes = [block_text(child) for child in article if child.tag == "SupplNote"]
    sections.extend(Section(path=(*path, label), text=note) for note in notes)
    return sections


def _paragraphs(holder: Element, path: tuple[str, ...]) -> Iterator[Section]:
    """A section for each 項 right below the holder; the number enters the path when there are several."""
    paragraphs = holder.findall("Paragraph")
    for place, paragraph in enumerate(paragraphs, start=1):
        number = ordinal(paragraph.get("Num") or str(place), "項")
        caption = flat(paragraph.find("ParagraphCaption"))
        step = (number + caption,) if len(paragraphs) > 1 or caption else ()
        yield Section(path=(*path, *step), text=paragraph_text(paragraph))
