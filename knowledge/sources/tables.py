"""表: CSV files and sheets whose header is known become Tables; a folder's tables.yaml says the rest."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePosixPath

import yaml

from knowledge.errors import MalformedSource
from knowledge.passage import Table
from knowledge.sources.reading import SETTINGS, Origin, fallback_day, refusal
from knowledge.sources.rows import Rows
from knowledge.sources.table_forms import FORMS, five_areas, five_items, is_five_area_days

_KEYS = {"file", "kind", "title", "url", "department", "as_of", "key", "aliases", "local"}
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")


def table_kind(rows: Rows) -> str:
    """The kind of table that the header fits best, or '' when it fits none."""
    if is_five_area_days(rows):
        return "garbage_days"
    rows = five_items(rows) or rows
    fitting = [(form.fit(rows), kind) for kind, form in FORMS.items() if form.fit(rows)]
    return max(fitting)[1] if fitting else ""


def read_table(rows: Rows, path: Path, origin: Origin, *, kind: str = "", sheet: str = "") -> Table:
    """The Table in the rows, with what tables.yaml beside the file says of it.

    Raises MalformedSource, naming what was found and what is accepted, when the header fits no known table or
    not the one that tables.yaml says, or naming the lines whose cells are not what the column holds.
    """
    entry = table_settings(path, origin).get(path.name, {})
    found = str(entry.get("kind") or kind or table_kind(rows))
    if found not in FORMS:
        raise refusal(MalformedSource, rows.name, f"This header is not known: {shown(rows.header)}. {accepted()}")
    rows = five_areas(rows) if is_five_area_days(rows) else five_items(rows) or rows
    form = FORMS[found]
    missing = form.missing(rows)
    if missing:
        raise refusal(
            MalformedSource, rows.name, f"A table of kind {found} needs the columns {', '.join(missing)}. Add them."
        )
    columns, cells = form.shape(rows)
    key = str(entry.get("key") or form.key)
    aliases = str(entry.get("aliases", form.aliases if form.aliases in columns else "") or "")
    local = _local(entry, columns, key)
    _check_columns(rows.name, columns, (key, *((aliases,) if aliases else ()), *(name for _, name in local)))
    stem = PurePosixPath(rows.name).stem
    return Table(
        id=f"{stem}.{sheet}" if sheet else stem, owner=origin.owner, kind=found,
        title=str(entry.get("title") or form.title), url=str(entry.get("url") or ""),
        department=str(entry.get("department") or ""), as_of=_day(entry, path, origin), key=key, aliases=aliases,
        local=local, columns=columns, rows=cells,
    )  # fmt: skip


def table_settings(path: Path, origin: Origin) -> dict[str, dict[str, object]]:
    """What tables.yaml beside the file says, by file name; empty where there is none.

    It is a list of mappings, or a mapping with the list under `tables`.  Raises MalformedSource naming the fault.
    """
    settings = path.parent / SETTINGS
    if not settings.is_file():
        return {}
    name = origin.name(settings)
    try:
        value = yaml.safe_load(settings.read_bytes())
    except (yaml.YAMLError, ValueError, RecursionError, OSError) as exc:
        raise refusal(MalformedSource, name, "This is not YAML. Mend it, then import the tables again.") from exc
    entries = value.get("tables") if isinstance(value, dict) else value
    if not isinstance(entries, list) or not all(isinstance(one, dict) and one.get("file") for one in entries):
        raise refusal(MalformedSource, name, "It must be a list of tables, each with 'file'. Mend it.")
    for one in entries:
        if unknown := {str(key) for key in one} - _KEYS:
            raise refusal(MalformedSource, name, f"Unknown keys: {', '.join(sorted(unknown))}. Use {sorted(_KEYS)}.")
    return {PurePosixPath(str(one["file"])).name: {str(key): item for key, item in one.items()} for one in entries}


def shown(header: tuple[str, ...]) -> str:
    """The header for a message: at most 12 names of at most 20 characters."""
    return ", ".join(name[:20] for name in header[:12]) + (", …" if len(header) > 12 else "")


def accepted() -> str:
    """Which headers are accepted, for messages."""
    kinds = "; ".join(f"{kind}: {', '.join(form.required)}" for kind, form in FORMS.items())
    return f"Accepted are 質問 and 回答 (question, answer), or a table with at least these columns: {kinds}."


def _local(entry: Mapping[str, object], columns: tuple[str, ...], key: str) -> tuple[tuple[str, str], ...]:
    """(language, column) pairs: those of tables.yaml, else the columns named KEY_LANGUAGE; 'easy' is ja-x-easy."""
    given = entry.get("local")
    if isinstance(given, dict):
        return tuple((str(language), str(column)) for language, column in given.items())
    found = [(name.removeprefix(f"{key}_"), name) for name in columns if name.startswith(f"{key}_")]
    return tuple(
        ("ja-x-easy" if language == "easy" else language, name) for language, name in found
        if language == "easy" or _LANGUAGE.fullmatch(language)
    )  # fmt: skip


def _check_columns(name: str, columns: tuple[str, ...], wanted: tuple[str, ...]) -> None:
    gone = [column for column in wanted if column not in columns]
    if gone:
        why = f"{SETTINGS} names columns that are not there: {', '.join(gone)}. Mend it."
        raise refusal(MalformedSource, name, why)


def _day(entry: Mapping[str, object], path: Path, origin: Origin) -> date:
    given = entry.get("as_of")
    return given if type(given) is date else fallback_day(path, origin)
