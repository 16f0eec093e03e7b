import type * as core from "@tensorflow/tfjs-core";
import type * as layers from "@tensorflow/tfjs-layers";
import { chainOps } from "./chained_ops.ts";
import { registerGradients } from "./gradients/gradients.ts";

/** tfjs: its operations, with `layers` beside them. */
export type TF = typeof core & { readonly layers: typeof layers };

let loading: Promise<TF> | undefined;
let loaded: TF | undefined;

/** Loads tfjs, once. It is heavy, so that nothing imports it before it is needed. */
export function loadTf(): Promise<TF> {
  return loading ??= load();
}

/** tfjs, which was loaded before. @throws {Error} when it was not */
export function tf(): TF {
  if (loaded !== undefined) return loaded;
  throw new Error(
    "Cannot compute: tfjs is not loaded yet; await Model.configure(...), module.prepare() or resolveBackend() first",
  );
}

async function load(): Promise<TF> {
  const [core, layers] = await Promise.all([import("@tensorflow/tfjs-core"), import("@tensorflow/tfjs-layers")]);
  core.enableProdMode(); // All that it turns off are its banners.
  const tf = { ...core, layers };
  chainOps(tf);
  registerGradients(tf);
  return loaded = tf;
}
