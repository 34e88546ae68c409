"""A draft answer: lines of text that each cite, collected into an Answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.model import Answer, Citation
from knowledge.passage import Passage


@dataclass(slots=True)
class Draft:
    """Lines and the citations behind them; the same quote keeps its number."""

    language: str
    lines: list[str] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def cite(self, passage: Passage, quote: str) -> str:
        """The marker for this quote, such as " [1]"; empty when the quote is not in the passage."""
        if not quote.strip() or quote not in passage.text:
            return ""
        for n, held in enumerate(self.citations, 1):
            if held.passage.id == passage.id and quote in held.quote:
                return f" [{n}]"
        self.citations.append(Citation(passage=passage, quote=quote))
        return f" [{len(self.citations)}]"

    def add(self, line: str) -> None:
        """Append a line; empty lines are not doubled and never come first."""
        if line or (self.lines and self.lines[-1]):
            self.lines.append(line)

    def answer(self, confidence: float) -> Answer:
        """The finished answer. Raises ValueError when nothing was cited."""
        return Answer(
            text="\n".join(self.lines).strip(),
            language=self.language,
            citations=tuple(self.citations),
            confidence=confidence,
        )
