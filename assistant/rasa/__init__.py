"""Rasa projects as files: written from the town's knowledge, and read for what Madoguchi could take over."""
