"""`madoguchi audit verify`."""

from __future__ import annotations

import argparse
import sys

from assistant.settings import read_settings
from assistant.store.audit import AccessRecord, AnchorInvalid
from assistant.store.database import open_engine


def verify(chosen: argparse.Namespace) -> int:
    """Check the access record's chain; 1 and the first bad entry when it was altered, cut, or its head is damaged."""
    settings = read_settings()
    engine = open_engine(settings.database)
    try:
        record = AccessRecord(engine, settings.home / "audit")
        flaw = record.verify()
        count = record.count()
    except AnchorInvalid as exc:
        print(f"the access record can't be trusted: {exc}", file=sys.stderr)
        return 1
    finally:
        engine.dispose()
    if flaw is not None:
        print(f"the access record was altered: entry {flaw.seq} {flaw.what}", file=sys.stderr)
        return 1
    print(f"the access record is whole: {count} entries")
    return 0
