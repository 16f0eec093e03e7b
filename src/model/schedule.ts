import type { z } from "zod";
import { Module } from "../module/module.ts";

/** How the learning rate goes: called with the number of updates that were done, gives the factor for the next. */
export abstract class Schedule<S extends z.ZodObject = z.ZodObject<Record<never, never>>> extends Module<S> {
  override invoke(_step: number): number {
    return super.invoke();
  }
}
