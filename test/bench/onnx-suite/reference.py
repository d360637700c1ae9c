"""
The backend node cases of the package onnx, as numbers for onnx-suite.ts: for every case with one node that takes and gives
float32, the model with all but the moving inputs as constants, the inputs, the expected output, and at an input near by a
direction v with the slope of F along v, a central difference that onnx's own reference evaluator computes in float64.

usage: python reference.py OUT.jsonl [sample]   (one case per line; with `sample`, small ones of each operator)
"""
import base64
import json
import math
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator
from onnx.reference.op_run import OpRun

#: Steps of the differences: in float64, and where the evaluator computes an operator in float32.
FINE, COARSE = 2.0**-20, 2.0**-9
#: Characters of the largest case in a sample.
LARGEST = 12_000
#: How far the input near by is.
MOVED = 2.0 ** -6
#: Operators of which any float input may be an activation; of the others the first one is.
SEVERAL = {"Add", "Sub", "Mul", "Div", "MatMul", "Max", "Min", "Sum", "Mean", "Concat", "Gemm", "Where", "Pow", "PRelu"}


def tensor(file):
    with open(file, "rb") as f:
        return numpy_helper.to_array(onnx.load_tensor_from_string(f.read()))


def numbers(a):
    """Float32, row major, in base64; what is not finite stays so."""
    return {"shape": list(a.shape), "float32": base64.b64encode(np.asarray(a, "<f4").tobytes()).decode()}


class Erf(OpRun):
    """The reference evaluator's own is an approximation to seven digits."""

    def _run(self, x):
        return (np.vectorize(math.erf, otypes=[x.dtype])(x),)


class Gelu(OpRun):
    """As above: its own contains the approximation."""

    def _run(self, x, approximate=None):
        if approximate == "tanh":
            return (0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),)
        return (0.5 * x * (1 + np.vectorize(math.erf, otypes=[x.dtype])(x / math.sqrt(2))),)


def near(x, rng):
    """An input near by, so that no entry lies exactly where a gate switches; zeros grow, since some references want no negative numbers."""
    away = rng.uniform(0.25, 1, x.shape) * rng.choice([-1, 1], x.shape) * MOVED
    return (x * (1 + away) + (x == 0) * np.abs(away)).astype(np.float32)


def differences(evaluator, at, v, outputs, step):
    wide = {n: a.astype(np.float64) if a.dtype == np.float32 else a for n, a in at.items()}
    low, high = ([np.asarray(y) for y in evaluator.run(outputs, {n: a + s * step * v[n] if n in v else a for n, a in wide.items()})]
                 for s in (-1, 1))
    precise = all(y.dtype == np.float64 for y in low)
    return precise, [(b.astype(np.float64) - a.astype(np.float64)) / (2 * step) for a, b in zip(low, high)]


def slopes(model, inputs, moving, outputs, rng):
    evaluator = ReferenceEvaluator(model, new_ops=[Erf, Gelu])
    at = {n: near(a, rng) if n in moving else a for n, a in inputs.items()}
    v = {n: rng.standard_normal(inputs[n].shape).astype(np.float32) for n in moving}
    precise, slope = differences(evaluator, at, v, outputs, FINE)
    if not precise:
        _, slope = differences(evaluator, at, v, outputs, COARSE)
    return at, v, slope, precise


def case(folder):
    model = onnx.load(folder / "model.onnx")
    if len(model.graph.node) != 1:
        return None
    node = model.graph.node[0]
    data = folder / "test_data_set_0"
    names = [i.name for i in model.graph.input]
    try:
        inputs = {n: tensor(data / f"input_{i}.pb") for i, n in enumerate(names)}
        expected = {o.name: tensor(data / f"output_{i}.pb") for i, o in enumerate(model.graph.output)}
    except Exception:
        return None
    floats = [n for n in names if inputs[n].dtype == np.float32]
    wanted = [n for n, v in expected.items() if v.dtype == np.float32]
    if not floats or not wanted or wanted[0] != model.graph.output[0].name:
        return None
    variants = [floats[:1]]
    if node.op_type in SEVERAL and len(floats) > 1:
        variants += [[n] for n in floats[1:]] + [floats]
    rng = np.random.default_rng(sum(folder.name.encode()))
    result = {"name": folder.name[5:], "operator": node.op_type, "domain": node.domain,
              "version": next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx", node.domain)),
              "variants": []}
    for moving in variants:
        fixed = onnx.ModelProto()
        fixed.CopyFrom(model)
        kept = [i for i in fixed.graph.input if i.name in moving]
        del fixed.graph.input[:]
        fixed.graph.input.extend(kept)
        fixed.graph.initializer.extend(numpy_helper.from_array(inputs[n], n) for n in names if n not in moving)
        variant = {"moving": moving, "model": base64.b64encode(fixed.SerializeToString()).decode(),
                   "x": {n: numbers(inputs[n]) for n in moving},
                   "expected": {n: numbers(expected[n]) for n in wanted}}
        try:
            with np.errstate(all="ignore"):
                at, v, slope, precise = slopes(model, inputs, moving, wanted, rng)
            variant["at"] = {n: numbers(at[n]) for n in moving}
            variant["v"] = {n: numbers(v[n]) for n in moving}
            variant["slope"] = {n: {**numbers(s), "precise": precise} for n, s in zip(wanted, slope)}
        except Exception as error:
            variant["without"] = f"{type(error).__name__}: {error}"[:200]
        result["variants"].append(variant)
    return result


def sampled(cases):
    """The two smallest cases of each operator, with the first of their variants."""
    by_operator = {}
    for one in cases:
        one["variants"] = one["variants"][:1]
        by_operator.setdefault(one["operator"], []).append(one)
    size = lambda one: len(json.dumps(one))
    groups = (sorted(group, key=size)[:2] for _, group in sorted(by_operator.items()))
    return [one for group in groups for one in group if size(one) < LARGEST]


def main(out, sample=None):
    root = Path(onnx.__file__).parent / "backend" / "test" / "data" / "node"
    cases = [found for folder in sorted(root.iterdir()) if (found := case(folder)) is not None]
    chosen = sampled(cases) if sample else cases
    with open(out, "w") as f:
        for one in chosen:
            f.write(json.dumps(one) + "\n")


main(*sys.argv[1:])
