import assert from "node:assert/strict";
import { config, debounceTime, map, merge, Subject } from "rxjs";
import { type ErrorSink, withSink } from "../../src/module/background.ts";

class Sink implements ErrorSink {
  errors: string[] = [];
  backgroundError(error: unknown): void {
    this.errors.push(error instanceof Error ? error.message : String(error));
  }
}
const tick = (ms = 5) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Two runs at once, each with a subscriber that fails in some way; gives what each sink heard. */
async function two(work: (name: string, source$: Subject<number>) => void): Promise<string[][]> {
  const run = async (name: string) => {
    const sink = new Sink(), source$ = new Subject<number>();
    await withSink(sink, async () => {
      await tick(1);
      work(name, source$);
      source$.next(1);
      await tick();
      source$.next(2);
      // A busy machine is late.
      for (const end = Date.now() + 10_000; sink.errors.length === 0 && Date.now() < end;) await tick();
      await tick(15);
    });
    return sink.errors;
  };
  return await Promise.all([run("one"), run("two")]);
}
const broken = (name: string) => (x: number): number => {
  throw new Error(`${name} ${x}`);
};

Deno.test("background: a subscriber that throws is told to the run whose work it hears", async () => {
  const heard = await two((name, source$) => source$.subscribe(broken(name)));
  assert.deepEqual(heard, [["one 1", "one 2"], ["two 1", "two 2"]]);
});

Deno.test("background: also from behind operators, where the subscription ends with it", async () => {
  const heard = await two((name, source$) => source$.pipe(map(broken(name))).subscribe());
  assert.deepEqual(heard, [["one 1"], ["two 1"]]);
});

Deno.test("background: also in a merge of two sources", async () => {
  const heard = await two((name, source$) => {
    merge(source$, source$.pipe(map((x) => x * 10))).subscribe((x) => {
      if (x > 2) throw new Error(`${name} ${x}`);
    });
  });
  assert.deepEqual(heard, [["one 10", "one 20"], ["two 10", "two 20"]]);
});

Deno.test("background: also from a timer of debounceTime", async () => {
  const heard = await two((name, source$) => source$.pipe(debounceTime(300)).subscribe(broken(name)));
  assert.deepEqual(heard, [["one 2"], ["two 2"]]);
});

Deno.test("background: also from an async subscriber that rejects", async () => {
  const heard = await two((name, source$) =>
    source$.subscribe(async (x) => {
      await tick(1);
      throw new Error(`${name} ${x}`);
    })
  );
  assert.deepEqual(heard, [["one 1", "one 2"], ["two 1", "two 2"]]);
});

Deno.test("background: a subscription made outside hears of each run in that run's sink", async () => {
  const source$ = new Subject<string>();
  source$.subscribe((name) => {
    throw new Error(name);
  });
  const run = async (name: string) => {
    const sink = new Sink();
    await withSink(sink, async () => {
      await tick(1);
      source$.next(name);
      await tick();
    });
    return sink.errors;
  };
  assert.deepEqual(await Promise.all([run("one"), run("two")]), [["one"], ["two"]]);
});

Deno.test("background: the work's own result and error come out, not to the sink", async () => {
  const sink = new Sink();
  assert.equal(await withSink(sink, () => Promise.resolve(3)), 3);
  await assert.rejects(withSink(sink, () => Promise.reject(new Error("mine"))), /^Error: mine$/);
  assert.deepEqual(sink.errors, []);
});

Deno.test("background: outside of a run rxjs and rejections are as before", async () => {
  const outside = new URL("./background_outside.ts", import.meta.url).pathname;
  const kinds = ["throw", "reject", "handler"];
  const ran = await Promise.all(
    kinds.map((kind) =>
      new Deno.Command(Deno.execPath(), { args: ["run", "-A", "--no-check", "--no-lock", outside, kind] })
        .output()
    ),
  );
  const [thrown, rejected, handled] = ran.map(({ code, stdout, stderr }) => ({
    code,
    out: new TextDecoder().decode(stdout),
    error: new TextDecoder().decode(stderr),
  }));
  for (const { code, out, error } of [thrown!, rejected!]) {
    assert.notEqual(code, 0);
    assert.match(error, /outside/);
    assert.equal(out, "");
  }
  assert.deepEqual([handled!.code, handled!.out], [0, "before outside\nalive\n"]);
});

Deno.test("background: many runs leave one handler, around the one that was there", async () => {
  const sink = new Sink();
  await withSink(sink, () => Promise.resolve());
  const handler = config.onUnhandledError;
  await withSink(sink, () => Promise.resolve());
  assert.equal(config.onUnhandledError, handler);
});
