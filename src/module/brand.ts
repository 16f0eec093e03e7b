import type { Module } from "./module.ts";
import type { State } from "./state.ts";

/** Marks every Module, so that one of a class that a cell declared again is still known. */
export const moduleBrand: unique symbol = Symbol.for("ptutils.module") as never;

/** Marks every State. */
export const stateBrand: unique symbol = Symbol.for("ptutils.state") as never;

/** Whether a value is a Module. */
export const isModule = (value: unknown): value is Module => typeof value === "function" && moduleBrand in value;

/** Whether a value is a {@linkcode State}, also one of a class loaded a second time. */
export const isState = (value: unknown): value is State => typeof value === "function" && stateBrand in value;
