import type { Family } from "../machine.ts";

/** The loss of classes, with its gradient. What is computed is told in `../../ops/crossentropy.ts`. */
export const crossentropy: Family = (machine) => ({
  Crossentropy: ({ inputs: { logits, wanted } }) => {
    const { T, constants, floats } = machine, shape: number[] = logits.shape, classes = shape.at(-1)!;
    const rows = shape.slice(0, -1).reduce((product, length) => product * length, 1), isFlat = shape.length === 2;
    const flat = (id: number) => isFlat ? id : floats.reshape(id, [rows, classes]);
    const inputs = [flat(machine.id(logits)), flat(machine.id(wanted))];
    const [losses, slopes] = machine.runAll("SoftmaxCrossEntropyWithLogits", [T], inputs, 2) as [number, number];
    const axes = [machine.flag("keep_dims", false), T, machine.type("Tidx", "int32")];
    const mean = machine.run("Mean", axes, losses, constants.ints([0])), gradient = floats.scale(slopes, 1 / rows);
    return [mean, isFlat ? gradient : floats.reshape(gradient, shape)];
  },
});
