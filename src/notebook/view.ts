import { extname } from "node:path";
import { atomicWrite } from "../module/atomic_write.ts";
import { suggest } from "../module/text.ts";
import type { Bundle } from "./bundle.ts";
import { display, inKernel } from "./kernel.ts";
import { png } from "./png.ts";
import { bundleOf, pageOf, pictureOf, type Still } from "./still.ts";

const brand = Symbol.for("ptutils.view");

/** What {@linkcode View.write} can write. */
const kinds = [".html", ".svg", ".png"];

/**
 * Something to look at: in a notebook the value of a cell, or shown by `show()`; elsewhere a page or a picture that is
 * written on request.
 *
 * @example
 * ```ts
 * import { chart, History, Statistic } from "ptutils";
 * const statistics = [0.9, 0.5, 0.3].map((loss, i) =>
 *   new Statistic({ phase: "train", step: i + 1, epoch: 1, values: { loss } })
 * );
 * const view = chart(statistics.reduce(History.append, History.empty), { series: "train/loss" });
 * const page = await view.html();
 * if (!page.startsWith("<!doctype html>")) throw new Error("unexpected");
 * ```
 */
export abstract class View {
  /** What it looks like now. */
  protected abstract still(): Promise<Still> | Still;

  /** Shows it under the cell that runs; elsewhere prints it as text. */
  async show(): Promise<void> {
    if (inKernel) await display(await this.bundle());
    else console.log(await this.text());
  }

  /** By MIME type, as it stays in a notebook. */
  async bundle(): Promise<Bundle> {
    return await bundleOf(await this.still());
  }

  /** A page that needs nothing else. */
  async html(): Promise<string> {
    return await pageOf(await this.still());
  }

  /** A picture, as svg. */
  async svg(): Promise<string> {
    return await pictureOf(await this.still());
  }

  /** A picture, as the bytes of a png. */
  async png(): Promise<Uint8Array> {
    return await png(await this.svg());
  }

  /** A few lines of text. */
  async text(): Promise<string> {
    return (await this.still()).text;
  }

  /** Writes a page or a picture, by the path's extension: .html, .svg or .png. @throws {RangeError} any other */
  async write(path: string): Promise<void> {
    const kind = extname(path).toLowerCase();
    if (!kinds.includes(kind)) {
      throw new RangeError(`Cannot write a view to "${path}": its extension is "${kind}"; ${suggest(kind, kinds)}`);
    }
    const content = kind === ".html" ? this.html() : kind === ".svg" ? this.svg() : this.png();
    await atomicWrite(path, await content);
  }

  /** For a kernel that asks by itself: at rest, for a result of a cell can't be updated. */
  [Symbol.for("Jupyter.display")](): Promise<Bundle> {
    return this.bundle();
  }

  [Symbol.for("Deno.customInspect")](): string {
    return `${this.constructor.name}: in a notebook the value of a cell, or .show(); elsewhere .write("view.html")`;
  }
}

Object.defineProperty(View.prototype, brand, { value: true });

/** Whether this is a View, also one of another copy of this library. */
export const isView = (value: unknown): value is View => typeof value === "object" && value !== null && brand in value;
