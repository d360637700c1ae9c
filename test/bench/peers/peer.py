"""Computes W and b with one library, on request: reads one JSON request per line and writes one JSON reply per line.

    python peer.py jax|torch|tensorflow

{"op": "load", "folder", "mode", "shape"}  x is folder/x.bin, [N, ...] float32
{"op": "run", "times"}      → {"milliseconds": [...]}
{"op": "save"}              writes folder/MODE.w.bin and folder/MODE.b.bin
{"op": "peak"}              → {"megabytes"}: most memory of this process since the last load, libraries included
"""

import importlib
import json
import sys
import time
from pathlib import Path

import numpy as np


class Peer:
    def __init__(self, library):
        self.library = importlib.import_module(f"{library}_peer")
        self.name = library

    def load(self, folder, mode, shape):
        Path("/proc/self/clear_refs").write_text("5")
        self.folder, self.mode = Path(folder), mode
        self.x = np.fromfile(self.folder / "x.bin", "<f4").reshape(shape)
        self.linearize = self.library.linearizer(folder, mode, self.x)
        return {}

    def run(self, times):
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            self.linearize(self.x)
            taken.append(1000 * (time.perf_counter() - start))
        return {"milliseconds": taken}

    def save(self):
        for name, array in zip("wb", self.linearize(self.x), strict=True):
            array.astype("<f4").tofile(self.folder / f"{self.name}-{self.mode}.{name}.bin")
        return {}

    def peak(self):
        lines = Path("/proc/self/status").read_text().splitlines()
        [peak] = [line.split()[1] for line in lines if line.startswith("VmHWM")]
        return {"megabytes": int(peak) / 1024}


def main():
    peer = Peer(sys.argv[1])
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        operation = getattr(peer, request.pop("op"))
        try:
            reply = operation(**request)
        except Exception as error:  # a peer that cannot is a row of the table, not the end of it
            reply = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(json.dumps(reply), flush=True)


main()
