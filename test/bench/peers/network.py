"""Reads a network that TensorFlow.js saved and runs it on any library's operations."""

import json
from pathlib import Path

import numpy as np

import transformer


def read(folder, dtype, ops):
    """x ↦ F(x) of the network in the folder, for a batch x."""
    if (Path(folder) / "transformer.json").exists():
        return transformer.function(folder, dtype, ops)
    return function(read_layers(folder, dtype), ops)


class Layer:
    """One call of a layer: its kind, configuration, weights by short name, and the names of the layers it reads."""

    def __init__(self, spec, weights, inputs):
        self.kind = spec["class_name"]
        self.config = spec["config"]
        self.name = self.config["name"]
        self.weights = weights
        self.inputs = inputs


def read_layers(folder, dtype):
    """The layers of folder/model.json, in an order in which they can run; a final softmax is cut off."""
    folder = Path(folder)
    file = json.loads((folder / "model.json").read_text())
    model = file["modelTopology"].get("model_config", file["modelTopology"])
    weights = _weights(folder, file["weightsManifest"], dtype)
    layers = []
    for spec in model["config"]["layers"]:
        name = spec["config"]["name"]
        own = {key.split("/")[-1]: w for key, w in weights.items() if key.split("/")[-2] == name}
        layers.append(Layer(spec, own, _inputs(spec, layers)))
    if layers[-1].config.get("activation") == "softmax":
        layers[-1].config["activation"] = "linear"
    return layers


def function(layers, ops):
    """x ↦ F(x) for a batch x, by `ops`: a record of a library's operations, each made once for a layer's weights."""
    made = [(layer, _operation(layer, ops)) for layer in layers]

    def run(x):
        values, entered = {}, ops.enter(x)
        for layer, operation in made:
            inputs = [values[name] for name in layer.inputs] or [entered]
            values[layer.name] = operation(*inputs)
        return values[layers[-1].name]

    return run


def _operation(layer, ops):
    kind, config, w = layer.kind, layer.config, layer.weights
    if kind == "Dense":
        return _activated(ops.dense(w["kernel"], w["bias"]), config, ops)
    if kind in ("Conv2D", "DepthwiseConv2D"):
        kernel = w["kernel" if kind == "Conv2D" else "depthwise_kernel"]
        convolve = ops.convolution(kernel, config["strides"], config["padding"], kind == "DepthwiseConv2D")
        return _activated(_biased(convolve, w.get("bias"), ops), config, ops)
    if kind == "BatchNormalization":
        scale = w.get("gamma", 1) / np.sqrt(w["moving_variance"] + config["epsilon"])
        return ops.affine(scale, w.get("beta", 0) - w["moving_mean"] * scale)
    if kind == "ReLU":
        return ops.relu6 if config.get("max_value") == 6 else ops.relu
    if kind == "Activation":
        return _activated(lambda x: x, config, ops)
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        pool = ops.max_pool if kind == "MaxPooling2D" else ops.average_pool
        return pool(config["pool_size"], config["strides"], config["padding"])
    simple = {
        "GlobalAveragePooling2D": ops.average_all,
        "Add": lambda a, b: a + b,
        "Flatten": ops.flatten,
        "InputLayer": lambda x: x,
        "Dropout": lambda x: x,
    }
    if kind == "Concatenate":
        return ops.concatenate
    if kind == "ZeroPadding2D":
        return ops.zero_padding(config["padding"])
    return simple[kind]


def _biased(operation, bias, ops):
    if bias is None:
        return operation
    add = ops.affine(None, bias)
    return lambda x: add(operation(x))


def _activated(operation, config, ops):
    activation = {"linear": None, "relu": ops.relu, "relu6": ops.relu6}[config.get("activation", "linear")]
    return operation if activation is None else lambda x: activation(operation(x))


def _inputs(spec, before):
    if "inbound_nodes" not in spec:
        return [before[-1].name] if before else []
    nodes = spec["inbound_nodes"]
    return [edge[0] for edge in nodes[0]] if nodes else []


def _weights(folder, manifest, dtype):
    weights = {}
    for group in manifest:
        raw = b"".join((folder / path).read_bytes() for path in group["paths"])
        at = 0
        for spec in group["weights"]:
            size = int(np.prod(spec["shape"]))
            weights[spec["name"]] = np.frombuffer(raw, "<f4", size, at).reshape(spec["shape"]).astype(dtype)
            at += 4 * size
    return weights


def same_padding(size, kernel, stride):
    """TensorFlow's 'same' along one axis: how many zeros before and after."""
    total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
    return total // 2, total - total // 2
