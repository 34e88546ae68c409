"""`madoguchi ingest`, `town` and `reindex`: what changes the knowledge."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from assistant.bootstrap import System, build
from assistant.curation.importing import Report
from assistant.demo import town_from
from assistant.errors import SettingsError, UnknownTown
from assistant.settings import read_settings
from assistant.store.knowledge import TownProfile
from knowledge.errors import SourceError
from knowledge.passage import NATION, Layer
from knowledge.sources.reading import Origin


class Bar:
    """A progress bar in the terminal, one for each step."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._step = ""

    def __call__(self, step: str, done: int, total: int) -> None:
        """Show that `done` of `total` are ready in this step."""
        if step != self._step or self._bar is None:
            self.close()
            self._step = step
            self._bar = tqdm(total=total, desc=step, unit="", file=sys.stderr, disable=None)
        if self._bar is not None:
            self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Leave the last bar as it stands."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def ingest(chosen: argparse.Namespace) -> int:
    """Import; prints counts and reasons; 1 when anything failed."""
    system = build(read_settings())
    bar = Bar()
    report = Report()
    try:
        owner, layer = _owner(system, chosen.town, Layer(chosen.layer))
        as_of = _day(chosen.as_of)
        files = [Path(p) for p in chosen.paths if not p.startswith("law:")]
        for missing in [f for f in files if not f.exists()]:
            report.failed.append(f"{missing}: there is no such file or folder. Check the path.")
        for path in [f for f in files if f.exists()]:
            origin = Origin(
                owner=owner, layer=layer, root=path if path.is_dir() else path.parent,
                as_of=as_of or system.clock().date(),
            )  # fmt: skip
            report.take(system.importer.run([path], origin, chosen.kind, bar))
        for law in [p.removeprefix("law:") for p in chosen.paths if p.startswith("law:")]:
            _law(system, law, owner, layer, as_of, chosen.egov, report, bar)
    finally:
        bar.close()
        system.close()
    return _told(report)


def add_town(chosen: argparse.Namespace) -> int:
    """Store a town from its file, or by code and name."""
    if chosen.file is not None:
        town = town_from(chosen.file)
    elif chosen.code and chosen.name:
        town = TownProfile(code=chosen.code, prefecture=chosen.prefecture, profile={"name": {"ja": chosen.name}})
    else:
        raise SettingsError("Give a TOWN.YAML, or --code and --name.")
    if not (town.code.isascii() and town.code.isdigit() and len(town.code) == 6):
        raise SettingsError(f"{town.code!r} is no 全国地方公共団体コード: six digits, the last one is the check digit.")
    system = build(read_settings())
    try:
        system.knowledge.put_town(town)
    finally:
        system.close()
    print(f"{town.code} {town.name('ja')}")
    return 0


def list_towns(_: argparse.Namespace) -> int:
    """Print code and name of every town."""
    system = build(read_settings())
    for town in system.knowledge.towns():
        print(f"{town.code} {town.name('ja')}")
    system.close()
    return 0


def reindex(chosen: argparse.Namespace) -> int:
    """Build indexes again, whatever state they are in."""
    system = build(read_settings())
    bar = Bar()
    try:
        towns = system.knowledge.towns()
        owners = {NATION, *(t.code for t in towns), *(t.prefecture for t in towns if t.prefecture)}
        if chosen.town and chosen.town not in owners:
            raise UnknownTown
        for owner in sorted({chosen.town} if chosen.town else owners):
            report = Report()
            system.importer.publish(owner, bar, report, force=True)
            print(f"{owner}: version {report.version}, {report.embedded} texts embedded")
    finally:
        bar.close()
        system.close()
    return 0


def _law(system: System, law: str, owner: str, layer: Layer, as_of: date | None, base: str, report: Report,
         bar: Bar) -> None:  # fmt: skip
    from connectors.transport import fetch
    from knowledge.sources.egov import fetch_law

    try:
        reading = fetch_law(law, as_of, fetch, base, origin=Origin(owner=owner, layer=layer, root=Path()))
    except SourceError as exc:
        report.failed.append(str(exc))
        return
    part = Report()
    system.importer.put(reading, owner, f"law:{law}", bar, part)
    report.take(part)


def _owner(system: System, town: str, layer: Layer) -> tuple[str, Layer]:
    """Whose knowledge the import is, by the town it is given for. Raises UnknownTown."""
    held = system.knowledge.town(town)
    if held is None:
        raise UnknownTown
    if layer is Layer.NATION:
        return NATION, layer
    if layer is Layer.PREFECTURE:
        if held.prefecture is None:
            raise SettingsError("This town's profile names no prefecture. Add `prefecture` to its town.yaml.")
        return held.prefecture, layer
    return town, layer


def _told(report: Report) -> int:
    for warning in report.warnings:
        print(f"note: {warning}", file=sys.stderr)
    for failure in report.failed:
        print(f"failed: {failure}", file=sys.stderr)
    print(
        f"added {report.added}, changed {report.changed}, unchanged {report.unchanged}, "
        f"withdrawn {report.withdrawn}, failed {len(report.failed)}"
    )
    return 1 if report.failed else 0


def _day(value: str | None) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError as exc:
        raise SettingsError("--as-of must be a day such as 2026-04-01.") from exc
