"""Runs a plan of Piecewise in float64 with PyTorch: each operation by its definition, without Piecewise's executors."""

import json
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F


def _same(size, kernel, stride):
    total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return total // 2, total - total // 2


def _convolve(x, filters, attrs):
    h, w = filters.shape[:2]
    pad = [(0, 0), (0, 0)] if attrs["pad"] == "valid" else attrs["pad"]
    if pad == "same":
        pad = [_same(n, k, s) for n, k, s in zip(x.shape[1:3], (h, w), attrs["strides"], strict=True)]
    x = F.pad(x.permute(0, 3, 1, 2), (*pad[1], *pad[0]))
    return F.conv2d(x, filters.permute(3, 2, 0, 1), stride=tuple(attrs["strides"])).permute(0, 2, 3, 1)


def _convolve_transposed(u, filters, attrs, shape):
    """By definition: the vector-Jacobian product of the convolution, which is linear."""
    x = torch.zeros(shape, dtype=u.dtype)
    _, pull = torch.func.vjp(lambda v: _convolve(v, filters, attrs), x)
    return pull(u)[0]


def _first_maximum(a, axis):
    first = torch.from_numpy(a.numpy().argmax(axis, keepdims=True))
    return torch.zeros_like(a).scatter_(axis, first, 1)


def _pad(a, paddings):
    return F.pad(a, [side for pair in reversed(paddings) for side in pair])


def _slice(a, begin, shape):
    return a[tuple(slice(b, b + n) for b, n in zip(begin, shape, strict=True))]


OPS = {
    "add": lambda attrs, shape, a, b: a + b,
    "multiply": lambda attrs, shape, a, b: a * b,
    "greater": lambda attrs, shape, a, b: (a > b).double(),
    "oneMinus": lambda attrs, shape, a: 1 - a,
    "firstMaximum": lambda attrs, shape, a: _first_maximum(a, attrs["axis"]),
    "matMul": lambda attrs, shape, a, b: a @ (b.T if attrs.get("transposeB") else b),
    "conv2d": lambda attrs, shape, x, w: _convolve(x, w, attrs),
    "conv2dTranspose": lambda attrs, shape, u, w: _convolve_transposed(u, w, attrs, shape),
    "reshape": lambda attrs, shape, a: a.reshape(shape),
    "broadcast": lambda attrs, shape, a: a.broadcast_to(shape),
    "permute": lambda attrs, shape, a: a.permute(attrs["permutation"]),
    "pad": lambda attrs, shape, a: _pad(a, attrs["paddings"]),
    "slice": lambda attrs, shape, a: _slice(a, attrs["begin"], shape),
    "concat": lambda attrs, shape, *parts: torch.cat(parts, attrs["axis"]),
    "reduceSum": lambda attrs, shape, a: a.sum(attrs["axes"]),
}


class Plan:
    def __init__(self, folder):
        file = json.loads((Path(folder) / "plan.json").read_text())
        numbers = np.fromfile(Path(folder) / "constants.bin", "<f4").astype(np.float64)
        self.nodes = file["nodes"]
        self.results = {name: file[name] for name in "xybw"}
        self.constants = [
            torch.from_numpy(numbers[c["from"] : c["from"] + c["size"]].reshape(c["shape"])) for c in file["constants"]
        ]

    def run(self, x):
        """F(x), b and W for N instances, as flat as the plan has them: [N·C], [N·C], [C·N·D]."""
        wanted = [self.results[name] for name in "ybw"]
        needed = self._needed(wanted)
        values = {self.results["x"]: x}
        for i in sorted(needed - values.keys()):
            node = self.nodes[i]
            if node["op"] == "constant":
                values[i] = self.constants[node["attrs"]["index"]]
            else:
                inputs = [values[j] for j in node["inputs"]]
                values[i] = OPS[node["op"]](node["attrs"], node["shape"], *inputs)
        return [values[i].reshape(-1) for i in wanted]

    def _needed(self, wanted):
        found, queue = set(), list(wanted)
        while queue:
            i = queue.pop()
            if i not in found:
                found.add(i)
                queue.extend(self.nodes[i]["inputs"])
        return found
