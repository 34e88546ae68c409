"""Knowledge: sources become documents, documents become passages, passages are found again.

Imports nothing of the other packages; the vocabulary is `knowledge.passage`.
"""
