"""A SentenceTransformer folder made of StaticEmbedding and Normalize, written without sentence-transformers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save
from tokenizers import Tokenizer

_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
    {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
]  # these type names load in sentence-transformers 5 and 6
_CONFIG = {
    "__version__": {"sentence_transformers": "5.0.0"},
    "model_type": "SentenceTransformer",
    "prompts": {"query": "", "document": ""},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}


def write_folder(out: Path, tokenizer: Tokenizer, table: NDArray[np.float32]) -> None:
    """The model lies in `out`: float16 table, tokenizer and the two JSON files; equal input gives equal bytes.

    Rows are scaled together so that half precision neither overflows in long texts nor loses small parts.
    Raises ValueError when the table has not one row for each token.
    """
    if len(table) != tokenizer.get_vocab_size():
        raise ValueError("the table needs one row for each token")
    scaled = table / (np.linalg.norm(table, axis=1).mean() * 2)
    out.mkdir(parents=True, exist_ok=True)
    (out / "1_Normalize").mkdir(exist_ok=True)
    (out / "model.safetensors").write_bytes(save({"embedding.weight": scaled.astype(np.float16)}))
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    for name, value in (("modules.json", _MODULES), ("config_sentence_transformers.json", _CONFIG)):
        (out / name).write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")
    (out / "1_Normalize" / "config.json").write_text("{}\n", encoding="utf-8")  # git keeps no empty folder
