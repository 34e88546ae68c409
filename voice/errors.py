"""What can go wrong with speech; each docstring is the default message and names the cure."""


class VoiceError(Exception):
    """Speech could not be handled. See the message for the cure."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").split("\n", 1)[0])


class AudioUnreadable(VoiceError):
    """This audio could not be read. Save it as a WAV file (16-bit PCM) and try again."""


class AudioTooLong(VoiceError):
    """This audio is longer than two hours. Cut it into shorter files."""


class VoiceExtraMissing(VoiceError):
    """This needs the extra `voice`. Run `pip install 'madoguchi[voice]'`."""


class WhisperExtraMissing(VoiceError):
    """This recogniser needs the extra `whisper`. Run `pip install 'madoguchi[whisper]'`, or set MADOGUCHI_WHISPER
    to a model in CTranslate2 form."""


class NoRecognizer(VoiceError):
    """No recogniser is configured. Set MADOGUCHI_WHISPER to a Whisper model's name or path."""


class RecognizerUnavailable(VoiceError):
    """The recogniser's model could not be had. Fetch it where there is a network; set MADOGUCHI_WHISPER to its path."""


class RecognizerDamaged(VoiceError):
    """The recogniser's file is no Whisper model. Get it again, or set MADOGUCHI_WHISPER to another one."""


class EspeakMissing(VoiceError):
    """Speaking this language needs the program espeak-ng. Install it, for example `apt install espeak-ng`."""


class SpeechFailed(VoiceError):
    """The text could not be spoken. Show it in writing."""


class LanguageNotSpoken(VoiceError):
    """There is no voice for this language. Show the text in writing."""
