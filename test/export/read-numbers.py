"""Reads the files that saveNumbers wrote with NumPy and Python's own csv, and prints what is in them as JSON."""

import csv
import json
import sys

import numpy


def read(file):
    if file.endswith(".csv"):
        with open(file, newline="", encoding="utf-8") as lines:
            return list(csv.reader(lines))
    array = numpy.load(file, allow_pickle=False)
    return {"dtype": array.dtype.str, "shape": array.shape, "values": array.ravel().tolist()}


json.dump([read(file) for file in sys.argv[1:]], sys.stdout)
