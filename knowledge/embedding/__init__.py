"""The bundled embedding: its model folder, its card, and the program that trains it.

Only `knowledge.dense` is needed to use the model; everything else here needs the extra `[models]`.
"""
