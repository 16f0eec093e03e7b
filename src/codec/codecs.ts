import "./signatures.ts";
import { codecs } from "../module/codec.ts";

const yaml = async () => (await import("./yaml.ts")).yaml;
const jpeg = async () => (await import("./jpeg.ts")).jpeg;
const arrow = async () => (await import("./arrow.ts")).arrow;
const h5 = async () => (await import("./h5.ts")).h5;
const lmdb = async () => (await import("./lmdb.ts")).lmdb;
const tfrecord = async () => (await import("./tfrecord.ts")).tfrecord;
const pickle = async () => (await import("./pickle.ts")).pickle;

codecs.set("json", async () => (await import("./json.ts")).json);
codecs.set("yaml", yaml);
codecs.set("yml", yaml);
codecs.set("npy", async () => (await import("./npy.ts")).npy);
codecs.set("npz", async () => (await import("./npz.ts")).npz);
codecs.set("safetensors", async () => (await import("./safetensors.ts")).safetensors);
codecs.set("h5", h5);
codecs.set("hdf5", h5);
codecs.set("arrow", arrow);
codecs.set("feather", arrow);
codecs.set("csv", async () => (await import("./csv.ts")).csv);
codecs.set("tsv", async () => (await import("./csv.ts")).tsv);
codecs.set("png", async () => (await import("./png.ts")).png);
codecs.set("jpg", jpeg);
codecs.set("jpeg", jpeg);
codecs.set("parquet", async () => (await import("./parquet.ts")).parquet);
codecs.set("pkl", pickle);
codecs.set("pickle", pickle);
codecs.set("tfrecord", tfrecord);
codecs.set("tfrecords", tfrecord);
codecs.set("lmdb", lmdb);
codecs.set("mdb", lmdb);
codecs.set("idx", async () => (await import("./idx.ts")).idx);
codecs.set("gz", async () => (await import("./gzip.ts")).gzip);

export { type Codec, codecFor, codecs } from "../module/codec.ts";
