"""All routes of curation, for the application to take in."""

from __future__ import annotations

from assistant.web import drafts, gaps, knowledge, switches, uploads

CURATION_ROUTERS = (knowledge.router, drafts.router, uploads.router, gaps.router, switches.router)

LARGER_BODIES = {"/knowledge/uploads": uploads.MAX_UPLOAD_BYTES}
"""Paths that take more than a message, and how many bytes."""
