"""Files that do harm and that only Python's libraries can make: `files.py FOLDER`."""
import os
import sys

import h5py
import numpy as np
import pyarrow
import pyarrow.feather
import pyarrow.parquet


def path(name):
    return os.path.join(sys.argv[1], name)


with h5py.File(path("never-written.h5"), "w") as file:
    file.create_dataset("x", (2**40,), "f8", chunks=(1024,))
with h5py.File(path("never-written-whole.h5"), "w") as file:
    file.create_dataset("x", (2**33,), "f8")
with h5py.File(path("external-link.h5"), "w") as file:
    file["x"] = h5py.ExternalLink("/etc/passwd", "/")
with h5py.File(path("external-storage.h5"), "w") as file:
    file.create_dataset("x", (100,), "u1", external=[("/etc/passwd", 0, 100)])
with h5py.File(path("virtual.h5"), "w") as file:
    layout = h5py.VirtualLayout((100,), "u1")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (100,))
    file.create_virtual_dataset("x", layout)
with h5py.File(path("link-cycle.h5"), "w") as file:
    file["a"] = h5py.SoftLink("/b")
    file["b"] = h5py.SoftLink("/a")
with h5py.File(path("group-cycle.h5"), "w") as file:
    group = file.create_group("g")
    group["again"] = group
    group["root"] = file["/"]
with h5py.File(path("two-ways.h5"), "w") as file:
    group = file.create_group("0")
    for i in range(40):
        inner = group.create_group("a")
        group["b"] = inner
        group = inner
with h5py.File(path("deep.h5"), "w") as file:
    group = file
    for i in range(3000):
        group = group.create_group("g")
with h5py.File(path("lzf.h5"), "w") as file:
    file.create_dataset("x", data=np.zeros(10000), compression="lzf")
with h5py.File(path("zeros.h5"), "w") as file:
    dataset = file.create_dataset("x", (2**28,), "f8", chunks=(2**22,), compression="gzip")
    dataset[:2**22] = 0

zeros = np.zeros(20_000_000, np.int8)
pyarrow.parquet.write_table(pyarrow.table({"x": zeros}), path("rows.parquet"))
pyarrow.parquet.write_table(pyarrow.table({"x": np.zeros(2**25)}), path("zeros.parquet"), use_dictionary=False,
                            compression="zstd")
texts = pyarrow.table({"x": ["x" * 1_000_000] * 1000})
pyarrow.parquet.write_table(texts, path("texts.parquet"), compression="zstd", use_dictionary=False)
deep = pyarrow.array([1])
for i in range(60):
    deep = pyarrow.StructArray.from_arrays([deep], ["a"])
pyarrow.parquet.write_table(pyarrow.table({"x": deep}), path("deep.parquet"))
pyarrow.parquet.write_table(pyarrow.table({f"c{i}": [i] for i in range(10_000)}), path("columns.parquet"))

pyarrow.feather.write_feather(pyarrow.table({"x": pyarrow.nulls(2**31 - 2)}), path("nulls.arrow"), chunksize=2**31 - 2)
pyarrow.feather.write_feather(pyarrow.table({"x": np.zeros(2**23)}), path("zeros.arrow"), compression="zstd",
                              chunksize=2**23)
nested = pyarrow.array([1])
for i in range(60):
    nested = pyarrow.ListArray.from_arrays([0, 1], nested)
pyarrow.feather.write_feather(pyarrow.table({"x": nested}), path("deep.arrow"), compression="uncompressed")
