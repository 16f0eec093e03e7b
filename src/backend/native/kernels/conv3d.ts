import type { Family } from "../machine.ts";

/** Convolutions of volumes: tfjs-node refuses windows with holes in the first direction, TensorFlow doesn't. */
export const conv3d: Family = (machine) => ({
  Conv3D: ({ inputs: { x, filter }, attrs: { strides, pad, dilations = 1 } }) => {
    const info = machine.tf.backend_util.computeConv3DInfo(x.shape, filter.shape, strides, dilations, pad);
    return machine.run(
      "Conv3D",
      [
        machine.T,
        machine.int("strides", [1, info.strideDepth, info.strideHeight, info.strideWidth, 1]),
        machine.text("padding", info.padInfo.type),
        machine.text("data_format", "NDHWC"),
        machine.int("dilations", [1, info.dilationDepth, info.dilationHeight, info.dilationWidth, 1]),
      ],
      machine.id(x),
      machine.id(filter),
    );
  },
});
