"""QR codes as drawings: an address that a clerk's telephone can read off a resident's."""

from __future__ import annotations

from dataclasses import dataclass

import segno

_LONGEST = 600  # characters: a longer address makes modules too small to be read off a telephone
_QUIET = 4  # modules of white around the code, as ISO/IEC 18004 asks


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCode:
    """What an <svg> needs: its side in modules, the quiet zone included, and the path of the dark ones."""

    side: int
    path: str


def qr_code(address: str) -> QrCode | None:
    """The code of an http(s) address, level M; None for any other or a very long one."""
    if not address.startswith(("https://", "http://")) or len(address) > _LONGEST:
        return None
    rows = [list(row) for row in segno.make_qr(address, error="m").matrix_iter(border=_QUIET)]
    return QrCode(side=len(rows), path="".join(_runs(y, row) for y, row in enumerate(rows)))


def _runs(y: int, row: list[int]) -> str:
    """The dark stretches of one row."""
    path, start = "", -1
    for x, dark in enumerate([*row, 0]):
        if dark and start < 0:
            start = x
        elif not dark and start >= 0:
            path += f"M{start} {y}h{x - start}v1H{start}z"
            start = -1
    return path
