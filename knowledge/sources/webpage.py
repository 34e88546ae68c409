"""HTML pages become Sections: old and new mark-up, boilerplate left out, tables as rows 'a | b', lists kept."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

from bs4 import BeautifulSoup, Comment, MarkupResemblesLocatorWarning, XMLParsedAsHTMLWarning
from bs4.element import NavigableString, PageElement, PreformattedString, Tag

from knowledge.errors import MalformedSource
from knowledge.passage import Section
from knowledge.sources.grid import grid_text
from knowledge.sources.headings import Outline
from knowledge.sources.letters import clean, decode
from knowledge.sources.reading import Origin, Reading, load, page, refusal

_META_CHARSET = re.compile(
    rb"""<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I
)
_DROPPED = ("script", "style", "noscript", "template", "nav", "aside", "iframe", "object", "svg", "button", "select",
            "input", "textarea", "head")  # fmt: skip
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary"})
# Words in id and class by which the systems of municipalities name what is not the page's own text.
_FURNITURE = re.compile(
    r"^(?:bread-?crumbs?|topic-?path|pankuzu|pan|g-?navi?|global-?navi?|local-?navi?|side-?(?:bar|menu|navi?)|"
    r"foot(?:er)?(?:-?navi?)?|sns|share|page-?top|to-?top|back-?to-?top|skip(?:-?link|-?navi?)?|site-?search)$",
    re.I,
)
_MAIN = ("main", "article", "[role=main]", "#main", "#content", "#contents", "#main-contents", "#maincontents")
_MIN_MAIN = 0.3  # share of the page's text that a main part must hold to be believed
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_BLOCKS = frozenset({
    "address", "article", "blockquote", "body", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset",
    "figcaption", "figure", "footer", "form", "header", "hr", "html", "li", "main", "menu", "noframes", "ol", "p",
    "pre", "section", "summary", "table", "ul", "frameset", "tr", "td", "th", "tbody", "caption",
})  # fmt: skip
_ARTICLE = re.compile(r"^第[一二三四五六七八九十百千〇]+条(?:の[一二三四五六七八九十百]+)*(?:（.*）)?$")
_SUPPLEMENT = re.compile(r"^附\s*則")
_DIVISION = re.compile(r"^第[一二三四五六七八九十百千〇]+(編|章|節|款|目)")
_DIVISION_LEVEL = {"編": 2, "章": 3, "節": 4, "款": 5, "目": 5}


def read_webpage(path: Path, origin: Origin) -> Reading:
    """One page; its language is that of <html lang>, its address that of <link rel=canonical>."""
    name = origin.name(path)
    raw = load(path, origin)
    charset = _META_CHARSET.search(raw[:8192])
    decoded = decode(raw, name, declared=charset[1].decode("ascii") if charset else "")
    try:
        soup = _soup(decoded.text)
        title = page_title(soup) or path.stem
        language, url = _language(soup), _address(soup)  # before the head is cut away with the furniture
        document = page(name, origin, title=title, sections=_sections(soup, title), language=language, url=url)
    except (RecursionError, AssertionError) as exc:  # AssertionError: lxml's parser target on torn declarations
        raise refusal(MalformedSource, name, "The mark-up is nested too deeply. Save the page again.") from exc
    lost = decoded.unreadable
    return Reading(documents=(document,), warnings=(f"{name}: {lost} characters could not be read.",) if lost else ())


def html_sections(markup: str, title: str = "") -> list[Section]:
    """The sections of a piece of HTML, such as an answer out of a CMS."""
    return _sections(_soup(markup), title)


def html_text(markup: str) -> str:
    """The text of a piece of HTML without headings' hierarchy; plain text stays as it is."""
    if not re.search(r"</?[a-zA-Z][^<>]*>", markup):
        return markup
    outline = Outline()
    _walk(_soup(markup), outline, headings=False)
    return "\n".join(section.text for section in outline.sections())


def page_title(soup: BeautifulSoup) -> str:
    """The first h1, else <title> without the site's name behind a bar; or an empty string."""
    h1 = soup.find("h1")
    text = _flat(h1) if isinstance(h1, Tag) else ""
    if not text and soup.title is not None:
        text = re.split(r"\s*[|｜]\s*|\s+[-–—]\s+", _flat(soup.title))[0]
    return text


def _soup(markup: str) -> BeautifulSoup:
    with warnings.catch_warnings():
        # XHTML begins like XML, and a short answer may look like a file's name: both are read as HTML on purpose.
        warnings.simplefilter("ignore", XMLParsedAsHTMLWarning)
        warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
        return BeautifulSoup(markup, "lxml")


def _sections(soup: BeautifulSoup, title: str) -> list[Section]:
    outline = Outline(title)
    _walk(_main_part(soup), outline, headings=True)
    return outline.sections()


def _main_part(soup: BeautifulSoup) -> Tag:
    """The part of the page that holds its own text, furniture cut away."""
    for tag in soup.find_all(_is_furniture):
        if not tag.decomposed:
            tag.decompose()
    _captions_into_articles(soup)
    whole = len(_flat(soup))
    for selector in _MAIN:
        found = soup.select_one(selector)
        if found is not None and len(_flat(found)) >= _MIN_MAIN * whole:
            return found
    return soup


def _captions_into_articles(soup: BeautifulSoup) -> None:
    """The old law pages set the caption （目的） above its article: it joins the bold 第一条 that follows."""
    for caption in soup.find_all("div", class_="arttitle"):
        number = caption.find_next("b")
        if isinstance(number, Tag) and _ARTICLE.match(_flat(number)):
            number.append(_flat(caption))
            caption.decompose()


def _is_furniture(tag: Tag) -> bool:
    if tag.name in _DROPPED:
        return True
    if tag.name in ("header", "footer"):
        return tag.find_parent(["main", "article", "section"]) is None and tag.find("h1") is None
    names = " ".join([str(tag.get("id") or ""), *(tag.get_attribute_list("class") or [])]).split()
    return str(tag.get("role") or "") in _ROLES or any(_FURNITURE.match(name) for name in names)


def _walk(tag: Tag, outline: Outline, *, headings: bool) -> None:
    """Feed the blocks below `tag` to the outline in reading order."""
    line: list[str] = []

    def end_line() -> None:
        outline.text(_squeeze("".join(line)))
        line.clear()

    for child in tag.children:
        if not isinstance(child, Tag):
            line.append(_string(child))
        elif child.name == "br":
            line.append("\v")
        elif headings and (level := _heading_level(child)):
            end_line()
            outline.heading(level, _flat(child))
        elif child.name == "table" and not child.find("table") and not child.find(_HEADINGS):
            end_line()
            outline.text(grid_text(_grid(child)))
        elif child.name in ("ul", "ol", "menu", "dir"):
            end_line()
            _list(child, outline, headings=headings)
        elif child.name == "pre":
            end_line()
            outline.text(child.get_text())
        elif child.name in _BLOCKS or child.find(_BLOCKS):
            end_line()
            _walk(child, outline, headings=headings)
        else:
            line.append(_inline(child))
    end_line()


def _list(tag: Tag, outline: Outline, *, headings: bool) -> None:
    for number, item in enumerate(tag.find_all("li", recursive=False), start=1):
        inner = Outline()
        _walk(item, inner, headings=False)
        text = "\n".join(section.text for section in inner.sections())
        mark = f"{number}. " if tag.name == "ol" else "- "
        outline.text(mark + text.replace("\n", "\n  "))
    for child in tag.find_all(True, recursive=False):  # some pages put text into <ul> without <li>
        if child.name != "li":
            _walk(child, outline, headings=headings)


def _heading_level(tag: Tag) -> int:
    """1-6 for a heading; 0 for anything else. Bold 第一章 and 第一条 are the headings of the old law pages."""
    if tag.name in _HEADINGS:
        return int(tag.name[1])
    if tag.name not in ("b", "a"):
        return 0
    text = _flat(tag)
    if _SUPPLEMENT.match(text) and (tag.get("name") or (tag.parent and tag.parent.get("name"))):
        return _DIVISION_LEVEL["編"]
    if tag.name == "a":
        return 0
    if _ARTICLE.match(text):
        return 6
    found = _DIVISION.match(text) if tag.find("a", attrs={"name": True}) else None
    return _DIVISION_LEVEL[found[1]] if found else 0


def _grid(table: Tag) -> list[list[str]]:
    """Rows of cell texts; a cell that spans rows is written into each of them, one that spans columns once."""
    rows: list[list[str]] = []
    caption = table.find("caption")
    if isinstance(caption, Tag) and _flat(caption):
        rows.append([_flat(caption)])
    below: dict[int, tuple[int, str]] = {}  # column -> (rows left, text)
    for row in table.find_all("tr"):
        cells: list[str] = []
        column = 0
        for cell in row.find_all(["td", "th"], recursive=False):
            column = _fill(below, column, cells)
            text = _squeeze(_inline(cell)).replace("\n", " ")
            cells.append(text)
            for span in range(_span(cell, "colspan")):
                if _span(cell, "rowspan") > 1:
                    below[column + span] = (_span(cell, "rowspan") - 1, text if span == 0 else "")
            column += _span(cell, "colspan")
        for further in sorted(reached for reached in below if reached >= column):
            _fill(below, further, cells)
        rows.append(cells)
    return rows


def _fill(below: dict[int, tuple[int, str]], column: int, cells: list[str]) -> int:
    """Write the cells that reach down from above, from this column on; the first free column."""
    while column in below:
        left, text = below.pop(column)
        if text:
            cells.append(text)
        if left > 1:
            below[column] = (left - 1, text)
        column += 1
    return column


def _span(cell: Tag, key: str) -> int:
    value = str(cell.get(key) or "1").strip()
    return min(int(value), 100) if value.isascii() and value.isdigit() and int(value) > 0 else 1


def _string(node: PageElement) -> str:
    hidden = isinstance(node, PreformattedString | Comment) or not isinstance(node, NavigableString)
    return "" if hidden else re.sub(r"[ \t\r\n]+", " ", str(node))


def _inline(tag: Tag) -> str:
    """The text of an element, <br> and blocks as line ends, readings of ruby left out, images as their alt text."""
    parts: list[str] = []
    for child in tag.children:
        if not isinstance(child, Tag):
            parts.append(_string(child))
        elif child.name in ("rt", "rp"):
            continue
        elif child.name == "br":
            parts.append("\v")
        elif child.name == "img":
            parts.append(str(child.get("alt") or ""))
        elif child.name in _BLOCKS:
            parts.append("\v" + _inline(child) + "\v")
        else:
            parts.append(_inline(child))
    return "".join(parts)


def _squeeze(text: str) -> str:
    lines = (re.sub(r"[ \t]+", " ", line).strip(" ") for line in text.split("\v"))
    return "\n".join(line for line in lines if line.strip())


def _flat(tag: Tag) -> str:
    return " ".join(clean(_inline(tag)).split())


def _language(soup: BeautifulSoup) -> str:
    found = str((soup.html.get("lang") if soup.html else "") or "").strip()
    return found if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*", found) else ""


def _address(soup: BeautifulSoup) -> str:
    link = soup.select_one("link[rel=canonical]")
    found = str(link.get("href") or "") if link is not None else ""
    return found if found.startswith(("https://", "http://")) else ""
