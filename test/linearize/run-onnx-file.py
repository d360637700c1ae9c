"""Runs an ONNX file in Python's onnxruntime: {input: {dims, data}} as JSON on stdin, the same of its outputs on stdout."""

import json
import sys

import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
feeds = {
    name: np.array(array["data"], np.float32).reshape(array["dims"])
    for name, array in json.load(sys.stdin).items()
}
results = session.run(None, feeds)
outputs = {
    output.name: {"dims": value.shape, "data": value.ravel().tolist()}
    for output, value in zip(session.get_outputs(), results)
}
json.dump(outputs, sys.stdout)
