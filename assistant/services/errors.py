"""What can be wrong with the catalogue of services; the docstring is the default message and names the cure."""

from __future__ import annotations

from assistant.errors import MadoguchiError


class CatalogueInvalid(MadoguchiError):
    """A service in the catalogue is not whole. Mend the named file and key under assistant/services/catalogue."""
