"""A stream of headings and lines becomes Sections; shared by Markdown, web pages and Word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from knowledge.passage import Section

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(slots=True)
class Outline:
    """Collects text under the headings that stand above it.

    The heading that is the document's title would be repeated in every path: whoever knows the title passes it,
    and the first heading equal to it does not enter the path.
    """

    title: str = ""
    _open: list[tuple[int, str]] = field(default_factory=list)
    _done: list[Section] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _titled: bool = False

    def heading(self, level: int, text: str) -> None:
        """Close the section so far; deeper and equal headings end here. `level` counts from 1."""
        self._close()
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        text = " ".join(text.split())
        if text and text == self.title and not self._titled:
            self._titled = True
            text = ""
        self._open.append((level, text))

    def text(self, block: str) -> None:
        """Add a block of text; blocks are set apart by a line end."""
        if block.strip():
            self._lines.append(block.rstrip())

    def sections(self) -> list[Section]:
        """All sections in order. A heading without text of its own lives on in the paths below it, or becomes text."""
        self._close()
        return list(self._done)

    def _close(self) -> None:
        path = tuple(text for _, text in self._open if text)
        body = _BLANK_LINES.sub("\n\n", "\n".join(self._lines)).strip("\n")
        self._lines = []
        if body.strip():
            self._done.append(Section(path=path, text=body))
        elif path and self._open[-1][1]:
            # Kept as text for now: dropped again when a deeper heading takes it into its path.
            self._done.append(Section(path=path, text=path[-1]))
        self._drop_covered()

    def _drop_covered(self) -> None:
        """A section that only repeats its heading goes when the next section's path goes through that heading."""
        if len(self._done) < 2:
            return
        before, last = self._done[-2], self._done[-1]
        bare = before.path and before.text == before.path[-1]
        if bare and len(last.path) > len(before.path) and last.path[: len(before.path)] == before.path:
            del self._done[-2]
