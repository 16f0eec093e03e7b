import { join } from "node:path";

/** NVIDIA's libraries by their packages' folders, each after those that it needs. */
const libraries: readonly (readonly [folder: string, ...names: string[]])[] = [
  ["cuda_runtime", "libcudart.so.12"],
  ["nvjitlink", "libnvJitLink.so.12"],
  ["cublas", "libcublasLt.so.12", "libcublas.so.12"],
  ["cusparse", "libcusparse.so.12"],
  ["cusolver", "libcusolver.so.11"],
  ["cufft", "libcufft.so.11"],
  ["curand", "libcurand.so.10"],
  ["cuda_nvrtc", "libnvrtc.so.12"],
  ["cuda_cupti", "libcupti.so.12"],
  ["cudnn", "libcudnn.so.9"],
  ["nccl", "libnccl.so.2"],
];

/** Opens CUDA's libraries, so that TensorFlow finds them by their names wherever they lie. @param folder `.native` */
export function openCuda(folder: string): void {
  for (const [place, ...names] of libraries) {
    for (const name of names) Deno.dlopen(join(folder, "nvidia", place, "lib", name), {}); // never closed: it's in use
  }
}

/** The names of the graphics cards, as their driver tells them. */
export function graphicsCards(): string[] {
  const cards = "/proc/driver/nvidia/gpus";
  try {
    return [...Deno.readDirSync(cards)].map(({ name }) => {
      return /^Model:\s*(.+)$/m.exec(Deno.readTextFileSync(join(cards, name, "information")))?.[1] ?? "GPU";
    });
  } catch {
    return ["GPU"]; // not allowed to look there
  }
}
