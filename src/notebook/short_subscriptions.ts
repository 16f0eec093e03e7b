import { Subscription } from "rxjs";

/** Has a Subscription print in a word: a cell that ends with `.subscribe(...)` would show all that rxjs keeps in it. */
export function shortenSubscriptions(): void {
  Object.defineProperty(Subscription.prototype, Symbol.for("Deno.customInspect"), {
    value(this: Subscription): string {
      return `Subscription (${this.closed ? "closed" : "open"})`;
    },
    configurable: true,
    writable: true,
  });
}
