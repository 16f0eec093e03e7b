import type { KernelMessage } from "@jupyterlab/services";

const mark = "application/vnd.ptutils.flushed+json";

/** Code that has a Deno kernel send a mark behind all its outputs, and what knows the mark. */
export interface Flush {
  readonly code: string;
  /** Calls back with the expression's value when a message is the mark. */
  seen(message: KernelMessage.IIOPubMessage, callback: (value: unknown) => void): void;
}

/** A mark of its own, with the value of an expression on it. */
export function flush(expression = "null"): Flush {
  const id = crypto.randomUUID();
  const data = `{ ${JSON.stringify(mark)}: { id: "${id}", value: ${expression} } }`;
  return {
    code: `void await Deno.jupyter.broadcast("display_data", { data: ${data}, metadata: {}, transient: {} });`,
    seen({ content }, callback) {
      const found = (content as { data?: Record<string, { id: string; value: unknown }> }).data?.[mark];
      if (found?.id === id) callback(found.value);
    },
  };
}

/** Whether a message is a mark, and no output. */
export const isMark = ({ content }: KernelMessage.IIOPubMessage): boolean =>
  mark in ((content as { data?: object }).data ?? {});
