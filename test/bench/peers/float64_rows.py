"""python float64_rows.py FOLDER SHAPE: all rows of W at FOLDER/x.bin by torch.func.jacrev in float64, as FOLDER/w.bin."""

import json
import sys
from pathlib import Path

import numpy as np

import torch_peer

folder, shape = Path(sys.argv[1]), json.loads(sys.argv[2])
x = np.fromfile(folder / "x.bin", "<f4").astype(np.float64).reshape(shape)
w, _ = torch_peer.linearizer(folder, "jacrev", x, np.float64)(x)
np.ascontiguousarray(w, "<f8").tofile(folder / "w.bin")
