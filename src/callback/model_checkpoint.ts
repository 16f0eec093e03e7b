import { type Action, checkpoint } from "../module/action.ts";
import { Monitor } from "./monitor.ts";

/** Saves a checkpoint whenever a series is better than ever; it is tagged `best:<series>` and stays until the next. */
export class ModelCheckpoint extends Monitor {
  protected override observe(value: number, better: boolean): readonly Action[] {
    return better ? [checkpoint({ tag: `best:${this.monitor}`, score: value })] : [];
  }
}
