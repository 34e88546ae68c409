"""A table of token vectors trained so that pairs lie close and the other pairs of the batch do not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from knowledge.embedding.pair import Source

Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Every number that decides what is trained."""

    dimension: int = 256
    steps: int = 3500
    batch: int = 384  # pairs
    rate: float = 0.01  # Adam's learning rate at its peak
    scale: float = 12.0  # 1 / temperature
    take_apart: float = 0.25  # share of tokens that are replaced by their two parts
    leave_out: float = 0.05  # share of tokens that are left out
    inherited: float = 0.8  # share of a token's first vector that comes from its parts
    seed: int = 20261120
    mixture: tuple[tuple[Source, float], ...] = (
        (Source.LAW, 0.2),
        (Source.PAGE, 0.1),
        (Source.PARALLEL, 0.08),
        (Source.GUIDE, 0.27),
        (Source.TABLE, 0.05),
        (Source.TERM, 0.3),
        (Source.ASKED, 0.12),
        (Source.WRITTEN, 0.2),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedPairs:
    """The pairs of one source as token ids; `groups` are numbers, equal where pairs share a group."""

    left: Sequence[Ids]
    right: Sequence[Ids]
    groups: NDArray[np.int64]


def first_table(counts: NDArray[np.int64], parts: Ids, recipe: Recipe) -> NDArray[np.float32]:
    """Vectors to start from: random directions, rare tokens long, frequent ones short, words near their parts.

    `counts` is how often each token occurs.  The length is sqrt(a / (a + p)) with a = 1e-3, a softened SIF weight.
    Source: Arora, Liang & Ma, ICLR 2017.
    """
    rng = np.random.default_rng(recipe.seed)
    table = rng.normal(size=(len(counts), recipe.dimension)).astype(np.float32)
    table /= np.linalg.norm(table, axis=1, keepdims=True)
    for token in np.flatnonzero(parts[:, 0] >= 0):  # ids grow with merging: parts come before their whole
        mean = table[parts[token, 0]] + table[parts[token, 1]]
        mean *= recipe.inherited / max(float(np.linalg.norm(mean)), 1e-6)
        table[token] = mean + math.sqrt(1 - recipe.inherited**2) * table[token]
    share = counts / max(int(counts.sum()), 1)
    return np.asarray(table * np.sqrt(1e-3 / (1e-3 + share))[:, None], dtype=np.float32)


def train_table(
    table: NDArray[np.float32], parts: Ids, sources: Mapping[Source, EncodedPairs], recipe: Recipe
) -> NDArray[np.float32]:
    """The table after training with in-batch negatives, both ways; one thread, the same result each time.

    Pairs of one group are never each other's negatives. The rate rises for 5 % of the steps, then falls by a cosine.
    Source of the loss: Henderson et al., arXiv:1705.00652.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    weight = torch.nn.Parameter(torch.from_numpy(table.copy()))
    optimiser = torch.optim.Adam([weight], lr=recipe.rate, betas=(0.9, 0.98))
    present = [(source, share) for source, share in recipe.mixture if source in sources]
    shares = np.array([share for _, share in present])
    for step in range(recipe.steps):
        optimiser.param_groups[0]["lr"] = recipe.rate * _schedule(step / recipe.steps)
        source = present[int(rng.choice(len(present), p=shares / shares.sum()))][0]
        loss = _batch_loss(weight, parts, sources[source], rng, recipe)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    return weight.detach().numpy()


def _batch_loss(
    weight: torch.Tensor, parts: Ids, pairs: EncodedPairs, rng: np.random.Generator, recipe: Recipe
) -> torch.Tensor:
    chosen = rng.choice(len(pairs.left), size=min(recipe.batch, len(pairs.left)), replace=False)
    left = _embed(weight, _disturb([pairs.left[i] for i in chosen], parts, rng, recipe))
    right = _embed(weight, _disturb([pairs.right[i] for i in chosen], parts, rng, recipe))
    scores = left @ right.T * recipe.scale
    groups = torch.from_numpy(pairs.groups[chosen])
    related = (groups[:, None] == groups[None, :]) & ~torch.eye(len(chosen), dtype=torch.bool)
    scores = scores.masked_fill(related, -1e4)
    target = torch.arange(len(chosen))
    return (functional.cross_entropy(scores, target) + functional.cross_entropy(scores.T, target)) / 2


def _disturb(
    bags: Sequence[Ids], parts: Ids, rng: np.random.Generator, recipe: Recipe
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Flat ids and the bag of each, after leaving tokens out and taking tokens apart twice."""
    ids = np.concatenate(bags)
    owner = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
    for _ in range(2):
        apart = (rng.random(len(ids)) < recipe.take_apart) & (parts[ids, 0] >= 0)
        ids = np.concatenate([np.where(apart, parts[ids, 0], ids), parts[ids[apart], 1]])
        owner = np.concatenate([owner, owner[apart]])
    kept = rng.random(len(ids)) >= recipe.leave_out
    kept |= np.bincount(owner, minlength=len(bags))[owner] < 4  # a bare keyword stays whole
    order = np.argsort(owner[kept], kind="stable")
    return ids[kept][order].astype(np.int64), owner[kept][order]


def _embed(weight: torch.Tensor, bags: tuple[NDArray[np.int64], NDArray[np.int64]]) -> torch.Tensor:
    ids, owner = bags
    size = int(owner.max()) + 1 if len(owner) else 0
    offsets = np.searchsorted(owner, np.arange(size))
    summed = functional.embedding_bag(torch.from_numpy(ids), weight, torch.from_numpy(offsets), mode="sum")
    return functional.normalize(summed, dim=1)


def _schedule(done: float) -> float:
    return done / 0.05 if done < 0.05 else 0.5 * (1 + math.cos(math.pi * (done - 0.05) / 0.95))
