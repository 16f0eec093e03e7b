import type { Machine } from "../machine.ts";

/** Variables of TensorFlow's, for the operations that change some: lent one after the other, they are the same ones. */
export class Variables {
  readonly #machine: Machine;
  readonly #handles: number[] = [];

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** A variable for each tensor, with its values; they share memory until one is changed, then the tensor keeps its own. */
  holding(tensors: readonly number[]): number[] {
    const type = [this.#machine.type("dtype", "float32")];
    return tensors.map((tensor, i) => {
      const handle = this.#handles[i] ??= this.#make(`ptutils_${i}`);
      this.#machine.runAll("AssignVariableOp", type, [handle, tensor], 0);
      return handle;
    });
  }

  /** What a variable holds now. */
  read(handle: number): number {
    return this.#machine.run("ReadVariableOp", [this.#machine.type("dtype", "float32")], handle);
  }

  #make(name: string): number {
    const machine = this.#machine, { binding } = machine.backend;
    const names = [machine.text("container", ""), machine.text("shared_name", name)];
    const attributes = [...names, machine.type("dtype", "float32"), machine.shape("shape", [])];
    return binding.executeOp("VarHandleOp", attributes, [], 1)[0]!.id;
  }
}
