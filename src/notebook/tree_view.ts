import type { Module } from "../module/module.ts";
import { printTree, type TreeRow, treeRows } from "../module/print_tree.ts";
import { escapeHtml, oneLine } from "./escape.ts";
import type { Still } from "./still.ts";
import { View } from "./view.ts";

/** A tree of Modules: where each hangs, its class and options, the shapes of its tensors, how many parameters it has. */
export class TreeView extends View {
  readonly #root: Module;

  constructor(root: Module) {
    super();
    this.#root = root;
  }

  protected override still(): Still {
    const rows = treeRows(this.#root);
    return { title: this.#root.constructor.name, text: printTree(this.#root), html: () => tableOf(rows) };
  }
}

const style = {
  table: "border-collapse:collapse;font-size:12px;line-height:1.4",
  cell: "text-align:left;padding:1px 10px 1px 0;vertical-align:top;white-space:pre-wrap",
  /** What must not be broken: a place, a class. */
  name: "text-align:left;padding:1px 10px 1px 0;vertical-align:top;white-space:pre",
  number: "text-align:right;padding:1px 0;vertical-align:top",
};

/** The longest text of options that is shown whole. */
const longest = 160;

function tableOf(rows: readonly TreeRow[]): string {
  const heading = ["Module", "class", "options", "tensors"].map((name) => `<th style="${style.cell}">${name}</th>`);
  return `<table style="${style.table}"><thead><tr>${heading.join("")}` +
    `<th style="${style.number}">parameters</th></tr></thead><tbody>${rows.map(rowOf).join("")}</tbody></table>`;
}

function rowOf({ depth, name, type, options, shapes, parameters }: TreeRow): string {
  const names = ["\u2003".repeat(depth) + (name || "·"), type], texts = [oneLine(options, longest), shapes];
  const cells = (texts: string[], css: string) =>
    texts.map((text) => `<td style="${css}">${escapeHtml(text)}</td>`).join("");
  return `<tr>${cells(names, style.name)}${cells(texts, style.cell)}` +
    `<td style="${style.number}">${parameters === 0 ? "" : parameters.toLocaleString("en")}</td></tr>`;
}
