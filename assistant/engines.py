"""Which intent engine reads for which town: nearest neighbours over its own guides, Rasa where one is set."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.model import Understanding
from assistant.settings import Settings
from assistant.store.asked import Asked
from assistant.understanding.nearest import NearestReader, fits
from assistant.understanding.port import Example, IntentReader, talk_examples, topic_label
from assistant.understanding.rasa import RasaReader, RasaServer
from knowledge.errors import KnowledgeError
from knowledge.search import Library

_LOOK_SECONDS = 2.0  # how long a town's examples are held before its index is asked for a newer version


@dataclass(slots=True, kw_only=True)
class Engines:
    """The readers of all towns; a town's examples are taken anew when its knowledge was published anew."""

    questions: Callable[[tuple[str, ...]], list[Asked]]  # layers → what their guides and FAQs answer
    library: Library
    rasa: RasaServer | None = None
    clock: Callable[[], float] = time.monotonic
    _held: dict[tuple[str, ...], tuple[float, str, IntentReader]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def read(self, owners: tuple[str, ...], text: str, language: str) -> Understanding:
        """What a masked text means to the town with these layers."""
        return self.reader(owners).read(text, language)

    def reader(self, owners: tuple[str, ...]) -> IntentReader:
        """The town's reader, at most two seconds behind its published knowledge."""
        now = self.clock()
        held = self._held.get(owners)
        if held is not None and now - held[0] < _LOOK_SECONDS:
            return held[2]
        with self._lock:
            held = self._held.get(owners)
            mark = self._mark(owners)
            reader = held[2] if held is not None and held[1] == mark else self._build(owners)
            self._held[owners] = (now, mark, reader)
            return reader

    def state(self) -> dict[str, str]:
        """For /readyz: which engine reads intents, and how one that may be down without harm stands."""
        if self.rasa is None:
            return {"intents": "nearest"}
        state = self.rasa.state()
        return {"intents": "rasa" if state == "ok" else "nearest", "rasa": state}

    def _mark(self, owners: tuple[str, ...]) -> str:
        """Changes when knowledge was published; the last known one while an index can't be opened."""
        try:
            shelves = [self.library.shelf(owner) for owner in owners]
        except KnowledgeError:
            held = self._held.get(owners)
            return held[1] if held else ""
        return " ".join(shelf.version if shelf else "" for shelf in shelves)

    def _build(self, owners: tuple[str, ...]) -> IntentReader:
        topics = [
            Example(text=asked.text, label=topic_label(asked.topic), language=asked.language)
            for asked in self.questions(owners)
        ]
        encoder = self.library.encoder
        nearest = NearestReader([*topics, *talk_examples()], encoder, fits(encoder))
        return RasaReader(server=self.rasa, fallback=nearest) if self.rasa else nearest


def rasa_server(settings: Settings) -> RasaServer | None:
    """The Rasa server that the settings name, or None."""
    return RasaServer(settings.rasa_url, settings.rasa_token.get_secret_value()) if settings.rasa_url else None
