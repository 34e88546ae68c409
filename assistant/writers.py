"""The language model that writes answers, when the settings name one."""

from __future__ import annotations

from assistant.parts import Writer
from assistant.settings import Settings


def writer_of(settings: Settings) -> Writer | None:
    """The writer that MADOGUCHI_LLM names, or None: answers are then extracts."""
    if not settings.llm:
        return None
    from assistant.answering.langchain_writer import build_writer  # LangChain takes 0.9 s to import

    return build_writer(
        settings.llm,
        base_url=settings.llm_base_url,
        api_key=settings.llm_api_key.get_secret_value(),
        timeout=settings.llm_timeout,
    )
