"""Compares W and b of all instances with float64: the plan itself, torch.func.jacrev and central differences.

    python check.py FOLDER

The folder holds model.json with weights, plan.json with constants, x.bin [N, ...], w.bin [N, C, D], the same for the
central differences as noisy-x.bin and noisy-w.bin, and settings.json.
Prints one JSON object.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from torch.func import jacrev, vmap

sys.path.insert(0, str(Path(__file__).parents[1] / "bench" / "peers"))
import network
from plan import Plan
from torch_peer import Ops

# F is piecewise linear, so a central difference is exact up to rounding if no gate changes within the step.
STEP = 1e-6
# Differences of entries below this are rounding of float64: the entries tie.
TIE = 1e-13


class Margins(Ops):
    """The same operations, which also record how near each instance comes to the threshold of a gate."""

    nearest = None

    @classmethod
    def note(cls, distance):
        distance = distance.flatten(1).amin(1)
        cls.nearest = distance if cls.nearest is None else torch.minimum(cls.nearest, distance)

    @classmethod
    def relu(cls, x):
        cls.note(x.abs())
        return torch.relu(x)

    @classmethod
    def max_pool(cls, size, strides, padding):
        pool = Ops.max_pool(size, strides, padding)

        def pooled(x):
            n, c = x.shape[:2]
            windows = torch.nn.functional.unfold(x, size, stride=strides).reshape(n, c, size[0] * size[1], -1)
            first, second = windows.topk(2, 2).values.unbind(2)
            # Equal windows tie in both precisions, and the first is taken in both.
            cls.note(torch.where(first - second > TIE, first - second, torch.inf))
            return pool(x)

        return pooled


def identity(plan, x, block):
    """max over instances of |F(x) − (W·x + b)| / max|F(x)|, all of it in float64."""
    worst = 0.0
    for at in range(0, len(x), block):
        part = torch.from_numpy(x[at : at + block]).double()
        y, b, w = plan.run(part)
        n = len(part)
        rows = w.reshape(-1, n, part[0].numel())
        ours = torch.einsum("cnd,nd->nc", rows, part.flatten(1)) + b.reshape(n, -1)
        y = y.reshape(n, -1)
        worst = max(worst, float(((y - ours).abs().amax(1) / y.abs().amax(1)).max()))
    return worst


def against_jacrev(folder, x, w, block):
    """Relative difference of W by instance, and how near its nearest gate is."""
    run = network.function(network.read_layers(folder, np.float64), Ops)
    watched = network.function(network.read_layers(folder, np.float64), Margins)
    jacobian = vmap(jacrev(lambda v: run(v[None])[0]))
    differences, margins = [], []
    for at in range(0, len(x), block):
        part = torch.from_numpy(x[at : at + block]).double()
        expected = jacobian(part).flatten(2)
        ours = torch.tensor(w[at : at + block], dtype=torch.float64)
        differences.append((expected - ours).abs().amax((1, 2)) / expected.abs().amax((1, 2)))
        Margins.nearest = None
        watched(part)
        margins.append(Margins.nearest)
    return torch.cat(differences).numpy(), torch.cat(margins).numpy()


def against_differences(folder, x, w):
    """Relative difference of W by instance and input to central differences of F in float64."""
    run = network.function(network.read_layers(folder, np.float64), Ops)
    found = []
    for image, rows in zip(x, w, strict=True):
        image = torch.from_numpy(image).double()
        steps = STEP * torch.eye(image.numel(), dtype=torch.float64).reshape(-1, *image.shape)
        slopes = (run(image + steps) - run(image - steps)) / (2 * STEP)
        rows = torch.tensor(rows, dtype=torch.float64)
        found.append(((slopes.T - rows).abs().amax(0) / rows.abs().max()).numpy())
    return np.concatenate(found)


def main(folder):
    settings = json.loads((folder / "settings.json").read_text())
    shape, block = settings["shape"], settings["block"]
    x = np.fromfile(folder / "x.bin", "<f4").reshape(shape)
    w = np.memmap(folder / "w.bin", "<f4", "r").reshape(shape[0], -1, x[0].size)
    torch.set_grad_enabled(False)
    torch.set_num_threads(1)  # threads that wait for each other are slower on a busy machine, and all steps are small
    difference, margin = against_jacrev(folder, x, w, block)
    # A float32 pre-activation within rounding of a threshold may fall on either side of it.
    clear = margin > settings["rounding"]
    noisy_x = np.fromfile(folder / "noisy-x.bin", "<f4").reshape(-1, *shape[1:])
    noisy_w = np.fromfile(folder / "noisy-w.bin", "<f4").reshape(len(noisy_x), -1, x[0].size)
    slopes = against_differences(folder, noisy_x, noisy_w)
    report = {
        "identity64": identity(Plan(folder), x, block),
        "jacrev": float(difference[clear].max()),
        "jacrev999": float(np.quantile(difference[clear], 0.999)),
        "nearThreshold": int((~clear).sum()),
        "differences": float(np.quantile(slopes, 0.999)),
        "crossed": int((slopes > settings["slope"]).sum()),
        "slopes": slopes.size,
    }
    print(json.dumps(report))


main(Path(sys.argv[1]))
