"""Doors that are not web pages: they take turns from a platform and bring the words back."""
