/** A thread of its own that draws figures, so that training isn't held up. Each message is answered by one. */
import { parentPort } from "node:worker_threads";
import type { Figure } from "./figure.ts";
import { draw, pageWithoutScreen, type PictureSize } from "./page_without_screen.ts";
import { slimSvg } from "./slim_svg.ts";

/** What is asked of the thread. */
export interface PictureRequest {
  readonly id: number;
  readonly figure: Figure;
  readonly size: PictureSize;
}

/** What it answers. */
export type PictureAnswer = { readonly id: number; readonly svg: string } | {
  readonly id: number;
  readonly error: string;
};

const page = pageWithoutScreen();
page.catch(() => {}); // told to each who asks

let latest: Promise<unknown> = Promise.resolve();

parentPort!.on("message", ({ id, figure, size }: PictureRequest) => {
  latest = latest.then(async () => {
    const answer: PictureAnswer = await page
      .then((page) => draw(page, figure, size))
      .then((svg) => ({ id, svg: slimSvg(svg) }), (error) => ({ id, error: String(error?.message ?? error) }));
    parentPort!.postMessage(answer);
  });
});
