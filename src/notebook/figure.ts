import type { Json } from "../module/value.ts";

/** One trace of a Plotly figure; see https://plotly.com/javascript/reference/. */
export type Trace = { readonly type?: string; readonly name?: string; readonly x?: Json; readonly y?: Json } & {
  readonly [option: string]: Json | undefined;
};

/** A Plotly figure: what is drawn, and how. */
export interface Figure {
  readonly data: readonly Trace[];
  readonly layout: { readonly [option: string]: Json };
}
