/** The TensorFlow that our binding is built for. */
export const tensorflowVersion = "2.21.0";
/** The `@tensorflow/tfjs-node` whose C++ binding is built. */
export const bindingVersion = "4.22.0";

/** This computer, as the wheels are told apart: `linux x86_64`. */
export const platform = `${Deno.build.os} ${Deno.build.arch}`;

/** A file of the Python Package Index. */
export interface Wheel {
  /** The package and its version, as pip takes it. */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the file; of TensorFlow, that for CPython 3.12. */
  readonly digest: string;
}

/** What is brought for a kind of computer. */
export interface Release {
  readonly wheels: readonly Wheel[];
  /** For pip's `--platform`. */
  readonly platforms: readonly string[];
  /** About how many bytes are downloaded, and kept. */
  readonly download: number;
  readonly kept: number;
}

const tensorflow = (name: string, digest: string): Wheel => ({ name, version: tensorflowVersion, digest });

/** What computes on processors, by {@linkcode platform}. */
export const releases: Readonly<Record<string, Release>> = {
  "linux x86_64": {
    wheels: [tensorflow("tensorflow-cpu", "dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb")],
    platforms: ["manylinux_2_27_x86_64"],
    download: 274e6,
    kept: 854e6,
  },
  "linux aarch64": {
    wheels: [tensorflow("tensorflow", "b07d15737406533898e36c7ef7944b1be18e9028dc521b9229952c537bbc5552")],
    platforms: ["manylinux_2_27_aarch64"],
    download: 282e6,
    kept: 884e6,
  },
  "darwin aarch64": {
    wheels: [tensorflow("tensorflow", "56ecd7d47429acbe1df2694d50b75bf9fc3995ac92cb367cd9af6c4780ead712")],
    platforms: ["macosx_12_0_arm64"],
    download: 223e6,
    kept: 741e6,
  },
};
