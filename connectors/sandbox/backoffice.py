"""A small real back office on a socket, with a database of its own: bulky waste, certificates, road reports.

Run it as `python -m connectors.sandbox.backoffice --database FILE --port N`. It keeps each Idempotency-Key with the
digest of its request and its reply, in the same transaction as what was done. `POST /_sandbox/mode` {"mode": …} lets
it be slow (it acts, then keeps its reply back), down, talk nonsense or lose a reply; `GET /_sandbox/bookings` counts
what is booked.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import secrets
import sqlite3
import sys
import threading
import time
from contextlib import closing
from enum import StrEnum
from pathlib import Path

from connectors.sandbox.backoffice_description import DESCRIPTION, NUMBER, RECIPIENTS
from connectors.sandbox.loopback import Loopback, Spoken

CROWD = 20  # bookings that one day takes
TRIES = 5  # wrong birth dates before a request is locked

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bookings (number TEXT PRIMARY KEY, item TEXT, yen INTEGER, address TEXT, date TEXT,
                                     state TEXT);
CREATE TABLE IF NOT EXISTS certificates (number TEXT PRIMARY KEY, birth_date TEXT, kind TEXT, state TEXT,
                                         ready_on TEXT, tries INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS reports (number TEXT PRIMARY KEY, recipient TEXT, road TEXT, place TEXT, what TEXT,
                                    photo TEXT);
CREATE TABLE IF NOT EXISTS keys (key TEXT PRIMARY KEY, digest TEXT, status INTEGER, body TEXT);
"""
_CERTIFICATES = (
    ("SH-100234", "1990-04-12", "住民票の写し（郵送）", "ready", "2026-11-24"),
    ("SH-100235", "1985-11-03", "戸籍全部事項証明書（郵送）", "checking", None),
    ("SH-100236", "2001-07-30", "所得証明書（郵送）", "sent", "2026-11-18"),
)
Answer = tuple[int, dict[str, object]]
"""Status and JSON."""


class Mode(StrEnum):
    """How the stand-in behaves."""

    GOOD = "good"
    SLOW = "slow"  # acts, then waits `delay` seconds before it replies
    DOWN = "down"  # 503 with a page of HTML, as a gateway sends it
    LOST = "lost"  # acts, and a gateway loses its first reply: 503; the next request is answered
    NONSENSE = "nonsense"  # 200 and 201 with JSON that its description does not allow


class BackOffice(Loopback):
    """The stand-in; `with BackOffice(file) as office:` serves at `office.url`, which is MADOGUCHI_SERVICES_URL."""

    def __init__(self, database: Path, *, port: int = 0, mode: Mode = Mode.GOOD, delay: float = 3.0) -> None:
        self.mode, self.delay = mode, delay
        self._file = database
        self._lock = threading.Lock()
        database.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._open()) as db, db:
            db.executescript(_SCHEMA)
            db.executemany("INSERT OR IGNORE INTO certificates VALUES (?, ?, ?, ?, ?, 0)", _CERTIFICATES)
        super().__init__(_Handler, name="back-office", port=port)

    def rows(self, table: str) -> list[dict[str, object]]:
        """All rows of bookings, reports, certificates or keys, for tests."""
        with closing(self._open()) as db:
            db.row_factory = sqlite3.Row
            return [dict(row) for row in db.execute(f"SELECT * FROM {table} ORDER BY 1")]

    def answer(self, path: str, key: str, body: dict[str, object]) -> Answer:
        """What is done and said; a key that was used gives its first reply again, or 422 for another request."""
        digest = hashlib.sha256(json.dumps([path, body], sort_keys=True).encode()).hexdigest()
        if not key:
            return 422, {"code": "key_missing"}
        with self._lock, closing(self._open()) as db, db:
            db.execute("BEGIN IMMEDIATE")
            held = db.execute("SELECT digest, status, body FROM keys WHERE key = ?", (key,)).fetchone()
            if held is not None:
                return (held[1], json.loads(held[2])) if held[0] == digest else (422, {"code": "key_reused"})
            status, said = self._act(db, path, body)
            if status < 400:
                db.execute("INSERT INTO keys VALUES (?, ?, ?, ?)", (key, digest, status, json.dumps(said)))
            return status, said

    def _act(self, db: sqlite3.Connection, path: str, body: dict[str, object]) -> Answer:
        if path == "/bulky-waste/bookings":
            return _book(db, body)
        if cancelled := re.fullmatch(r"/bulky-waste/bookings/([^/]+)/cancellation", path):
            return _cancel(db, cancelled[1])
        if path == "/certificates/status":
            return _certificate(db, body)
        if path == "/road-reports":
            return _report(db, body)
        return 404, {"code": "unknown_path"}

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=10, isolation_level=None)


def _book(db: sqlite3.Connection, body: dict[str, object]) -> Answer:
    wanted = ("item", "yen", "address", "date")
    if any(body.get(name) in (None, "") for name in wanted):
        return 422, {"code": "field_missing"}
    day = str(body["date"])
    taken = db.execute("SELECT COUNT(*) FROM bookings WHERE date = ? AND state = 'booked'", (day,)).fetchone()[0]
    if taken >= CROWD:
        return 409, {"code": "day_full"}
    number = _free_number(db, "bookings", "BW")
    db.execute("INSERT INTO bookings VALUES (?, ?, ?, ?, ?, 'booked')", (number, *(body[name] for name in wanted)))
    return 201, {"number": number, "date": day, "yen": body["yen"]}


def _cancel(db: sqlite3.Connection, number: str) -> Answer:
    held = db.execute("SELECT state FROM bookings WHERE number = ?", (number,)).fetchone()
    if held is None:
        return 404, {"code": "unknown_number"}
    if held[0] != "booked":
        return 409, {"code": "already_cancelled"}
    db.execute("UPDATE bookings SET state = 'cancelled' WHERE number = ?", (number,))
    return 200, {"number": number}


def _certificate(db: sqlite3.Connection, body: dict[str, object]) -> Answer:
    number, born = str(body.get("number", "")), str(body.get("birth_date", ""))
    if not re.search(NUMBER, number):
        return 422, {"code": "field_missing"}
    held = db.execute(
        "SELECT birth_date, kind, state, ready_on, tries FROM certificates WHERE number = ?", (number,)
    ).fetchone()
    if held is not None and held[4] >= TRIES:
        return 423, {"code": "locked"}
    if held is None or held[0] != born:  # the same words for both: nobody learns which numbers exist
        db.execute("UPDATE certificates SET tries = tries + 1 WHERE number = ?", (number,))
        return 403, {"code": "not_identified"}
    db.execute("UPDATE certificates SET tries = 0 WHERE number = ?", (number,))
    found: dict[str, object] = {"number": number, "kind": held[1], "state": held[2]}
    return 200, {**found, **({"ready_on": held[3]} if held[3] else {})}


def _report(db: sqlite3.Connection, body: dict[str, object]) -> Answer:
    if body.get("recipient") not in RECIPIENTS or not body.get("place") or not body.get("what"):
        return 422, {"code": "field_missing"}
    number = _free_number(db, "reports", "RD")
    fields = [body.get(name) for name in ("recipient", "road", "place", "what", "photo")]
    db.execute("INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?)", (number, *fields))
    return 201, {"number": number, "recipient": body["recipient"]}


def _free_number(db: sqlite3.Connection, table: str, letters: str) -> str:
    """A number that nobody has yet; six digits meet by chance."""
    while True:
        number = f"{letters}-{secrets.randbelow(900_000) + 100_000}"
        if db.execute(f"SELECT 1 FROM {table} WHERE number = ?", (number,)).fetchone() is None:
            return number


class _Handler(Spoken):
    """Speaks HTTP for the stand-in that it is bound to."""

    peer: BackOffice

    def do_GET(self) -> None:
        if self.path == "/openapi.json":
            self.send_json(200, DESCRIPTION) if self.peer.mode is not Mode.DOWN else self._gateway()
        elif self.path in ("/_sandbox/bookings", "/_sandbox/reports"):
            self.send_json(200, {"rows": self.peer.rows(self.path.rpartition("/")[2])})
        else:
            self.send_json(404, {"code": "unknown_path"})

    def do_POST(self) -> None:
        raw = self.body()
        try:
            body = json.loads(raw) if raw else {}
        except ValueError:
            return self.send_json(422, {"code": "no_json"})
        if self.path == "/_sandbox/mode":
            self.peer.mode = Mode(body["mode"])
            return self.send_json(200, {"mode": self.peer.mode})
        if self.peer.mode is Mode.DOWN:
            return self._gateway()
        if self.peer.mode is Mode.NONSENSE:
            return self.send_json(201 if self.path.endswith(("bookings", "reports")) else 200, {"moon": "cheese"})
        status, said = self.peer.answer(self.path, self.headers.get("Idempotency-Key", ""), body)
        if self.peer.mode is Mode.LOST:
            self.peer.mode = Mode.GOOD
            return self._gateway()
        if self.peer.mode is Mode.SLOW:
            time.sleep(self.peer.delay)
        return self.send_json(status, said)

    def _gateway(self) -> None:
        self.send_bytes(503, b"<html>busy</html>", "text/html")


def _end_with_stdin(office: BackOffice) -> None:
    sys.stdin.read()
    office.stop()


def main(arguments: list[str] | None = None) -> None:
    """Serve on loopback until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="connectors.sandbox.backoffice", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--database", type=Path, default=Path("var/sandbox/backoffice.db"))
    parser.add_argument("--port", type=int, default=8101)
    parser.add_argument("--mode", type=Mode, choices=list(Mode), default=Mode.GOOD)
    parser.add_argument("--delay", type=float, default=3.0, help="seconds that a slow reply is kept back")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin is closed, as when the parent dies")
    chosen = parser.parse_args(arguments)
    office = BackOffice(chosen.database, port=chosen.port, mode=chosen.mode, delay=chosen.delay)
    print(office.url, flush=True)
    if chosen.with_parent:
        threading.Thread(target=_end_with_stdin, args=(office,), daemon=True).start()
    office.serve()


if __name__ == "__main__":
    main()
