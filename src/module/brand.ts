import type { Module } from "./module.ts";

/** Marks every Module, so that one of a class that a cell declared again is still known. */
export const moduleBrand: unique symbol = Symbol.for("ptutils.module") as never;

/** Whether a value is a Module. */
export const isModule = (value: unknown): value is Module => typeof value === "function" && moduleBrand in value;
