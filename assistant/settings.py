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
    reranker: str = ""  # a cross-encoder of sentence-transformers that reads the best hits again; default: none
    whisper: str = ""  # a Whisper model's name, .pt file or CTranslate2 folder; `demo`: ours; none: no recogniser
    audiosocket_port: int = Field(default=0, ge=0, le=65535)  # Asterisk's calls come in here; 0: none do
    audiosocket_host: str = "127.0.0.1"  # the protocol knows no password: never an address that strangers reach
    phone_token: SecretStr = SecretStr("")  # what a media stream's <Parameter name="token"> must be; none: open
    llm: str = ""  # a LangChain model string such as openai:NAME
    llm_base_url: str = ""
    llm_api_key: SecretStr = SecretStr("")
    llm_timeout: float = Field(default=30.0, gt=0, le=600)  # seconds for a whole reply
    line_channel_secret: SecretStr = SecretStr("")  # of the LINE Official Account's Messaging API channel
    line_access_token: SecretStr = SecretStr("")
    line_api_base: str = "https://api.line.me"
    rate_messages: int = Field(default=30, ge=1)  # messages a minute from one address
    rate_logins: int = Field(default=10, ge=1)  # tries to log in a minute from one address, and with one name
    rate_conversations: int = Field(default=20, ge=1)  # new conversations a minute from one address
    rasa_url: str = ""  # root of a Rasa 3 server such as http://127.0.0.1:5005; default: nearest neighbours read
    rasa_token: SecretStr = SecretStr("")  # its --auth-token
    services_url: str = ""  # the back office that services call, with its description at /openapi.json
    services_timeout: float = Field(default=5.0, gt=0, le=60)  # seconds for a whole reply
    xroad_server: str = ""  # our Security Server, when the back office is reached over X-Road instead
    xroad_client: str = ""  # our subsystem: INSTANCE/CLASS/MEMBER/SUBSYSTEM
    xroad_service: str = ""  # their service: INSTANCE/CLASS/MEMBER/SUBSYSTEM/SERVICE
    smtp_url: SecretStr = SecretStr("")  # smtp://user:password@host:587 (STARTTLS) or smtps://…: mail to staff
    notify_to: str = ""  # comma-separated addresses that hear of new cases
    notify_from: str = "madoguchi@localhost"
    notify_webhook: str = ""  # an address that hears of new cases as signed JSON
    notify_secret: SecretStr = SecretStr("")  # the webhook's signing key
    widget_origins: str = "*"  # comma-separated origins that may embed the widget
    public_url: str = ""  # this server as residents and staff see it: where links on LINE and in notices lead

    @model_validator(mode="after")
    def _whole(self) -> Settings:
        if (self.llm_base_url or self.llm_api_key.get_secret_value()) and not self.llm:
            raise ValueError("MADOGUCHI_LLM_BASE_URL or MADOGUCHI_LLM_API_KEY is set, but MADOGUCHI_LLM is not")
        if bool(self.line_channel_secret.get_secret_value()) != bool(self.line_access_token.get_secret_value()):
            raise ValueError("set both MADOGUCHI_LINE_CHANNEL_SECRET and MADOGUCHI_LINE_ACCESS_TOKEN, or neither")
        if self.rasa_token.get_secret_value() and not self.rasa_url:
            raise ValueError("MADOGUCHI_RASA_TOKEN is set, but MADOGUCHI_RASA_URL is not")
        if self.rasa_url and not self.rasa_url.startswith(("http://", "https://")):
            raise ValueError("MADOGUCHI_RASA_URL must begin with http:// or https://")
        if len({bool(each) for each in (self.xroad_server, self.xroad_client, self.xroad_service)}) > 1:
            raise ValueError("set MADOGUCHI_XROAD_SERVER, _CLIENT and _SERVICE together, or none of them")
        if self.xroad_server and self.services_url:
            raise ValueError("set MADOGUCHI_SERVICES_URL or MADOGUCHI_XROAD_SERVER, not both")
        self._check_notices()
        return self

    def _check_notices(self) -> None:
        smtp, secret = self.smtp_url.get_secret_value(), self.notify_secret.get_secret_value()
        if bool(smtp) != bool(self.notify_to):
            raise ValueError("set both MADOGUCHI_SMTP_URL and MADOGUCHI_NOTIFY_TO, or neither")
        if smtp and not smtp.startswith(("smtp://", "smtps://")):
            raise ValueError("MADOGUCHI_SMTP_URL must begin with smtp:// or smtps://")
        if bool(self.notify_webhook) != bool(secret):
            raise ValueError("set both MADOGUCHI_NOTIFY_WEBHOOK and MADOGUCHI_NOTIFY_SECRET, or neither")
        if self.notify_webhook and not self.notify_webhook.startswith(("http://", "https://")):
            raise ValueError("MADOGUCHI_NOTIFY_WEBHOOK must begin with http:// or https://")

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
