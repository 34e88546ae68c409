"""The words that an installation adds to ours: its own glossary, lexicon and thesaurus files."""

from __future__ import annotations

from pathlib import Path

from knowledge.asking import Asking
from knowledge.errors import WordsDamaged
from knowledge.glossary import read_terms, terms
from knowledge.lexicon import everyday, read_everyday
from knowledge.phrasebook import PhraseBook
from knowledge.thesaurus import links, read_links


def asking_with(folder: Path) -> Asking:
    """Questions are read with our words and with those in `folder`/{glossary,lexicon,thesaurus}/*.tsv.

    A folder that is not there adds nothing; in these files a language may be empty. Everything is read here, at the
    start, so that a bad row never meets a resident. Raises WordsDamaged that names file and line.
    """
    part = ""
    try:
        glossary = (*terms(), *read_terms(folder / (part := "glossary"), gaps=True))
        lexicon = (*everyday(), *read_everyday(folder / (part := "lexicon"), gaps=True))
        thesaurus = (*links(), *read_links(folder / (part := "thesaurus")))
    except (OSError, ValueError) as exc:
        why = exc.strerror if isinstance(exc, OSError) else exc
        raise WordsDamaged(f"This installation's own words can't be read: {folder / part}: {why}. "
                           "Mend that, or take the file away.") from exc  # fmt: skip
    return Asking(PhraseBook(glossary=glossary, lexicon=lexicon), thesaurus, glossary)
