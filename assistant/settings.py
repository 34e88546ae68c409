"""All settings, read once: environment `MADOGUCHI_*`, then `madoguchi.toml`, then defaults."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from assistant.errors import SettingsError


class Settings(BaseSettings):
    """The one settings object; secrets are masked in repr. Half a configuration is refused."""

    model_config = SettingsConfigDict(env_prefix="MADOGUCHI_", frozen=True, extra="ignore", toml_file="madoguchi.toml")

    home: Path = Path("var")  # database, index and everything else that this installation writes
    database_url: str = ""  # default: SQLite under home
    town: str = ""  # the town that `/` and commands without --town serve; default: the only one, or the first
    embedding: str = ""  # default: the bundled model; else a sentence-transformers name or path
    llm: str = ""  # a LangChain model string such as openai:NAME
    llm_base_url: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=30.0, gt=0, le=600)  # seconds for a whole reply
    rate_messages: int = Field(default=30, ge=1)  # messages a minute from one address
    rate_conversations: int = Field(default=20, ge=1)  # new conversations a minute from one address
    widget_origins: str = "*"  # comma-separated origins that may embed the widget

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        if (self.llm_base_url or self.llm_api_key.get_secret_value()) and not self.llm:
            raise ValueError("MADOGUCHI_LLM_BASE_URL or MADOGUCHI_LLM_API_KEY is set, but MADOGUCHI_LLM is not")
        return self

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{(self.home / 'madoguchi.db').resolve()}"

    @property
    def index_root(self) -> Path:
        """The folder of search index snapshots."""
        return self.home / "index"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Given values first, then the environment, then madoguchi.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def read_settings() -> Settings:
    """The settings of this process. Raises SettingsError naming each wrong setting, never its value."""
    try:
        return Settings()
    except ValidationError as exc:
        lines = [f"{'.'.join(str(part) for part in e['loc']) or 'settings'}: {e['msg']}" for e in exc.errors()]
        raise SettingsError("Settings are wrong. " + "; ".join(lines)) from exc
    except ValueError as exc:  # madoguchi.toml that is not TOML
        raise SettingsError("madoguchi.toml is not valid TOML. Mend it or take it away.") from exc
