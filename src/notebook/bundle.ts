import type { Json } from "../module/value.ts";

/** What a front end chooses from: contents by MIME type. */
export type Bundle = Readonly<Record<string, Json>>;

/** MIME types that are used here. */
export const mime = {
  text: "text/plain",
  html: "text/html",
  script: "application/javascript",
  png: "image/png",
  svg: "image/svg+xml",
  plotly: "application/vnd.plotly.v1+json",
  /** A run's record: see {@linkcode NotebookRecord}. */
  record: "application/vnd.ptutils.run+json",
} as const;
