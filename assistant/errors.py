"""What can go wrong in the hall; each docstring is the default message and names the cure."""


class MadoguchiError(Exception):
    """Something went wrong. See the log for the part that failed."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").split("\n", 1)[0])


class SettingsError(MadoguchiError):
    """Settings are wrong. See README, 'Settings'."""


class UnknownTown(MadoguchiError):
    """This town is not served here. `madoguchi town list` shows the towns; `madoguchi town add` adds one."""


class UnknownConversation(MadoguchiError):
    """This conversation does not exist or was deleted. Start a new one."""


class NotAuthorised(MadoguchiError):
    """The token does not belong to this conversation. Start a new one."""


class StorageFull(MadoguchiError):
    """The disk is full: nothing was written. Free some space and try again."""


class WriterFailed(MadoguchiError):
    """The language model did not answer. The extractive answer is used; see MADOGUCHI_LLM."""
