import "./signatures.ts";
import { codecs } from "../module/codec.ts";

const yaml = async () => (await import("./yaml.ts")).yaml;

codecs.set("json", async () => (await import("./json.ts")).json);
codecs.set("yaml", yaml);
codecs.set("yml", yaml);
codecs.set("npy", async () => (await import("./npy.ts")).npy);
codecs.set("npz", async () => (await import("./npz.ts")).npz);
codecs.set("safetensors", async () => (await import("./safetensors.ts")).safetensors);

export { type Codec, codecFor, codecs } from "../module/codec.ts";
