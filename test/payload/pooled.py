"""NumPy in float64: {plane, width, squares, of} as JSON on stdin; the sums over squares of each side, and over the parts in `of`."""

import json
import sys

import numpy as np

request = json.load(sys.stdin)
plane = np.array(request["plane"], np.float64).reshape(-1, request["width"])
squares = []
for side in request["squares"]:
    height, width = plane.shape
    padded = np.pad(plane, ((0, -height % side), (0, -width % side)))
    squares.append(padded.reshape(padded.shape[0] // side, side, -1, side).sum((1, 3)).ravel().tolist())
parts = np.bincount(request["of"], weights=plane.ravel()).tolist()
json.dump({"squares": squares, "parts": parts, "total": float(plane.sum())}, sys.stdout)
