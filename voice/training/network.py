"""The network in training: Whisper's own layers over the tokens in use, and its export to a whole Whisper file."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from whisper.model import ModelDimensions, Whisper
from whisper.tokenizer import Tokenizer, get_tokenizer

DIMENSIONS = ModelDimensions(
    n_mels=80, n_audio_ctx=400, n_audio_state=96, n_audio_head=4, n_audio_layer=3,
    n_vocab=51865, n_text_ctx=64, n_text_state=96, n_text_head=4, n_text_layer=2,
)  # fmt: skip
"""400 audio positions are 8 seconds."""
POSITIONS = 0.2  # size of the encoder's positions; the file carries them
NEVER = -40.0  # what a token that was never trained scores; residents' words score about 0 to 20


class Lexicon:
    """The tokens in use, numbered from 0; the rest of Whisper's 51865 is left out while training."""

    def __init__(self, texts: list[tuple[str, str]]) -> None:
        self.tokenizer: Tokenizer = get_tokenizer(True, num_languages=99, language="ja", task="transcribe")
        t = self.tokenizer
        assert t.no_speech is not None
        languages = [t.to_language_token("ja"), t.to_language_token("en")]
        special = [t.eot, t.sot, t.transcribe, t.no_timestamps, t.no_speech, *languages]
        used = {token for text, language in texts for token in self._tokens(text, language)}
        self.ids = special + sorted(used)
        self.place = {token: place for place, token in enumerate(self.ids)}

    def _tokens(self, text: str, language: str) -> list[int]:
        # Whisper writes a space before a word of a language that has spaces.
        tokens: list[int] = self.tokenizer.encode(f" {text}" if language == "en" else text)
        return tokens

    def row(self, text: str, language: str) -> list[int]:
        """Places of the whole sequence; an empty text is 'no speech'."""
        t = self.tokenizer
        if not text:
            return [self.place[token] for token in (t.sot, t.no_speech or 0, t.eot)]
        head = [t.sot, t.to_language_token(language), t.transcribe, t.no_timestamps]
        return [self.place[token] for token in [*head, *self._tokens(text, language), t.eot]]


class Learner(nn.Module):
    """Whisper over the lexicon, and a head that names sounds, which teaches the encoder to listen (dropped later)."""

    def __init__(self, words: int, sounds: int) -> None:
        super().__init__()
        self.whisper = Whisper(replace(DIMENSIONS, n_vocab=words))
        self.sounds = nn.Linear(DIMENSIONS.n_audio_state, sounds + 1)
        nn.init.normal_(self.whisper.decoder.token_embedding.weight, std=0.05)
        nn.init.normal_(self.whisper.decoder.positional_embedding, std=0.02)
        # Whisper's positions are as large as a trained network's sounds; a new one would hear only where it is.
        encoder = self.whisper.encoder
        encoder.positional_embedding *= POSITIONS
        for conv in (encoder.conv1, encoder.conv2):
            nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        self.hold()

    @torch.no_grad()
    def hold(self) -> None:
        """Keep one number of the decoder's output at 1, so that each token has a bias and unused ones never win."""
        self.whisper.decoder.ln.weight[-1] = 0.0
        self.whisper.decoder.ln.bias[-1] = 1.0

    def listen(self, mel: Tensor) -> Tensor:
        """Encoder output for any length up to the window (batch, positions, state)."""
        encoder = self.whisper.encoder
        x = F.gelu(encoder.conv2(F.gelu(encoder.conv1(mel)))).permute(0, 2, 1)
        x = x + encoder.positional_embedding[: x.shape[1]]
        for block in encoder.blocks:
            x = block(x)
        heard: Tensor = encoder.ln_post(x)
        return heard


@torch.no_grad()
def export(learner: Learner, lexicon: Lexicon, file: Path) -> None:
    """Write a file that `whisper.load_model(path)` opens: float16, 12 MB."""
    state = {name: value.detach().half() for name, value in learner.whisper.state_dict().items()}
    rows = learner.whisper.decoder.token_embedding.weight
    table = torch.zeros(DIMENSIONS.n_vocab, DIMENSIONS.n_text_state)
    table[:, -1] = NEVER
    table[torch.tensor(lexicon.ids)] = rows
    state["decoder.token_embedding.weight"] = table.half()
    torch.save({"dims": asdict(DIMENSIONS), "model_state_dict": state}, file)


@torch.no_grad()
def go_on(learner: Learner, lexicon: Lexicon, file: Path) -> None:
    """Take over what `export` wrote; tokens that were not in use then, and the head of sounds, begin anew."""
    held: dict[str, Tensor] = torch.load(file, weights_only=True, map_location="cpu")["model_state_dict"]
    table = held.pop("decoder.token_embedding.weight").float()[torch.tensor(lexicon.ids)]
    known = table[:, -1] > NEVER / 2
    rows = learner.whisper.decoder.token_embedding.weight
    rows[known] = table[known]
    # A new token must not win before it was learned.
    rows[~known, -1] = table[known, -1].min()
    learner.whisper.load_state_dict({name: value.float() for name, value in held.items()}, strict=False)
    learner.hold()
