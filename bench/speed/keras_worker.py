"""Keras's side of the comparison: trains the net of its first argument as it is told on standard input.

`train N` runs N steps of a batch of 64 twice, by fit() and by train_on_batch(), and answers the better milliseconds a
step; `predict` answers items a second; `memory` the peak in MB. Threads are set by the environment.
"""

import os
import resource
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras  # noqa: E402
import numpy  # noqa: E402
from keras import layers as L  # noqa: E402

BATCH = 64


def normalised(filters):
    return [L.Conv2D(filters, 5, padding="same"), L.BatchNormalization(), L.ReLU(), L.MaxPooling2D(2)]


def convolution(filters):
    return L.Conv2D(filters, 3, padding="same", activation="relu")


def vgg():
    first = [convolution(32), convolution(32), L.MaxPooling2D(2)]
    second = [convolution(64), convolution(64), L.MaxPooling2D(2)]
    return [*first, *second, L.Flatten(), L.Dense(128, activation="relu"), L.Dense(10)]


NETS = {
    "mlp": ((784,), lambda: [L.Dense(128, activation="relu"), L.Dense(10)]),
    "cnn": ((28, 28, 1), lambda: [*normalised(16), *normalised(32), L.Flatten(), L.Dense(10)]),
    "vgg": ((32, 32, 3), vgg),
    "lstm": ((28, 28), lambda: [L.LSTM(64), L.Dense(10)]),
}

name, steps = sys.argv[1], int(sys.argv[2])
shape, make = NETS[name]
keras.utils.set_random_seed(1)
model = keras.Sequential([keras.Input(shape), *make()])
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss=loss)
items = steps * BATCH
inputs = numpy.random.rand(items, *shape).astype("float32")
targets = numpy.arange(items, dtype="int32") % 10


def milliseconds(work):
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def fit():
    model.fit(inputs, targets, batch_size=BATCH, epochs=1, shuffle=False, verbose=0)


def batches():
    for start in range(0, items, BATCH):
        model.train_on_batch(inputs[start : start + BATCH], targets[start : start + BATCH])


def predict():
    model.predict(inputs, batch_size=256, verbose=0)


fit(), batches(), predict()
print("ready", flush=True)
for line in sys.stdin:
    order = line.strip()
    if order == "train":
        print(min(milliseconds(fit), milliseconds(batches)) / steps, flush=True)
    elif order == "predict":
        print(items / milliseconds(predict) * 1000, flush=True)
    elif order == "memory":
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
    else:
        break
