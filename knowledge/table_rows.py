"""A table's row as a citable passage, in words that a resident can read."""

from __future__ import annotations

from knowledge.glossary import LANGUAGES
from knowledge.passage import Kind, Layer, Passage, Table

# What the columns of the known tables are called; a column of a town's own keeps its name.
_LABELS = {
    "item": "品目", "category": "分別", "note": "備考", "how_to": "出し方", "container": "入れ物", "district": "地区",
    "schedule": "収集日", "yen": "金額（円）", "unit": "単位", "where": "窓口", "place": "窓口・施設", "days": "曜日",
    "open": "開始", "close": "終了", "closed": "休み", "phone": "電話", "name": "名称", "kind": "種類",
    "address": "所在地", "hours": "利用時間", "fee": "料金", "flood": "洪水", "landslide": "土砂災害",
    "storm_surge": "高潮", "earthquake": "地震", "tsunami": "津波", "fire": "大規模な火事",
    "inland_flood": "内水氾濫", "volcano": "火山", "capacity": "収容人数", "designated": "指定",
}  # fmt: skip
_HAZARDS = frozenset(
    {"flood", "landslide", "storm_surge", "earthquake", "tsunami", "fire", "inland_flood", "volcano"}
)  # fmt: skip
_HIDDEN = frozenset({"reading", "guide", "lat", "lon", "initial"})
_LANGUAGE_ENDINGS = ("_easy", *(f"_{language}" for language in LANGUAGES))


def row_text(table: Table, row: int) -> str:
    """One labelled line a filled column; names in other languages, readings and coordinates are left out."""
    hidden = {column for _, column in table.local} | {table.aliases}
    lines = []
    for column, cell in zip(table.columns, table.rows[row], strict=True):
        if not cell or column in hidden or column in _HIDDEN or column.endswith(_LANGUAGE_ENDINGS):
            continue
        if column in _HAZARDS:
            cell = {"1": "○", "0": "×"}.get(cell, cell)
        lines.append(f"{_LABELS.get(column, column)}: {cell}")
    return "\n".join(lines)


def row_key(table: Table, row: int) -> str:
    """What the row is called."""
    return table.rows[row][table.columns.index(table.key)]


def row_passage(table: Table, row: int) -> Passage:
    """The row as a passage; its id holds the row's number, since keys repeat (a district has many days)."""
    document = f"table:{table.id}"
    return Passage(
        id=f"{document}#{row}", document=document, key=document, title=table.title, path=(row_key(table, row),),
        text=row_text(table, row), language="ja", layer=Layer.TOWN, kind=Kind.TABLE, url=table.url, as_of=table.as_of,
    )  # fmt: skip
