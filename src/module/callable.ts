/**
 * An instance of a subclass is a function: calling it calls its `invoke`. Made without a Proxy, so that a kernel
 * completes its names, and with `Function.prototype`, so that `source$.pipe(map(module))` works.
 */
export abstract class Callable {
  constructor() {
    // Returned from the constructor, so that the fields of every subclass, #private ones too, land on the function.
    const self: this = ((...input: unknown[]) => self.invoke(...input)) as unknown as this;
    Reflect.deleteProperty(self, "name");
    Reflect.deleteProperty(self, "length");
    return Object.setPrototypeOf(self, new.target.prototype);
  }

  /** What a call runs. @throws {TypeError} in a class that does not override it, naming the class */
  // deno-lint-ignore no-explicit-any
  invoke(..._input: any[]): any {
    const name = this.constructor.name;
    throw new TypeError(`Cannot call ${name}: its invoke() is not implemented; override it in class ${name}`);
  }
}

Object.setPrototypeOf(Callable.prototype, Function.prototype);
