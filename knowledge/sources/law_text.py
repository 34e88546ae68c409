"""The text of 項, 号 and tables in 法令標準XML, and the numerals that cite them."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from knowledge.sources.grid import grid_text

_DIGITS = "〇一二三四五六七八九"
_ITEMS = ("Item", *(f"Subitem{level}" for level in range(1, 11)))  # 号, then イ, （１）, （ｉ） …
_LISTS = ("List", "Sublist1", "Sublist2", "Sublist3")
_INDENT = "　"
# The readings of ruby are left out of the text, so that 埋[まい]葬 is still found as 埋葬.
_SILENT = frozenset({"Rt"})
# Numbers and captions are put in front by their parent.
_HEADS = frozenset({"ParagraphNum", "ParagraphCaption", "ArticleTitle", "ArticleCaption"})


def kanji(number: int) -> str:
    """The number as laws write it, 1 to 9999: 22 → 二十二, 104 → 百四.  Raises ValueError outside."""
    if not 1 <= number <= 9999:
        raise ValueError("laws write numbers from 1 to 9999")
    written = ""
    for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            written += ("" if digit == 1 and sign else _DIGITS[digit]) + sign
    return written


def ordinal(number: str, unit: str) -> str:
    """'第二十二条の三' from the Num attribute '22_3' and the unit; a range '38:84' gives 第三十八条から第八十四条まで.

    A Num that is none comes back as it is, with the unit behind.
    """
    ends = number.split(":")
    if len(ends) == 2:
        return f"{ordinal(ends[0], unit)}から{ordinal(ends[1], unit)}まで"
    parts = number.split("_")
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 9999 for part in parts):
        return number + unit
    return f"第{kanji(int(parts[0]))}{unit}" + "".join(f"の{kanji(int(part))}" for part in parts[1:])


def flat(element: Element | None) -> str:
    """All text below the element in one line, without the readings of ruby; '' for None."""
    return "".join(_pieces(element)).strip() if element is not None else ""


def paragraph_text(paragraph: Element) -> str:
    """項: its sentences, then a line for each 号 and what is below it, tables as rows 'a | b'."""
    return "\n".join(line for line in _lines(paragraph, 0) if line.strip())


def block_text(element: Element) -> str:
    """Any other part (別表, 様式, 備考, 前文): its lines in order."""
    return flat(element) if _is_leaf(element) else paragraph_text(element)


def _pieces(element: Element) -> Iterator[str]:
    if element.tag in _SILENT:
        return
    yield " ".join((element.text or "").split("\n"))
    columns = 0
    for child in element:
        if child.tag == "Column":
            columns += 1
            if columns > 1:
                yield "　"  # 号 define in columns: 処分　行政庁の処分その他…
        yield from _pieces(child)
        yield " ".join((child.tail or "").split("\n")).strip()


def _lines(element: Element, depth: int) -> Iterator[str]:
    """The element's own text, then that of what is below, deeper 号 indented by a wide space."""
    for child in element:
        tag = child.tag
        if tag in _HEADS:
            continue
        if tag in _ITEMS:
            yield from _item_lines(child, tag, depth)
        elif tag in ("Table", "TableStruct"):
            yield from _table_lines(child)
        elif tag in _LISTS:
            yield from _lines(child, depth + 1)
        elif _is_leaf(child):
            yield _INDENT * max(0, depth - 1) + flat(child)
        else:
            yield from _lines(child, depth)


def _item_lines(item: Element, tag: str, depth: int) -> Iterator[str]:
    sentence = flat(item.find(f"{tag}Sentence"))
    yield _INDENT * depth + "　".join(part for part in (flat(item.find(f"{tag}Title")), sentence) if part)
    for child in item:
        if child.tag in (f"{tag}Title", f"{tag}Sentence"):
            continue
        if child.tag in _ITEMS:
            yield from _item_lines(child, child.tag, depth + 1)
        else:
            holder = Element("Part")
            holder.append(child)
            yield from _lines(holder, depth + 1)


def _table_lines(table: Element) -> Iterator[str]:
    title = flat(table.find("TableStructTitle"))
    if title:
        yield title
    rows = [
        [flat(cell) for cell in row if cell.tag in ("TableColumn", "TableHeaderColumn")]
        for row in table.iter()
        if row.tag in ("TableRow", "TableHeaderRow")
    ]
    yield grid_text(rows)
    for remark in table.iter("Remarks"):
        yield from _lines(remark, 0)


def _is_leaf(element: Element) -> bool:
    """True for an element that holds running text: no 項, 号, table, list or sentence group below it."""
    structure = {"Paragraph", "Table", "TableStruct", "Sentence", *_ITEMS, *_LISTS}
    if element.tag.endswith("Sentence") or element.tag.endswith("Title"):
        return True
    return not any(below.tag in structure for below in element.iter() if below is not element)
