import { type Cursor, unreadable } from "./cursor.ts";
import { type Budget, kindOf, type PyObject } from "./objects.ts";

/** The stack machine that a pickle is a program for, with what its opcodes share. */
export class Machine {
  readonly cursor: Cursor;
  readonly budget: Budget;
  readonly #stack: PyObject[] = [];
  /** Where on the stack the marks stand. */
  readonly #marks: number[] = [];
  readonly #memo = new Map<number, PyObject>();

  constructor(cursor: Cursor, budget: Budget) {
    this.cursor = cursor;
    this.budget = budget;
  }

  push(object: PyObject): void {
    this.#stack.push(object);
  }
  /** Takes the topmost object off. */
  pop(): PyObject {
    this.#check(1);
    return this.#stack.pop();
  }
  /** The topmost object. */
  top(): PyObject {
    this.#check(1);
    return this.#stack.at(-1);
  }
  /** Takes the topmost objects off, so many of them. */
  popMany(count: number): PyObject[] {
    this.#check(count);
    return this.#stack.splice(this.#stack.length - count);
  }

  mark(): void {
    this.#marks.push(this.#stack.length);
  }
  /** Takes off everything above the last mark, and the mark. */
  popToMark(): PyObject[] {
    const from = this.#marks.pop();
    if (from === undefined) throw unreadable("a mark is missing; the file is damaged");
    return this.#stack.splice(from);
  }
  /** Takes off the topmost object, or the mark if that is topmost. */
  drop(): void {
    if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
    else this.pop();
  }

  /** Remembers the topmost object, under the next free number if none is given. */
  remember(number = this.#memo.size): void {
    this.#memo.set(number, this.top());
  }
  recall(number: number): void {
    if (!this.#memo.has(number)) throw unreadable(`it remembers nothing under ${number}; the file is damaged`);
    this.push(this.#memo.get(number));
  }

  /** Adds to the list, set or deque on top. */
  append(items: readonly PyObject[]): void {
    const list = this.top();
    if (!Array.isArray(list)) throw unreadable(`it appends to ${kindOf(list)}`);
    for (const item of items) list.push(item);
  }
  /** Sets keys and values, in turn, of the dict on top. */
  setItems(items: readonly PyObject[]): void {
    const dict = this.top();
    if (!(dict instanceof Map) || items.length % 2 === 1) throw unreadable(`it sets items of ${kindOf(dict)}`);
    for (let i = 0; i < items.length; i += 2) dict.set(items[i], items[i + 1]);
  }

  #check(count: number): void {
    if (this.#stack.length - (this.#marks.at(-1) ?? 0) < count) {
      throw unreadable("its stack is empty where an object should be; the file is damaged");
    }
  }
}
