"""A town's calibration as a file, and the answers that residents judged."""

from __future__ import annotations

import json
import logging
import os
import threading
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import Engine, select

from assistant.calibration import NEVER, Calibration, Judged
from assistant.errors import SettingsError
from assistant.store import tables as t

log = logging.getLogger(__name__)

Mark = tuple[int, int, int]
"""Time in ns, inode and size: another file under the same name has another one."""


class Calibrations:
    """One JSON file a town under a folder; a new one is used from the next question on, in every process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, tuple[Mark, Calibration]] = {}
        self._damaged: dict[str, str] = {}  # town → what was said of its file
        self._lock = threading.Lock()

    def of(self, town: str) -> Calibration | None:
        """The town's calibration; None when it has none. Raises SettingsError when the file can't be read."""
        file = self._file(town)
        try:
            found = file.stat()
        except FileNotFoundError:
            return None
        except OSError as exc:
            raise _unreadable(file) from exc
        mark = (found.st_mtime_ns, found.st_ino, found.st_size)
        with self._lock:
            held = self._held.get(town)
            if held is None or held[0] != mark:
                held = self._held[town] = (mark, _read(file))
            return held[1]

    def in_force(self, town: str) -> Calibration | None:
        """As `of`; but while the file can't be read nothing is sure enough, and every case goes to a person.

        The built-in threshold would answer where the town had forbidden it. The fault is logged once.
        """
        try:
            found = self.of(town)
        except SettingsError as exc:
            if self._damaged.get(town) != str(exc):
                log.error("%s Until then the town's questions go to its staff.", exc)
            self._damaged[town] = str(exc)
            return Calibration(answer=NEVER, cautious=NEVER)
        self._damaged.pop(town, None)
        return found

    def state(self) -> dict[str, str]:
        """For /readyz: the towns whose file could not be read when they were last asked; else nothing."""
        return {"calibration": "damaged: " + ", ".join(sorted(self._damaged))} if self._damaged else {}

    def put(self, town: str, calibration: Calibration) -> Path:
        """Store it, all or nothing, also when the power fails; returns the file."""
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(town)
        fresh = file.with_suffix(f".{os.getpid()}.new")
        with fresh.open("w", encoding="utf-8") as out:
            json.dump(asdict(calibration), out, ensure_ascii=False, indent=1)
            out.flush()
            os.fsync(out.fileno())
        os.replace(fresh, file)
        return file

    def drop(self, town: str) -> None:
        """The town is as if it had never been calibrated."""
        self._file(town).unlink(missing_ok=True)

    def _file(self, town: str) -> Path:
        return self._folder / f"{town}.json"


def judged_answers(engine: Engine, town: str) -> list[Judged]:
    """Every answer from the town's texts that a resident called helpful or not, with its confidence then.

    An answer below the threshold of its time, as to one bare word that names a guide, was given for another reason than
    its confidence: it would speak for questions that were never answered, and is left out.
    """
    m, f = t.messages, t.feedback
    query = (
        select(m.c.confidence, f.c.helpful, m.c.language, m.c.evidence)
        .join(f, f.c.message == m.c.id)
        .where(m.c.town == town, m.c.why == "answered", m.c.confidence.is_not(None))
        .order_by(m.c.seq)
    )
    with engine.connect() as connection:
        return [
            Judged(confidence=row.confidence, right=row.helpful, language=row.language, topic=_topic(row.evidence))
            for row in connection.execute(query)
            if row.confidence >= _answered_from(row.evidence)
        ]


def _topic(evidence: object) -> str:
    """Of the best text; "" in records from before topics were kept."""
    topic = evidence.get("topic") if isinstance(evidence, dict) else None
    return topic if isinstance(topic, str) else ""


def _pairs(found: list[list[object]]) -> tuple[tuple[str, float], ...]:
    return tuple((str(name), float(str(value))) for name, value in found)


def _answered_from(evidence: object) -> float:
    """The threshold that applied; 0 in records from before it was kept."""
    thresholds = evidence.get("thresholds") if isinstance(evidence, dict) else None
    found = thresholds.get("answers_from") if isinstance(thresholds, dict) else None
    return float(found) - 1e-9 if isinstance(found, int | float) else 0.0


def _read(file: Path) -> Calibration:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
        languages, topics = (tuple((str(k), float(v)) for k, v in raw.pop(name)) for name in ("languages", "topics"))
        judged, plain = int(raw.pop("judged")), {str(name): float(value) for name, value in raw.items()}
        return Calibration(**plain, languages=languages, topics=topics, judged=judged)
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as exc:
        raise _unreadable(file) from exc


def _unreadable(file: Path) -> SettingsError:
    return SettingsError(
        f"The calibration {file.name} can't be read. Run `madoguchi calibrate` again, or delete it with "
        f"`madoguchi calibrate --town {file.stem} --reset`."
    )
