"""NumPy in float64: {planes: [[…]], percent} as JSON on stdin; the percentile of each plane's magnitudes, and how many lie beyond it."""

import json
import sys

import numpy as np

request = json.load(sys.stdin)
answers = []
for plane in request["planes"]:
    sizes = np.abs(np.array(plane, np.float64))
    limit = float(np.percentile(sizes, request["percent"]))
    answers.append({"limit": limit, "beyond": int((sizes > limit).sum())})
json.dump(answers, sys.stdout)
