"""Answers: extractive by default, by tables where facts are looked up, by a language model where one is set."""
