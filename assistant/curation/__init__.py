"""Curation: how knowledge comes in and is kept right."""
