"""Times W of the new points by torch.func.vmap(jacrev). Usage: jacobian.py FOLDER THREADS

Reads test.bin, [N, 784] float32, and the network that Piecewise trained: weights.json, the shapes of its kernels and biases in
their order, and weights.bin. Asserts that W is the one that Piecewise wrote to piecewise.w.bin, [N, 2, 784]; points that lie
on the threshold of a unit may differ. Prints one line of JSON.
"""

import json
import os
import sys
import time

import numpy as np
import torch

BLOCK = 1000
# Relative to the largest number of W; float32 sums of up to 2000 products.
ROUNDING = 1e-4
# Share of points that may lie on a threshold.
DOUBTFUL = 0.01

folder, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)


def read(name):
    return np.fromfile(os.path.join(folder, name), np.float32)


shapes = json.load(open(os.path.join(folder, "weights.json")))
sizes = [int(np.prod(shape)) for shape in shapes]
parts = np.split(read("weights.bin"), np.cumsum(sizes)[:-1])
weights = [torch.from_numpy(part.reshape(shape)) for part, shape in zip(parts, shapes)]
x = torch.from_numpy(read("test.bin").reshape(-1, 784))


def place(point):
    for i in range(0, len(weights), 2):
        point = point @ weights[i] + weights[i + 1]
        if i + 2 < len(weights):
            point = torch.relu(point)
    return point


jacobian = torch.func.vmap(torch.func.jacrev(place))
jacobian(x[:10])
started = time.perf_counter()
w = torch.cat([jacobian(x[begin : begin + BLOCK]) for begin in range(0, len(x), BLOCK)])
seconds = time.perf_counter() - started
ours = read("piecewise.w.bin").reshape(w.shape)
off = np.abs(w.numpy() - ours).max(axis=(1, 2)) > ROUNDING * np.abs(ours).max()
assert off.mean() < DOUBTFUL, f"W differs at {off.sum()} of {len(off)} points"
print(json.dumps({"seconds": seconds, "doubtful": int(off.sum())}))
