"""Small files of every format by Python's own libraries, for the fuzz loop: `samples.py FOLDER`, one folder a format."""
import csv
import gzip
import json
import os
import pickle
import struct
import sys
from collections import OrderedDict
from datetime import datetime

import h5py
import lmdb
import numpy as np
import pyarrow
import pyarrow.feather
import pyarrow.parquet
import safetensors.numpy
import tensorflow as tf
import yaml
from PIL import Image


def path(name, extension):
    os.makedirs(os.path.join(sys.argv[1], extension), exist_ok=True)
    return os.path.join(sys.argv[1], extension, f"python-{name}.{extension}")


rng = np.random.default_rng(7)
matrix = rng.random((4, 5), dtype=np.float32)
arrays = {"layer/kernel": matrix, "bias": np.arange(4, dtype=">i2"), "flags": np.array([True, False])}

for name, array in {
    "c": matrix, "fortran": np.asfortranarray(matrix), "big": matrix.astype(">f8"), "scalar": np.float64(1.5),
    "empty": np.zeros((0, 3), np.int8), "text": np.array(["a", "b"]), "struct": np.zeros(2, [("a", "i4"), ("b", "f8")]),
    "objects": np.array([{}, 1], object),
}.items():
    np.save(path(name, "npy"), array)
np.savez(path("plain", "npz"), **arrays)
np.savez_compressed(path("packed", "npz"), **arrays, zeros=np.zeros(2000))
safetensors.numpy.save_file({"a": matrix, "b": np.arange(3)}, path("two", "safetensors"), metadata={"format": "pt"})

things = {
    "plain": {"a": [1, -1.5, None, True, "é", b"bytes"], "t": (1, (2,)), "s": {1, 2}, "big": 2**100, "neg": -(2**70)},
    "arrays": arrays, "fortran": np.asfortranarray(matrix), "scalar": np.float32(2), "ordered": OrderedDict(a=1, b=2),
    "date": datetime(2020, 1, 2, 3, 4, 5, 6), "shared": [[1]] * 3, "bytearray": bytearray(b"abc"),
    "complex": 1 + 2j, "long": list(range(600)), "frozen": frozenset("ab"), "object": np.array([1, "a"], object),
}
for name, thing in things.items():
    for protocol in range(6):
        for extension in ("pkl",):
            with open(path(f"{name}-{protocol}", extension), "wb") as file:
                pickle.dump(thing, file, protocol)


def example(**values):
    kinds = {int: ("int64_list", tf.train.Int64List), float: ("float_list", tf.train.FloatList),
             bytes: ("bytes_list", tf.train.BytesList)}
    feature = {}
    for key, value in values.items():
        field, make = kinds[type(value[0])]
        feature[key] = tf.train.Feature(**{field: make(value=value)})
    return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()


for name, options in {"plain": "", "packed": "GZIP"}.items():
    with tf.io.TFRecordWriter(path(name, "tfrecords"), options) as writer:
        for i in range(8):
            writer.write(example(label=[i, -i], weights=[0.5, 1.5], name=[f"item {i}".encode()]))
with tf.io.TFRecordWriter(path("raw", "tfrecords")) as writer:
    writer.write(b"not an example")

with h5py.File(path("groups", "h5"), "w") as file:
    file["layer/kernel"] = matrix
    file.create_dataset("packed", data=np.arange(400).reshape(20, 20), chunks=(7, 7), compression="gzip", shuffle=True)
    file.create_dataset("sums", data=matrix, fletcher32=True, chunks=(2, 2))
    file["text"] = ["a", "é"]
    file["half"] = matrix.astype(np.float16)
    file.attrs["note"] = "é"
    file["layer"].attrs["names"] = np.array([b"a", b"b"])
    file["link"] = h5py.SoftLink("/layer")
    file.create_dataset("grows", data=np.arange(3), maxshape=(None,))
with h5py.File(path("latest", "h5"), "w", libver="latest") as file:
    for i in range(20):
        file[f"group/{i}"] = np.arange(i)

for name, count in {"one": 1, "many": 300, "none": 0}.items():
    with lmdb.open(path(name, "lmdb"), subdir=False, lock=False, map_size=1 << 20) as env, env.begin(write=True) as txn:
        for i in range(count):
            txn.put(f"key {i:05}".encode(), bytes([i % 256]) * (i % 90))
        if count == 1:
            txn.put(b"large", bytes(9000))

table = pyarrow.table({
    "id": pyarrow.array(range(50), pyarrow.int64()), "x": rng.random(50), "name": [f"item {i % 5}" for i in range(50)],
    "some": [None if i % 3 else i for i in range(50)], "flag": [i % 2 == 0 for i in range(50)],
    "list": [[0.5] * (i % 4) for i in range(50)], "at": pyarrow.array([i for i in range(50)], pyarrow.timestamp("us")),
})
for codec in ("none", "snappy", "gzip", "zstd", "brotli"):
    pyarrow.parquet.write_table(table, path(codec, "parquet"), compression=codec)
pyarrow.parquet.write_table(table, path("delta", "parquet"), use_dictionary=False, data_page_version="2.0",
                            column_encoding={"id": "DELTA_BINARY_PACKED", "name": "DELTA_BYTE_ARRAY"})
for codec in ("uncompressed", "lz4", "zstd"):
    pyarrow.feather.write_feather(table, path(codec, "arrow"), compression=codec)
with pyarrow.OSFile(path("stream", "arrow"), "wb") as sink, pyarrow.ipc.new_stream(sink, table.schema) as writer:
    writer.write_table(table)

with open(path("images", "idx"), "wb") as file:
    file.write(struct.pack(">HBB3i", 0, 8, 3, 4, 5, 6) + bytes(range(120)))
with open(path("doubles", "idx"), "wb") as file:
    file.write(struct.pack(">HBBi3d", 0, 14, 1, 3, 1.0, 2.0, 3.0))
with open(path("packed", "idx"), "wb") as file:
    file.write(gzip.compress(struct.pack(">HBBi", 0, 8, 1, 9) + bytes(9)))

pixels = Image.fromarray((rng.random((9, 7, 3)) * 255).astype(np.uint8))
pixels.save(path("rgb", "png"))
pixels.convert("P").save(path("palette", "png"))
pixels.convert("L").save(path("grey", "png"))
pixels.convert("1").save(path("bits", "png"))
pixels.save(path("baseline", "jpg"))
pixels.convert("L").save(path("grey", "jpg"))
pixels.save(path("progressive", "jpg"), progressive=True)

with open(path("rows", "csv"), "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerows([["id", "x", "name"]] + [[i, i / 3, f'item "{i}",\n'] for i in range(9)])
with open(path("rows", "tsv"), "w", newline="") as file:
    csv.writer(file, delimiter="\t").writerows([["id", "x"], [1, "nan"], [2, ""]])
plain = {"a": [1, -1.5, None, True, "é: - x"], "deep": {"b": [[], {}]}, "big": 2**70}
with open(path("plain", "yaml"), "w") as file:
    yaml.dump({**plain, "again": [plain, plain], "at": datetime(2020, 1, 2)}, file, allow_unicode=True)
with open(path("plain", "json"), "w") as file:
    json.dump(plain, file)

# The other names of these formats.
for name, others in {"h5": ["hdf5"], "pkl": ["pickle"], "tfrecords": ["tfrecord"], "arrow": ["feather"],
                     "jpg": ["jpeg"], "yaml": ["yml"]}.items():
    for other in others:
        if not os.path.exists(os.path.join(sys.argv[1], other)):
            os.symlink(name, os.path.join(sys.argv[1], other))
