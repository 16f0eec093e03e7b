"""Python's side of bench/formats.ts: `worker.py` reads and writes files as its lines of input tell it ("write npy
FILE"), and answers each with the milliseconds that took. What it writes is made before the clock starts."""
import csv
import os
import pickle
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import h5py
import lmdb
import numpy as np
import pandas
import pyarrow
import pyarrow.feather
import pyarrow.parquet
import safetensors.numpy
import tensorflow as tf

MEGABYTES = 100
RECORDS = 100_000


def noise(size, first=0):
    """The same numbers from 0 to 1 as the other side's."""
    return ((np.arange(first, first + size, dtype=np.uint64) * 2654435761 % 2**32) / 2**32).astype(np.float32)


def arrays():
    quarter = MEGABYTES * 250_000 // 4
    return {f"layer{i}/kernel": noise(quarter, i).reshape(-1, 2500) for i in range(4)}


def columns():
    size = MEGABYTES * 125_000 // 10
    return pyarrow.table({f"c{i}": noise(size, i).astype(np.float64) for i in range(10)})


def records():
    values = noise(RECORDS).astype(np.float64).tolist()
    return [
        {"id": i, "label": i % 10, "weight": values[i], "name": f"item {i}", "even": i % 2 == 0} for i in range(RECORDS)
    ]


def examples():
    values = noise(RECORDS * 16).reshape(RECORDS, 16)
    return [{"label": i % 10, "name": f"item {i}".encode(), "features": values[i]} for i in range(RECORDS)]


made = {}


def once(make):
    if make not in made:
        made.clear()
        made[make] = make()
    return made[make]


def write_lmdb(path, arrays):
    with lmdb.open(path, subdir=False, map_size=2 * MEGABYTES << 20, sync=False) as env, env.begin(write=True) as txn:
        for name, array in arrays.items():
            txn.put(name.encode(), array.tobytes())


def read_lmdb(path):
    with lmdb.open(path, subdir=False, readonly=True, lock=False) as env, env.begin() as txn:
        return {bytes(key): np.frombuffer(value, np.float32) for key, value in txn.cursor()}


def write_h5(path, arrays):
    with h5py.File(path, "w") as file:
        for name, array in arrays.items():
            file[name] = array


def read_h5(path):
    with h5py.File(path, "r") as file:
        return {f"layer{i}/kernel": file[f"layer{i}/kernel"][:] for i in range(4)}


def write_pickle(path, arrays):
    with open(path, "wb") as file:
        pickle.dump(arrays, file, protocol=4)


def read_pickle(path):
    with open(path, "rb") as file:
        return pickle.load(file)


def write_idx(path, images):
    with open(path, "wb") as file:
        file.write(bytes([0, 0, 8, 3]) + np.array(images.shape, ">i4").tobytes())
        images.tofile(file)


def read_idx(path):
    with open(path, "rb") as file:
        shape = np.frombuffer(file.read(16), ">i4")[1:]
        return np.fromfile(file, np.uint8).reshape(shape)


def feature(value):
    if isinstance(value, bytes):
        return tf.train.Feature(bytes_list=tf.train.BytesList(value=[value]))
    if isinstance(value, int):
        return tf.train.Feature(int64_list=tf.train.Int64List(value=[value]))
    return tf.train.Feature(float_list=tf.train.FloatList(value=value))


def write_tfrecords(path, examples):
    with tf.io.TFRecordWriter(path) as writer:
        for example in examples:
            features = tf.train.Features(feature={key: feature(value) for key, value in example.items()})
            writer.write(tf.train.Example(features=features).SerializeToString())


SPEC = {
    "label": tf.io.FixedLenFeature([], tf.int64),
    "name": tf.io.FixedLenFeature([], tf.string),
    "features": tf.io.FixedLenFeature([16], tf.float32),
}


def read_tfrecords(path):
    batches = tf.data.TFRecordDataset(path).batch(1024).map(lambda batch: tf.io.parse_example(batch, SPEC))
    return [{key: value.numpy() for key, value in batch.items()} for batch in batches]


def read_tfrecords_one_by_one(path):
    rows = []
    for record in tf.data.TFRecordDataset(path).as_numpy_iterator():
        features = tf.train.Example.FromString(record).features.feature
        rows.append({
            "label": features["label"].int64_list.value[0],
            "name": features["name"].bytes_list.value[0],
            "features": np.array(features["features"].float_list.value, np.float32),
        })
    return rows


def write_csv(path, records):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, records[0].keys())
        writer.writeheader()
        writer.writerows(records)


WRITERS = {
    "npy": (lambda: noise(MEGABYTES * 250_000).reshape(-1, 5000), np.save),
    "npz": (arrays, lambda path, arrays: np.savez(path, **arrays)),
    "safetensors": (arrays, lambda path, arrays: safetensors.numpy.save_file(arrays, path)),
    "h5": (arrays, write_h5),
    "lmdb": (arrays, write_lmdb),
    "pkl": (arrays, write_pickle),
    "idx": (lambda: (np.arange(MEGABYTES * 1_000_000 // 784 * 784) % 251).astype(np.uint8).reshape(-1, 28, 28), write_idx),
    "arrow": (columns, lambda path, table: pyarrow.feather.write_feather(table, path, compression="uncompressed")),
    "parquet": (columns, lambda path, table: pyarrow.parquet.write_table(table, path)),
    "parquet-records": (records, lambda path, rows: pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), path)),
    "tfrecords": (examples, write_tfrecords),
    "csv": (records, write_csv),
    "csv-frame": (lambda: pandas.DataFrame(records()), lambda path, frame: frame.to_csv(path, index=False)),
}

READERS = {
    "npy": np.load,
    "npz": lambda path: dict(np.load(path).items()),
    "safetensors": safetensors.numpy.load_file,
    "h5": read_h5,
    "lmdb": read_lmdb,
    "pkl": read_pickle,
    "idx": read_idx,
    "arrow": lambda path: pyarrow.feather.read_table(path, memory_map=False),
    "parquet": lambda path: [column.to_numpy() for column in pyarrow.parquet.read_table(path).columns],
    "parquet-records": lambda path: pyarrow.parquet.read_table(path).to_pylist(),
    "tfrecords": read_tfrecords,
    "tfrecords-rows": read_tfrecords_one_by_one,
    "csv": lambda path: list(csv.DictReader(open(path, newline=""))),
    "csv-frame": pandas.read_csv,
}


def work(verb, name, path):
    if verb == "read":
        started = time.perf_counter()
        result = READERS[name](path)
    else:
        make, write = WRITERS[name]
        value = once(make)
        started = time.perf_counter()
        result = write(path, value)
    elapsed = time.perf_counter() - started
    del result
    return elapsed * 1000


print("ready", flush=True)
for line in sys.stdin:
    try:
        print(work(*line.split()), flush=True)
    except Exception as error:
        print("failed:", repr(error), file=sys.stderr, flush=True)
        break
