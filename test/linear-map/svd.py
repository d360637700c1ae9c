"""NumPy in float64: {maps: [[C][D]], k} as JSON on stdin; singular values, norms and the best map of rank k on stdout."""

import json
import sys

import numpy as np

request = json.load(sys.stdin)
answers = []
for rows in request["maps"]:
    w = np.array(rows, np.float64)
    u, s, vt = np.linalg.svd(w, full_matrices=False)
    k = request["k"]
    answers.append(
        {
            "values": s[:k].tolist(),
            "best": ((u[:, :k] * s[:k]) @ vt[:k]).ravel().tolist(),
            "frobenius": float(np.linalg.norm(w)),
            "spectral": float(np.linalg.norm(w, 2)),
            "rank": int(np.linalg.matrix_rank(w, tol=1e-5 * s[0])),
        }
    )
json.dump(answers, sys.stdout)
