// What background_test.ts runs by itself: errors that nobody catches, outside of a run.
import { config, Subject } from "rxjs";
import { withSink } from "../../src/module/background.ts";

const kind = Deno.args[0];
if (kind === "handler") config.onUnhandledError = (error) => console.log("before", error.message);
await withSink({ backgroundError: () => console.log("sink") }, () => Promise.resolve());
const source$ = new Subject<number>();
if (kind === "reject") Promise.reject(new Error("outside"));
else {
  source$.subscribe(() => {
    throw new Error("outside");
  });
}
source$.next(1);
await new Promise((resolve) => setTimeout(resolve, 5));
console.log("alive");
