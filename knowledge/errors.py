"""What can go wrong with knowledge; each docstring is the default message and names the cure."""


class KnowledgeError(Exception):
    """The knowledge could not be used. See the message for the cure."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or (type(self).__doc__ or "").split("\n", 1)[0])


class SourceError(KnowledgeError):
    """This source could not be read. Check that the file opens in its own program, then import it again."""


class UnsupportedSource(SourceError):
    """This kind of file is not supported. Save it as Markdown, HTML, PDF, Word, Excel, CSV or 法令標準XML."""


class EncryptedSource(SourceError):
    """This file is protected by a password. Save a copy without the password and import that."""


class NoTextInSource(SourceError):
    """This file holds no text, only images. Install tesseract (with Japanese) to read it, or import a text version."""


class SourceTooLarge(SourceError):
    """This file is too large when unpacked. Split it into smaller files."""


class MalformedSource(SourceError):
    """This file is damaged or not what its name says. Save it again in its own program and import that."""


class IndexDamaged(KnowledgeError):
    """The search index is damaged. Run `madoguchi reindex` to build it again from the database."""


class EncoderMismatch(KnowledgeError):
    """The search index was made with another embedding model. Run `madoguchi reindex`."""


class EncoderError(KnowledgeError):
    """The embedding model could not be used. Check MADOGUCHI_EMBEDDING, or unset it to use the bundled model."""


class EncoderDamaged(EncoderError):
    """The embedding model's folder is damaged or of another kind. Get it again, or unset MADOGUCHI_EMBEDDING."""


class EncoderUnavailable(EncoderError):
    """The embedding model could not be had. Fetch it where there is a network, set MADOGUCHI_EMBEDDING to its path."""


class RerankerUnavailable(EncoderError):
    """The cross-encoder could not be had, or gives more than one number. Set MADOGUCHI_RERANKER to the path of one
    with a single output, or unset it."""


class ModelsExtraMissing(EncoderError):
    """This model needs the extra `models`. Run `pip install 'madoguchi[models]'`, or unset MADOGUCHI_EMBEDDING
    and MADOGUCHI_RERANKER."""


class WordsDamaged(KnowledgeError):
    """A file of this installation's own words can't be read. Mend the line that is named, or take the file away."""


class LawNotFound(SourceError):
    """e-Gov holds no such law on that day. Check the law id at https://laws.e-gov.go.jp/ and the date."""


class LawServiceDown(SourceError):
    """e-Gov's law API did not answer. Try again later, or import the XML file that you downloaded."""
