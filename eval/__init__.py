"""Measures quality: retrieval, decisions, speed, always with intervals and beside a baseline."""
