"""Runs the Python lines of docs/onnx.md and README.md as they are written, and onnxruntime on each file that they write.

    pip install torch==2.15.0 torchvision==0.29.2 keras==3.15.1 scikit-learn==1.9.1 skl2onnx==1.20.0 onnx==1.23.2
    pip install onnxscript==0.7.2 jax2onnx==0.17.1 optimum==2.1.0 optimum-onnx==0.1.0 transformers==4.57.6 onnxruntime
    python test/docs/python-lines.py               # all of them
    python test/docs/python-lines.py JAX Keras     # those of some frameworks

Each block runs in an empty folder, with the names that the text around it takes for granted.
"""
import os
import pathlib
import re
import sys
import tempfile
import warnings

os.environ["KERAS_BACKEND"] = "torch"
warnings.filterwarnings("ignore")

import numpy as np
import onnxruntime

ROOT = pathlib.Path(__file__).parents[2]


def blocks(file):
    """The Python blocks of a page, each with the paragraph before it."""
    text = (ROOT / file).read_text()
    return re.findall(r"([^\n]+(?:\n[^\n]+)*)\n\n```py\n(.*?)```", text, re.S)


def pytorch():
    import torch
    import torchvision

    return {"torch": torch, "model": torchvision.models.resnet18(num_classes=10), "x": torch.rand(2, 3, 32, 32)}


def keras_model():
    import keras

    layers = [keras.layers.Input((12, 12, 3)), keras.layers.Conv2D(4, 3, activation="relu"), keras.layers.Flatten(), keras.layers.Dense(4)]
    keras.Sequential(layers).save("model.keras")
    return {"model": keras.models.load_model("model.keras"), "x": np.zeros((2, 12, 12, 3), np.float32)}


def hugging_face():
    from optimum.onnxruntime import ORTModelForSequenceClassification
    from transformers import BertConfig, BertForSequenceClassification

    sizes = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 32}
    BertForSequenceClassification(BertConfig(vocab_size=24, **sizes)).save_pretrained("bert")
    return {"ORTModelForSequenceClassification": ORTModelForSequenceClassification}


def scikit_learn():
    import skl2onnx
    from sklearn.datasets import load_iris
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, y = load_iris(return_X_y=True)
    return {"skl2onnx": skl2onnx, "make_pipeline": make_pipeline, "StandardScaler": StandardScaler,
            "MLPClassifier": MLPClassifier, "X": X, "y": y}  # fmt: skip


def jax_function():
    import jax
    import jax2onnx
    import onnx

    w = np.random.default_rng(1).normal(size=(6, 3)).astype(np.float32)
    return {"jax2onnx": jax2onnx, "onnx": onnx, "network": lambda x: jax.nn.relu(x @ w)}


NAMES = {"PyTorch": pytorch, "Keras 3": keras_model, "Hugging Face": hugging_face, "scikit-learn": scikit_learn, "JAX": jax_function}


def framework_of(paragraph):
    """The first framework that a paragraph names; PyTorch where it names none, as in the README."""
    found = [(paragraph.index(name), name) for name in NAMES if name in paragraph]
    return min(found)[1] if found else "PyTorch"


def run(path):
    """Runs a file on zeros, and returns the shapes of its outputs."""
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    kinds = {"tensor(float)": np.float32, "tensor(double)": np.float64, "tensor(int64)": np.int64}
    feeds = {i.name: np.zeros([d if isinstance(d, int) else 2 for d in i.shape], kinds[i.type]) for i in session.get_inputs()}
    return [getattr(value, "shape", len(value)) for value in session.run(None, feeds)]


wanted = sys.argv[1:]
count = 0
for file in ("docs/onnx.md", "README.md"):
    for paragraph, code in blocks(file):
        name = framework_of(paragraph)
        if wanted and not any(name.startswith(one) for one in wanted):
            continue
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            exec(compile(code, file, "exec"), NAMES[name]())
            written = list(pathlib.Path(folder).rglob("*.onnx"))
            assert written, f"{file}, {name}: the lines write no ONNX file"
            for path in written:
                print(f"{file}, {name}: {path.relative_to(folder)} gives {run(path)}", flush=True)
            os.chdir(ROOT)
        count += 1
assert count > 0, f"no block of {wanted}"
print(f"{count} blocks ran")
