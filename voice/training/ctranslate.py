"""A Whisper .pt file in CTranslate2 form, with its tokenizer.

python -m voice.training.ctranslate FILE FOLDER [QUANTIZATION]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import ctranslate2
import torch
from ctranslate2.specs import WhisperSpec
from torch import Tensor, nn
from whisper import load_model
from whisper.model import MultiHeadAttention, ResidualAttentionBlock, Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer


def convert(file: Path, folder: Path, quantization: str | None = None) -> None:
    """Write `folder` for faster-whisper; `quantization` as CTranslate2 names it (int8, float16 …)."""
    model = load_model(str(file), device="cpu")
    dims = model.dims
    words = get_tokenizer(model.is_multilingual, num_languages=model.num_languages, language="ja", task="transcribe")
    spec = WhisperSpec(dims.n_audio_layer, dims.n_audio_head, dims.n_text_layer, dims.n_text_head)
    _fill(spec, model)
    spec.register_vocabulary(vocabulary(words, dims.n_vocab))
    spec.config.suppress_ids = sorted(words.non_speech_tokens)
    spec.config.suppress_ids_begin = [*words.encode(" "), words.eot]
    spec.config.lang_ids = list(words.all_language_tokens)
    spec.config.alignment_heads = [[dims.n_text_layer - 1, head] for head in range(dims.n_text_head)]
    spec.validate()
    spec.optimize(quantization=quantization)
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    (folder / "tokenizer.json").write_text(tokenizer_json(words, dims.n_vocab), encoding="utf-8")
    shape = {"feature_size": dims.n_mels, "chunk_length": dims.n_audio_ctx * 320 // 16_000}
    (folder / "preprocessor_config.json").write_text(json.dumps(shape), encoding="utf-8")


def _fill(spec: WhisperSpec, model: Whisper) -> None:
    encoder, decoder = model.encoder, model.decoder
    for mine, theirs in ((encoder.conv1, spec.encoder.conv1), (encoder.conv2, spec.encoder.conv2)):
        theirs.weight, theirs.bias = _plain(mine.weight), _plain(mine.bias)
    spec.encoder.position_encodings.encodings = _plain(encoder.positional_embedding)
    _norm(spec.encoder.layer_norm, encoder.ln_post)
    for theirs, block in zip(spec.encoder.layer, encoder.blocks, strict=True):
        _block(theirs, block)
    spec.decoder.embeddings.weight = _plain(decoder.token_embedding.weight)
    spec.decoder.projection.weight = spec.decoder.embeddings.weight
    spec.decoder.position_encodings.encodings = _plain(decoder.positional_embedding)
    _norm(spec.decoder.layer_norm, decoder.ln)
    for theirs, block in zip(spec.decoder.layer, decoder.blocks, strict=True):
        _block(theirs, block)
        cross = block.cross_attn
        _linear(theirs.attention.linear[0], [cross.query])
        _linear(theirs.attention.linear[1], [cross.key, cross.value])
        _linear(theirs.attention.linear[2], [cross.out])
        _norm(theirs.attention.layer_norm, block.cross_attn_ln)


def _block(theirs: object, block: ResidualAttentionBlock) -> None:
    attention: MultiHeadAttention = block.attn
    _linear(theirs.self_attention.linear[0], [attention.query, attention.key, attention.value])  # type: ignore[attr-defined]
    _linear(theirs.self_attention.linear[1], [attention.out])  # type: ignore[attr-defined]
    _norm(theirs.self_attention.layer_norm, block.attn_ln)  # type: ignore[attr-defined]
    _linear(theirs.ffn.linear_0, [block.mlp[0]])  # type: ignore[attr-defined]
    _linear(theirs.ffn.linear_1, [block.mlp[2]])  # type: ignore[attr-defined]
    _norm(theirs.ffn.layer_norm, block.mlp_ln)  # type: ignore[attr-defined]


def _linear(theirs: object, mine: list[nn.Linear]) -> None:
    """Linear layers side by side as one; Whisper's keys have no bias, which is a bias of zero."""
    theirs.weight = torch.cat([_plain(layer.weight) for layer in mine])  # type: ignore[attr-defined]
    biases = [torch.zeros(layer.out_features) if layer.bias is None else _plain(layer.bias) for layer in mine]
    theirs.bias = torch.cat(biases)  # type: ignore[attr-defined]


def _norm(theirs: object, mine: nn.LayerNorm) -> None:
    theirs.gamma, theirs.beta = _plain(mine.weight), _plain(mine.bias)  # type: ignore[attr-defined]


def _plain(value: Tensor) -> Tensor:
    return value.detach().float().contiguous()


def _letters() -> dict[int, str]:
    """How byte-level BPE writes each byte as one visible character (GPT-2's table)."""
    seen = [*range(33, 127), *range(161, 173), *range(174, 256)]
    hidden = [byte for byte in range(256) if byte not in seen]
    return {byte: chr(byte) for byte in seen} | {byte: chr(256 + place) for place, byte in enumerate(hidden)}


def vocabulary(words: Tokenizer, size: int) -> list[str]:
    """Every token as text, by its number."""
    letters = _letters()
    special = {number: text for text, number in words.encoding._special_tokens.items()}
    return [
        special.get(number) or "".join(letters[byte] for byte in words.encoding.decode_single_token_bytes(number))
        for number in range(size)
    ]


def tokenizer_json(words: Tokenizer, size: int) -> str:
    """The same tokenizer for the `tokenizers` library; merges are found again from the order of the tokens."""
    ranks: dict[bytes, int] = words.encoding._mergeable_ranks
    letters = _letters()

    def spelled(token: bytes) -> str:
        return "".join(letters[byte] for byte in token)

    longer = [token for token in sorted(ranks, key=ranks.__getitem__) if len(token) > 1]
    merges = [[spelled(part) for part in _parts(token, ranks)] for token in longer]
    added = [
        {"id": number, "content": text, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False,
         "special": True}
        for text, number in sorted(words.encoding._special_tokens.items(), key=lambda item: item[1])
    ]  # fmt: skip
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": False, "use_regex": True}
    model = {"type": "BPE", "vocab": {spelled(t): n for t, n in ranks.items()}, "merges": merges}
    whole = {"version": "1.0", "added_tokens": added, "pre_tokenizer": level, "decoder": level, "model": model}
    return json.dumps(whole, ensure_ascii=False)


def _parts(token: bytes, ranks: dict[bytes, int]) -> list[bytes]:
    """The two tokens that are joined last: merge as BPE does, but only with tokens older than this one."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        joined = [ranks.get(parts[i] + parts[i + 1], len(ranks)) for i in range(len(parts) - 1)]
        best = min(joined)
        if best >= ranks[token]:
            break
        at = joined.index(best)
        parts[at : at + 2] = [parts[at] + parts[at + 1]]
    return parts


if __name__ == "__main__":
    assert ctranslate2.__version__
    convert(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4])
