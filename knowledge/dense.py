"""Texts to unit vectors: the port `Encoder`, the light bundled encoder, and any sentence-transformers model."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import EncoderDamaged, EncoderUnavailable, ModelsExtraMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer

Vectors = NDArray[np.float32]

BUNDLED = Path(__file__).parent / "embedding" / "model"
"""The folder of the model that ships with Madoguchi."""

_FAMILIES = (
    ("ruri-v3", "検索クエリ: ", "検索文書: "),
    ("ruri", "クエリ: ", "文章: "),
    ("e5-large-instruct", "Instruct: Given a resident's question, retrieve passages that answer it\nQuery: ", ""),
    ("e5", "query: ", "passage: "),
)  # (part of the name, query prompt, passage prompt), the first that fits; as the models' own cards ask for


class Encoder(Protocol):
    """Turns texts into unit vectors whose dot product is their cosine; safe to call from several threads."""

    @property
    def name(self) -> str:
        """What made a vector: model name and a digest of its content, so that an index knows its encoder."""

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """The vectors of what residents ask: float32 (len(texts), dimension), each of length 1.

        A text without a letter or digit may have length 0 instead, so that it is like nothing.
        """

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of what is searched; otherwise as `encode_queries`."""


class StaticEncoder:
    """The mean of trained token vectors, without torch: `tokenizers` and numpy over a memory-mapped table.

    Reads a SentenceTransformer folder made of StaticEmbedding (and Normalize). Raises EncoderDamaged otherwise.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer  # here: importing knowledge.dense must stay cheap

        try:
            self._table = _map_table(folder / "model.safetensors")
            raw = (folder / "tokenizer.json").read_bytes()
            self._tokenizer: Tokenizer = Tokenizer.from_str(raw.decode("utf-8"))
        except Exception as exc:  # tokenizers raises bare Exception
            raise EncoderDamaged from exc
        if self._tokenizer.get_vocab_size() > len(self._table):
            raise EncoderDamaged
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._name = f"static:{folder.name}@{_digest(raw, (folder / 'model.safetensors').read_bytes())}"

    @property
    def name(self) -> str:
        """`static:FOLDER@DIGEST`, the digest over table and tokenizer."""
        return self._name

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return int(self._table.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder`; queries and passages are treated alike."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder`; memory is bounded by the longest text."""
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for n, text in enumerate(texts):
            ids = self._tokenizer.encode(_clean(text), add_special_tokens=False).ids
            if ids:
                # A sum a text: `np.add.reduceat` over many texts at once takes nine times as long.
                self._table[ids].sum(axis=0, dtype=np.float32, out=out[n])
        return _unit(out)


class SentenceTransformerEncoder:
    """Any sentence-transformers model, by name or folder; needs the extra `models`.

    The prompts are the model's own (config_sentence_transformers.json), else those of its family (e5, ruri).
    One thread: two on two cores collapse when anything else runs. Code from the model's repository is never run.
    Raises ModelsExtraMissing without the extra, EncoderUnavailable when the model can't be had.
    """

    def __init__(self, model: str) -> None:
        try:
            import torch
            from sentence_transformers import SentenceTransformer
        except ImportError as exc:
            raise ModelsExtraMissing from exc
        torch.set_num_threads(1)
        try:
            loaded = SentenceTransformer(model, device="cpu", trust_remote_code=False)
        except Exception as exc:  # hub, network and format errors have no common class
            raise _unavailable(model) from exc
        self._model = loaded.float()
        self._lock = threading.Lock()  # fast tokenizers set padding on themselves: not safe from two threads
        self._query_prompt, self._passage_prompt = _prompts(model, loaded)
        self._name = f"st:{Path(model).name}@{_model_digest(loaded, self._query_prompt, self._passage_prompt)}"
        self._dimension = int(self.encode_passages(["窓口"]).shape[1])

    @property
    def name(self) -> str:
        """`st:NAME@DIGEST`, the digest over weights and prompts."""
        return self._name

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder`, with the model's query prompt."""
        return self._encode(texts, self._query_prompt)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """As `Encoder`, with the model's passage prompt; a text beyond the model's length is cut by its tokenizer."""
        return self._encode(texts, self._passage_prompt)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self._dimension), dtype=np.float32)
        with self._lock:
            found = self._model.encode(
                [_clean(text) for text in texts], prompt=prompt or None, convert_to_numpy=True, show_progress_bar=False
            )
        return _unit(np.nan_to_num(np.asarray(found, dtype=np.float32)))


def load_encoder(setting: str | None) -> Encoder:
    """The encoder that MADOGUCHI_EMBEDDING names; None or an empty text is the bundled one.

    A folder made of StaticEmbedding is read without torch; everything else goes to sentence-transformers.
    Raises EncoderError (see its subclasses) when it can't be had.
    """
    if not setting:
        return StaticEncoder(BUNDLED)
    folder = Path(setting)
    return StaticEncoder(folder) if _is_static(folder) else SentenceTransformerEncoder(setting)


def _is_static(folder: Path) -> bool:
    try:
        modules = json.loads((folder / "modules.json").read_text(encoding="utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
        own_place = not modules[0]["path"]
    except (OSError, ValueError, LookupError, TypeError):
        return False
    return own_place and kinds in (["StaticEmbedding"], ["StaticEmbedding", "Normalize"])


def _map_table(path: Path) -> NDArray[np.float16] | NDArray[np.float32]:
    """The tensor `embedding.weight`, mapped, not read: workers share its pages.

    Layout: 8 bytes length, JSON header, data.  Source: the safetensors format description.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > 1_000_000:
            raise ValueError("not a safetensors file")
        entry = json.loads(file.read(length))["embedding.weight"]
    kind = {"F16": np.float16, "F32": np.float32}[entry["dtype"]]
    rows, columns = entry["shape"]
    start = 8 + length + int(entry["data_offsets"][0])
    return np.memmap(path, dtype=kind, mode="r", offset=start, shape=(int(rows), int(columns)))


def _prompts(model: str, loaded: SentenceTransformer) -> tuple[str, str]:
    own = {key: value for key, value in loaded.prompts.items() if value}
    if own:
        return own.get("query", ""), own.get("passage", own.get("document", ""))
    for part, query, passage in _FAMILIES:
        if part in model.lower():
            return query, passage
    return "", ""


def _model_digest(loaded: SentenceTransformer, *prompts: str) -> str:
    parts = [prompt.encode() for prompt in prompts]
    for key, tensor in sorted(loaded.state_dict().items()):
        parts += [key.encode(), tensor.detach().cpu().contiguous().numpy().tobytes()]
    return _digest(*parts)


def _unavailable(model: str) -> EncoderUnavailable:
    return EncoderUnavailable(
        f"The embedding model '{model}' could not be had here. Run `hf download {model}` where there is a network, "
        "copy its folder here and set MADOGUCHI_EMBEDDING to that folder; or unset MADOGUCHI_EMBEDDING to use the "
        "bundled model. With HF_HUB_OFFLINE=1 only models that were fetched before can be loaded by name."
    )


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "little"))
        digest.update(part)
    return digest.hexdigest()[:12]


def _clean(text: str) -> str:
    """The text without lone surrogates, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)
