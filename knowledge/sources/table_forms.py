"""Which columns each kind of table has, what offices call them, and how their cells are brought into one form.

Sources: 自治体標準オープンデータセット (指定緊急避難場所一覧), the CSV files of 5374.jp, exports of SHIRASAGI.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from knowledge.errors import MalformedSource
from knowledge.sources.reading import refusal
from knowledge.sources.rows import Row, Rows, fold

_WEEKDAYS = "月火水木金土日"
_DEGREES = re.compile(r"""(\d+)\s*°\s*(\d+)\s*['′]\s*(\d+(?:\.\d+)?)\s*["″]?\s*([NSEW])?""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The shape of one kind of table: our column names in order, each with the names that others use."""

    title: str  # used where tables.yaml gives none
    key: str  # the column that is looked up
    required: tuple[str, ...]
    aliases: str = "aliases"
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # our column -> others' names for it
    cells: Mapping[str, Callable[[str], str]] = field(default_factory=dict)  # our column -> what to make of a cell
    checks: Mapping[str, str] = field(default_factory=dict)  # our column -> pattern that a filled cell must match

    def place(self, rows: Rows, column: str) -> int | None:
        """Where our column stands in the rows, or None."""
        return rows.column((column, *self.names.get(column, ())))

    def missing(self, rows: Rows) -> tuple[str, ...]:
        """The required columns that are not there."""
        return tuple(column for column in self.required if self.place(rows, column) is None)

    def fit(self, rows: Rows) -> int:
        """How many of our columns are there; 0 when a required one is missing."""
        known = {*self.required, *self.names}
        return 0 if self.missing(rows) else sum(self.place(rows, column) is not None for column in known)

    def shape(self, rows: Rows) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
        """Columns and cells: ours first under our names, then the rest as they are; rows without a key are refused."""
        places = {column: self.place(rows, column) for column in dict.fromkeys((*self.names, *self.required))}
        own = {place: column for column, place in places.items() if place is not None}
        order = [*own, *(place for place in range(len(rows.header)) if place not in own and self._filled(rows, place))]
        columns = tuple(own.get(place) or rows.header[place] or f"column {place + 1}" for place in order)
        self._check(rows)
        table = tuple(tuple(self._cell(own.get(place, ""), row.cells[place]) for place in order) for row in rows.rows)
        return columns, table

    @staticmethod
    def _filled(rows: Rows, place: int) -> bool:
        return bool(rows.header[place]) or any(row.cells[place].strip() for row in rows.rows)

    def _cell(self, column: str, cell: str) -> str:
        return self.cells.get(column, str.strip)(cell.strip())

    def _check(self, rows: Rows) -> None:
        key = self.place(rows, self.key)
        empty = [row.line for row in rows.rows if not rows.take(key, row)]
        if empty:
            raise refusal(MalformedSource, rows.name, f"'{self.key}' is empty in line {_some(empty)}. Fill it.")
        for column, pattern in self.checks.items():
            place = self.place(rows, column)
            cells = ((row.line, self._cell(column, rows.take(place, row))) for row in rows.rows)
            bad = [line for line, cell in cells if cell and not re.fullmatch(pattern, cell)]
            if bad:
                why = f"'{column}' is not in its form in line {_some(bad)}. Mend these cells."
                raise refusal(MalformedSource, rows.name, why)


def _some(lines: list[int]) -> str:
    return ", ".join(map(str, lines[:10])) + (" and more" if len(lines) > 10 else "")


def degrees(cell: str) -> str:
    """A latitude or longitude in decimal degrees; 33°52'42.9"N becomes 33.878583, anything else stays."""
    found = _DEGREES.fullmatch(cell.strip())
    if not found:
        return cell
    value = int(found[1]) + int(found[2]) / 60 + float(found[3]) / 3600
    return f"{-value if found[4] in ('S', 'W') else value:.6f}"


def marked(cell: str) -> str:
    """'1' for a cell that says yes (1, ○, 有, あり, true), '' for one that says no; anything else stays."""
    folded = fold(cell)
    if folded in ("1", "○", "◯", "〇", "●", "有", "あり", "yes", "true"):
        return "1"
    return "" if folded in ("", "0", "×", "無", "なし", "no", "false", "-") else cell


def schedule(cell: str) -> str:
    """Collection days parted by commas: '水2 水4' and '水2、水4' become '水2,水4'."""
    parts = re.split(r"[\s,、，・]+", cell.strip())
    return ",".join(part for part in parts if part)


_NUMBER, _COORDINATE = r"-?\d+", r"-?\d{1,3}(\.\d+)?"

FORMS: dict[str, Form] = {
    "garbage_items": Form(
        title="ごみの分別", key="item", required=("item", "category"),
        names={"item": ("品目", "品名", "ごみの品目"), "reading": ("ふりがな", "よみ", "読み", "よみがな"),
               "aliases": ("別名", "言い換え"), "category": ("分別", "分別区分", "区分", "ごみの種類"),
               "note": ("備考", "注意", "出し方")},
    ),
    "garbage_categories": Form(
        title="ごみの出し方", key="category", required=("category", "how_to"),
        names={"category": ("分別", "分別区分", "ごみの種類"), "reading": ("ふりがな", "よみ", "読み"),
               "how_to": ("出し方",), "container": ("袋", "容器", "入れ物")},
    ),
    "garbage_days": Form(
        title="ごみの収集日", key="district", required=("district", "category", "schedule"),
        names={"district": ("地区", "地名", "地域", "町名"), "reading": ("ふりがな", "よみ", "読み"),
               "category": ("分別", "分別区分", "ごみの種類"), "schedule": ("収集日", "曜日")},
        cells={"schedule": schedule},
    ),
    "fees": Form(
        title="手数料", key="item", required=("item", "yen"),
        names={"item": ("名称", "証明書", "種類"), "reading": ("ふりがな", "よみ", "読み"), "aliases": ("別名",),
               "yen": ("金額", "手数料", "料金", "円"), "unit": ("単位",), "where": ("窓口", "場所"),
               "note": ("備考",)},
        cells={"yen": lambda cell: cell.replace(",", "").removesuffix("円")}, checks={"yen": _NUMBER},
    ),
    "hours": Form(
        title="窓口の時間", key="place", required=("place", "open", "close"),
        names={"place": ("窓口", "場所", "施設"), "reading": ("ふりがな", "よみ", "読み"), "aliases": ("別名",),
               "days": ("曜日",), "open": ("開始", "開庁", "開館", "から"), "close": ("終了", "閉庁", "閉館", "まで"),
               "closed": ("休み", "休日", "定休日", "休館日"), "note": ("備考",), "phone": ("電話", "電話番号")},
    ),
    "facilities": Form(
        title="施設", key="name", required=("name", "address"),
        names={"name": ("施設名", "施設", "名称"), "reading": ("施設名ふりがな", "ふりがな", "名称_カナ"),
               "aliases": ("別名",), "kind": ("施設の種類", "分類"), "address": ("住所", "所在地", "所在地_連結表記"),
               "phone": ("電話番号", "電話"), "hours": ("追加情報:営業時間", "利用時間", "開館時間"),
               "closed": ("追加情報:定休日", "休館日", "定休日"),
               "fee": ("利用料", "料金"), "lat": ("緯度",), "lon": ("経度",), "url": (), "note": ("備考",)},
        cells={"lat": degrees, "lon": degrees}, checks={"lat": _COORDINATE, "lon": _COORDINATE},
    ),
    "shelters": Form(
        title="指定緊急避難場所", key="name", required=("name", "flood", "earthquake"),
        names={"name": ("名称", "施設・場所名"), "reading": ("名称_カナ", "名称_ふりがな"), "aliases": ("別名",),
               "district": ("地域", "対象となる町会・自治会"), "address": ("所在地_連結表記", "住所", "所在地"),
               "lat": ("緯度",), "lon": ("経度",), "flood": ("災害種別_洪水",),
               "landslide": ("災害種別_崖崩れ、土石流及び地滑り",), "storm_surge": ("災害種別_高潮",),
               "earthquake": ("災害種別_地震",), "tsunami": ("災害種別_津波",), "fire": ("災害種別_大規模な火事",),
               "inland_flood": ("災害種別_内水氾濫",), "volcano": ("災害種別_火山現象",),
               "capacity": ("想定収容人数",), "designated": ("指定避難所との重複",), "phone": ("電話番号",),
               "note": ("備考",)},
        cells={"lat": degrees, "lon": degrees, **dict.fromkeys(
            ("flood", "landslide", "storm_surge", "earthquake", "tsunami", "fire", "inland_flood", "volcano",
             "designated"), marked)},
        checks={"lat": _COORDINATE, "lon": _COORDINATE, "capacity": _NUMBER},
    ),
}  # fmt: skip
"""The kinds of tables that are understood, by name."""


def is_five_area_days(rows: Rows) -> bool:
    """True for area_days.csv of 5374.jp: 地名, センター, then a column of weekdays for each category."""
    return len(rows.header) > 2 and rows.header[1] == "センター" and rows.header[0] in ("地名", "地区", "地域", "町名")


def five_areas(rows: Rows) -> Rows:
    """The same facts in long form: district, category, schedule; a cell without days gives no row."""
    long = [
        Row(line=row.line, cells=(row.cells[0], rows.header[place], row.cells[place]))
        for row in rows.rows for place in range(2, len(rows.header)) if row.cells[place].strip()
    ]  # fmt: skip
    return Rows(name=rows.name, header=("district", "category", "schedule"), rows=tuple(long))


def five_items(rows: Rows) -> Rows | None:
    """target.csv of 5374.jp (type, name, notice, furigana) under our names, or None for another header."""
    if tuple(fold(name) for name in rows.header[:4]) != ("type", "name", "notice", "furigana"):
        return None
    # Upstream's furigana is mostly the first kana only, for its index of letters: no reading to look up by.
    reading = "reading" if any(len(row.cells[3].strip()) > 1 for row in rows.rows) else "initial"
    header = ("category", "item", "note", reading, *rows.header[4:])
    return Rows(name=rows.name, header=header, rows=rows.rows)
