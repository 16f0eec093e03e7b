import { z } from "zod";
import type { Backend } from "./backend.ts";
import { findAdapter, nameOf } from "./webgpu/adapter.ts";
import { Device } from "./webgpu/device.ts";
import { installGpuKernels } from "./webgpu/install.ts";

let device: Device | undefined, version = "";

/** A GPU through WebGPU. Its tensors are read with a promise only. */
export const webgpu: Backend = {
  name: "webgpu",
  tfjsName: "webgpu",
  readsInLine: false,
  options: z.strictObject({}),
  async load(tf, { byName }) {
    if (device !== undefined && !device.isLost) return;
    const opened = await Device.open(await findAdapter({ software: byName }));
    const { WebGPUBackend } = await import("@tensorflow/tfjs-backend-webgpu");
    if (tf.findBackendFactory("webgpu") !== null) tf.removeBackend("webgpu"); // tfjs's own tells nothing of faults.
    tf.registerBackend("webgpu", () => new WebGPUBackend(opened.gpu, opened.info));
    installGpuKernels(tf);
    device = opened;
    version = tf.version_core; // It exports none; all of tfjs has one.
  },
  device: () => nameOf(device!.info),
  version: () => version,
  threads: () => 0,
  varies: () => "a GPU adds up in an order of its own",
  room: () => ({ bytes: Infinity, tensor: device!.largestTensor }), // how much memory there is, it doesn't tell
  faults: {
    isLost: () => device?.isLost ?? false,
    take: () => device?.takeFault(),
    settle: async () => await device?.settle(),
    awaitNews: async () => await device?.awaitNews(),
  },
};
