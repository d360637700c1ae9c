"""The vision transformer of test/networks/transformer.ts on any library's operations."""

import json
from pathlib import Path

import numpy as np

EPSILON = 1e-3


def function(folder, dtype, ops):
    """x ↦ F(x) for a batch x of one image, [1, height, width, channels] → [1, outputs]."""
    folder = Path(folder)
    sizes = json.loads((folder / "transformer.json").read_text())
    weights = iter(_weights(folder, sizes["shapes"], dtype, ops))
    patches, patch_bias, positions = next(weights), next(weights), next(weights)
    # Per block: two norms, then queries, keys, values, then output, inner and outer, each with a bias.
    blocks = [[next(weights) for _ in range(13)] for _ in range(sizes["blocks"])]
    last = next(weights), next(weights)
    head, head_bias = next(weights), next(weights)
    height, width, channels = sizes["image"]
    side, heads, dim = sizes["side"], sizes["heads"], sizes["width"]
    rows, columns = height // side, width // side
    tokens = rows * columns

    def run(x):
        apart = ops.reshape(x, (rows, side, columns, side, channels))
        seen = ops.reshape(ops.permute(apart, (0, 2, 1, 3, 4)), (tokens, side * side * channels))
        v = seen @ patches + patch_bias + positions
        for block in blocks:
            v = _block(v, block, heads, ops)
        return ops.mean(_normalized(v, *last, ops) @ head + head_bias, 0)[None]

    def _block(x, w, heads, ops):
        split = lambda v: ops.permute(ops.reshape(v, (tokens, heads, dim // heads)), (1, 0, 2))  # noqa: E731
        n = _normalized(x, w[0], w[1], ops)
        q, k, v = (split(n @ matrix) for matrix in w[4:7])
        attention = ops.softmax(q @ ops.permute(k, (0, 2, 1)) * (heads / dim) ** 0.5)
        mixed = ops.reshape(ops.permute(attention @ v, (1, 0, 2)), (tokens, dim))
        y = x + (mixed @ w[7] + w[8])
        inner = _normalized(y, w[2], w[3], ops) @ w[9] + w[10]
        return y + ((inner * 0.5 * (ops.erf(inner / 2**0.5) + 1)) @ w[11] + w[12])

    return run


def _normalized(x, weights, bias, ops):
    centered = x - ops.mean(x, -1)[..., None]
    return centered * ops.rsqrt(ops.mean(centered * centered, -1)[..., None] + EPSILON) * weights + bias


def _weights(folder, shapes, dtype, ops):
    numbers = np.fromfile(folder / "weights.bin", "<f4").astype(dtype)
    at = 0
    for shape in shapes:
        size = int(np.prod(shape))
        yield ops.constant(numbers[at : at + size].reshape(shape))
        at += size
