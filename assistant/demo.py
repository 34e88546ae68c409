"""The demo town: loads 朝凪市 from the package into an empty database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from assistant.bootstrap import System
from assistant.curation.importing import Progress, Report, silent
from assistant.errors import SettingsError
from assistant.store.knowledge import TownProfile
from knowledge.passage import Layer
from knowledge.sources.reading import Origin

AS_OF = date(2026, 4, 1)  # of the demo knowledge; its files that bear no date are of this day
DEMO_TOWN = "482013"  # 朝凪市
DEMO_CITY = Path(__file__).parent.parent / "knowledge" / "demo_city"


def load_when_empty(system: System, progress: Progress = silent) -> Report | None:
    """Load the demo town when no town is there yet; None when there is one."""
    if system.knowledge.towns():
        return None
    return load(system, progress)


def load(system: System, progress: Progress = silent) -> Report:
    """Load or refresh the demo town; what is unchanged stays untouched."""
    town = town_from(DEMO_CITY / "town.yaml")
    system.knowledge.put_town(town)
    report = Report()
    origin = Origin(owner=town.code, layer=Layer.TOWN, root=DEMO_CITY, language="ja", as_of=AS_OF)
    for folder in ("guides", "tables", "ordinances"):
        report.take(system.importer.run([DEMO_CITY / folder], origin, "auto", progress))
    system.library.refresh()
    return report


def town_from(file: Path) -> TownProfile:
    """A town's profile from its town.yaml. Raises SettingsError naming what is missing."""
    try:
        profile = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exc:
        raise SettingsError(f"{file.name} can't be read as YAML. Mend it and try again.") from exc
    if not isinstance(profile, dict) or not str(profile.get("code", "")).isdigit() or not profile.get("name"):
        raise SettingsError(f"{file.name} needs at least `code` (6 digits, in quotes) and `name`.")
    if isinstance(profile["name"], str):
        profile["name"] = {"ja": profile["name"]}
    prefecture = profile.get("prefecture")
    return TownProfile(code=str(profile["code"]), prefecture=str(prefecture) if prefecture else None, profile=profile)
