"""What can go wrong with words and patterns; each docstring is the default message and names the cure."""

from assistant.errors import MadoguchiError


class LanguageError(MadoguchiError):
    """The language files could not be used. See the message for the file and key to mend."""


class WordsIncomplete(LanguageError):
    """A key or placeholder is missing, unknown or of the wrong kind. Mend the file and key that the message names."""


class WordsMisused(LanguageError):
    """The values given do not match the placeholders of these words. Give exactly those that the message names."""


class PatternsInvalid(LanguageError):
    """A pattern file has an unknown key, a missing language or a broken pattern. Mend the file and key named."""
