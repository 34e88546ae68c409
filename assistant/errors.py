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


class UnknownTicket(MadoguchiError):
    """This ticket does not exist in your towns. Go back to the queue."""


class WrongMove(MadoguchiError):
    """The ticket stands elsewhere by now or belongs to a colleague. Load the page again."""


class UnknownUser(MadoguchiError):
    """There is no such user. `madoguchi user list` shows the users of a town."""


class PasswordRefused(MadoguchiError):
    """The password is too short: at least 10 characters."""


class WriterFailed(MadoguchiError):
    """The language model did not answer. The extractive answer is used; see MADOGUCHI_LLM."""
