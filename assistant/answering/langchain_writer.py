"""Writes answers with any LangChain chat model; the only module of the assistant that knows LangChain."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.answering.checks import MAX_REPLY_CHARS, Checked, check
from assistant.answering.findings import Reason
from assistant.answering.hostile import repeats
from assistant.answering.prompt import Prompt, compose
from assistant.errors import SettingsError, WriterFailed
from assistant.model import Answer
from knowledge.passage import Passage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessageChunk

_log = logging.getLogger(__name__)
# How providers name a reply that came to its own end; anything else (length, content_filter …) is half an answer.
_STOP_KEYS = ("finish_reason", "stop_reason", "done_reason")
_STOPPED = frozenset({"stop", "end_turn", "stop_sequence", "eos", "complete", "finish"})
_END = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What became of one try to write: an answer, or why there is none."""

    answer: Answer | None
    failure: str = ""  # "", or a word: timeout, too_long, cut_off, empty, unreachable, broken, no_answer, leak, …
    dropped: tuple[Reason, ...] = ()  # what the checks left out
    seconds: float = 0.0

    @property
    def why(self) -> str:
        """Why there is no answer, for the record: `lead_lost (figure)`; "" when there is one."""
        found = dict.fromkeys(reason.value for reason in self.dropped if reason.value != self.failure)
        return f"{self.failure} ({', '.join(found)})" if self.failure and found else self.failure


class LangChainWriter:
    """A Writer on a LangChain chat model."""

    def __init__(self, model: BaseChatModel, *, name: str, timeout: float) -> None:
        """`timeout`: seconds for a whole reply, however slowly it comes."""
        self.name = name
        self._model = model
        self._timeout = timeout

    def write(self, question: str, language: str, passages: Sequence[Passage]) -> Answer | None:
        """A checked answer in `language`, or None: the extractive answer is then used. Never raises for the model."""
        return self.attempt(question, language, passages).answer

    def attempt(self, question: str, language: str, passages: Sequence[Passage]) -> Attempt:
        """Like `write`, with the reason when there is no answer; takes at most `timeout` seconds and a little.

        A reply that did not come to its own end is not used at all: what is missing may be the 'unless'.
        """
        started = time.monotonic()
        prompt = compose(question, language, passages)
        if not prompt.passages:
            return Attempt(answer=None, failure="no_passages")
        try:
            reply = self._reply(prompt, started + self._timeout)
            if repeats(reply, prompt.rules):
                raise WriterFailed("leak")
        except WriterFailed as exc:
            _log.warning("language model %s: %s", self.name, exc)
            return Attempt(answer=None, failure=str(exc), seconds=time.monotonic() - started)
        checked = check(reply, prompt.passages, language, question)
        return _attempt(checked, language, time.monotonic() - started)

    def _reply(self, prompt: Prompt, deadline: float) -> str:
        """The whole reply. Raises WriterFailed with a word for the reason."""
        pieces: queue.Queue[str | Exception | None] = queue.Queue()
        stop = threading.Event()
        # A thread, because a peer that trickles defeats every timeout of the client; it ends at its next piece.
        threading.Thread(target=self._pump, args=(prompt, pieces, stop), daemon=True, name="writer").start()
        text: list[str] = []
        try:
            while (piece := _next(pieces, deadline, begun=bool(text))) is not _END:
                text.append(piece)
                if sum(map(len, text)) > MAX_REPLY_CHARS:
                    raise WriterFailed("too_long")
        finally:
            stop.set()
        reply = "".join(text).strip()
        if not reply:
            raise WriterFailed("empty")
        return reply

    def _pump(self, prompt: Prompt, pieces: queue.Queue[str | Exception | None], stop: threading.Event) -> None:
        """Put the reply's pieces into the queue, then None, or the exception that ended it."""
        try:
            for piece in self._stream(prompt):
                pieces.put(piece)
                if stop.is_set():
                    return
            pieces.put(_END)
        except Exception as exc:  # every provider has exceptions of its own; `_next` raises it as ours
            pieces.put(exc)

    def _stream(self, prompt: Prompt) -> Iterator[str]:
        from langchain_core.messages import HumanMessage, SystemMessage
        from langsmith import tracing_context

        ended = ""
        # What residents write goes to the model that the town chose, and to no tracing service beside it.
        with tracing_context(enabled=False):
            for chunk in self._model.stream([SystemMessage(prompt.system), HumanMessage(prompt.human)]):
                ended = _ending(chunk) or ended
                yield chunk.text
        if ended.casefold() not in _STOPPED:
            raise WriterFailed("cut_off")


def build_writer(model: str, *, base_url: str, api_key: str, timeout: float) -> LangChainWriter:
    """A writer on the model that a LangChain string such as `openai:NAME` names; calls nobody yet.

    `base_url` and `api_key` may be empty: the provider's own address, and a placeholder key for servers that want none.
    Raises SettingsError when the string names no model or its provider's package is not installed.
    """
    from langchain.chat_models import init_chat_model  # takes 0.9 s to import

    if not model.strip():
        raise SettingsError("MADOGUCHI_LLM is empty. Write PROVIDER:NAME such as openai:gpt-4o-mini.")
    options: dict[str, str | float | int] = {"temperature": 0, "timeout": timeout, "max_retries": 0}
    if base_url:
        options["base_url"] = base_url
    if api_key or base_url:
        options["api_key"] = api_key or "none"
    try:
        # No retries: a resident waits, and the extractive answer is ready.
        chat: BaseChatModel = init_chat_model(model, **options)  # type: ignore[call-overload]  # options go through
    except (ImportError, ValueError) as exc:
        provider = model.split(":", 1)[0]
        raise SettingsError(
            f"MADOGUCHI_LLM: {provider!r} can't be used ({type(exc).__name__}). Write PROVIDER:NAME such as "
            f"openai:gpt-4o-mini, and install langchain-{provider}."
        ) from exc
    return LangChainWriter(chat, name=model, timeout=timeout)


def _next(pieces: queue.Queue[str | Exception | None], deadline: float, *, begun: bool) -> str | None:
    """The next piece, None at the end. Raises WriterFailed when the stream failed or time is up."""
    left = deadline - time.monotonic()
    try:
        if left <= 0:
            raise queue.Empty
        piece = pieces.get(timeout=left)
    except queue.Empty:
        raise WriterFailed("timeout") from None
    if isinstance(piece, WriterFailed):
        raise piece
    if isinstance(piece, Exception):
        raise WriterFailed("broken" if begun else _failure(piece)) from piece
    return piece


def _failure(exc: Exception) -> str:
    """One word for a provider's exception; its message may hold the resident's words and is not used."""
    status = getattr(exc, "status_code", None)
    if isinstance(status, int):
        return f"http_{status}"
    name = type(exc).__name__.casefold()
    if "timeout" in name:
        return "timeout"
    return "unreachable" if "connect" in name else "broken"


def _ending(chunk: BaseMessageChunk) -> str:
    """Why the model stopped, if this chunk says so; empty otherwise."""
    return next((str(chunk.response_metadata[key]) for key in _STOP_KEYS if chunk.response_metadata.get(key)), "")


def _attempt(checked: Checked, language: str, seconds: float) -> Attempt:
    dropped = tuple(found.reason for found in checked.dropped)
    if not checked.text:
        return Attempt(answer=None, failure=dropped[-1].value, dropped=dropped, seconds=seconds)
    lost = sum(reason is not Reason.COURTESY for reason in dropped)
    answer = Answer(
        text=checked.text,
        language=language,
        citations=checked.citations,
        confidence=checked.kept / (checked.kept + lost),
        machine_translated=any(_translated(c.passage.language, language) for c in checked.citations),
    )
    return Attempt(answer=answer, dropped=dropped, seconds=seconds)


def _translated(source: str, language: str) -> bool:
    """True when the one is not the other's own text; plain Japanese says the same in easier Japanese words."""
    return source != language and not (source.startswith("ja") and language.startswith("ja"))
