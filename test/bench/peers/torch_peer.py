"""W and b by PyTorch: torch.func.jacrev or jacfwd, images channels first as PyTorch has them."""

import numpy as np
import torch
import torch.nn.functional as F
from torch.func import jacfwd, jacrev, vmap

import network


def _first(x):
    return x.permute(0, 3, 1, 2) if x.ndim == 4 else x


def _padded(x, size, strides, padding, value):
    if padding == "valid":
        return x
    (top, bottom), (left, right) = (
        network.same_padding(n, k, s) for n, k, s in zip(x.shape[2:], size, strides, strict=True)
    )
    return F.pad(x, (left, right, top, bottom), value=value)


class Ops:
    relu = staticmethod(F.relu)
    relu6 = staticmethod(F.relu6)
    enter = staticmethod(_first)
    average_all = staticmethod(lambda x: x.mean((2, 3)))
    # Weights of what follows are in the order of channels last.
    flatten = staticmethod(lambda x: (x.permute(0, 2, 3, 1) if x.ndim == 4 else x).flatten(1))

    @staticmethod
    def dense(kernel, bias):
        kernel, bias = torch.tensor(kernel.T).contiguous(), torch.tensor(bias)
        return lambda x: F.linear(x, kernel, bias)

    @staticmethod
    def affine(scale, offset):
        def by_channel(x, numbers):
            return numbers.view(1, -1, 1, 1) if x.ndim == 4 else numbers

        offset = torch.tensor(offset)
        if scale is None:
            return lambda x: x + by_channel(x, offset)
        scale = torch.tensor(scale)
        return lambda x: x * by_channel(x, scale) + by_channel(x, offset)

    @staticmethod
    def convolution(kernel, strides, padding, depthwise):
        h, w, c, m = kernel.shape
        filters = kernel.transpose(2, 3, 0, 1).reshape(c * m, 1, h, w) if depthwise else kernel.transpose(3, 2, 0, 1)
        filters = torch.tensor(np.ascontiguousarray(filters))
        groups = c if depthwise else 1
        strides = tuple(strides)

        def convolve(x):
            sides = {s: network.same_padding(n, k, t) for n, k, t, s in zip(x.shape[2:], (h, w), strides, "hw")}
            if padding == "same" and all(before == after for before, after in sides.values()):
                even = (sides["h"][0], sides["w"][0])
                return F.conv2d(x, filters, stride=strides, padding=even, groups=groups)
            return F.conv2d(_padded(x, (h, w), strides, padding, 0.0), filters, stride=strides, groups=groups)

        return convolve

    @staticmethod
    def max_pool(size, strides, padding):
        return lambda x: F.max_pool2d(_padded(x, size, strides, padding, -torch.inf), size, strides)

    @staticmethod
    def average_pool(size, strides, padding):
        if padding == "valid":
            return lambda x: F.avg_pool2d(x, size, strides)
        assert list(strides) == [1, 1] and all(s % 2 == 1 for s in size)
        around = [s // 2 for s in size]
        return lambda x: F.avg_pool2d(x, size, strides, around, count_include_pad=False)

    # The last axis of channels last.
    concatenate = staticmethod(lambda *parts: torch.cat(parts, 1))

    @staticmethod
    def zero_padding(padding):
        (top, bottom), (left, right) = padding
        return lambda x: F.pad(x, (left, right, top, bottom))

    # For the transformer, whose image keeps its channels last.
    constant = staticmethod(torch.tensor)
    reshape = staticmethod(torch.reshape)
    permute = staticmethod(torch.permute)
    mean = staticmethod(torch.mean)
    softmax = staticmethod(lambda x: F.softmax(x, -1))
    erf = staticmethod(torch.erf)
    rsqrt = staticmethod(torch.rsqrt)


def linearizer(folder, mode, x, dtype=np.float32):
    """x ↦ (W, b) as NumPy arrays: [C, ...] and [C]; for several instances [N, C, ...] and [N, C]."""
    run = network.read(folder, dtype, Ops)
    jacobian = {"jacrev": jacrev, "jacfwd": jacfwd}[mode]

    def twice(v):
        y = run(v[None])[0]
        return y, y

    def parts(v):
        w, y = jacobian(twice, has_aux=True)(v)
        return w, y - w.flatten(1) @ v.flatten()

    whole = vmap(parts) if len(x) > 1 else lambda v: parts(v[0])

    def linearize(x):
        with torch.no_grad():
            w, b = whole(torch.from_numpy(x))
        return w.numpy(), b.numpy()

    return linearize
