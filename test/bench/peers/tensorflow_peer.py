"""W and b by TensorFlow: GradientTape.jacobian (batch_jacobian for several instances) inside one tf.function."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow as tf

import network


class Ops:
    relu = staticmethod(tf.nn.relu)
    relu6 = staticmethod(tf.nn.relu6)
    enter = staticmethod(lambda x: x)
    average_all = staticmethod(lambda x: tf.reduce_mean(x, (1, 2)))
    flatten = staticmethod(lambda x: tf.reshape(x, (x.shape[0], -1)))

    @staticmethod
    def dense(kernel, bias):
        kernel, bias = tf.constant(kernel), tf.constant(bias)
        return lambda x: tf.matmul(x, kernel) + bias

    @staticmethod
    def affine(scale, offset):
        offset = tf.constant(offset)
        if scale is None:
            return lambda x: x + offset
        scale = tf.constant(scale)
        return lambda x: x * scale + offset

    @staticmethod
    def convolution(kernel, strides, padding, depthwise):
        filters = tf.constant(kernel)
        if depthwise:
            return lambda x: tf.nn.depthwise_conv2d(x, filters, [1, *strides, 1], padding.upper())
        return lambda x: tf.nn.conv2d(x, filters, strides, padding.upper())

    @staticmethod
    def max_pool(size, strides, padding):
        return lambda x: tf.nn.max_pool2d(x, size, strides, padding.upper())

    @staticmethod
    def average_pool(size, strides, padding):
        return lambda x: tf.nn.avg_pool2d(x, size, strides, padding.upper())

    @staticmethod
    def zero_padding(padding):
        return lambda x: tf.pad(x, ((0, 0), *padding, (0, 0)))

    # For the transformer.
    constant = staticmethod(tf.constant)
    reshape = staticmethod(tf.reshape)
    permute = staticmethod(tf.transpose)
    mean = staticmethod(tf.reduce_mean)
    softmax = staticmethod(tf.nn.softmax)
    erf = staticmethod(tf.math.erf)
    rsqrt = staticmethod(tf.math.rsqrt)


def linearizer(folder, mode, x, dtype=np.float32):
    """x ↦ (W, b) as NumPy arrays: [C, ...] and [C]; for several instances [N, C, ...] and [N, C]."""
    run = network.read(folder, dtype, Ops)
    several = len(x) > 1

    @tf.function
    def parts(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = run(x)
        w = tape.batch_jacobian(y, x) if several else tape.jacobian(y, x)[0, :, 0][None]
        flat = tf.reshape(w, (w.shape[0], w.shape[1], -1))
        return w, y - tf.linalg.matvec(flat, tf.reshape(x, (x.shape[0], -1)))

    def linearize(x):
        w, b = parts(tf.constant(x))
        return (w.numpy(), b.numpy()) if several else (w.numpy()[0], b.numpy()[0])

    return linearize
