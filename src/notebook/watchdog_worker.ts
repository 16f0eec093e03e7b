/// <reference lib="deno.worker" />
import type { Connection } from "./connection.ts";
import { formatRequest, type Message, parseMessage } from "./wire.ts";
import { ZmtpConnection } from "./zmtp.ts";

/** What the worker is told at its start. */
export interface WatchdogTask {
  readonly connection: Connection;
  /** Counts the interrupts that the main thread has heard. */
  readonly heard: Int32Array;
}

/** Milliseconds in which the main thread must have heard an interrupt; else it is busy in a loop. */
const patience = 1_000;

/** The cell that is being run, when it can be broken off; one that awaits would never answer again. */
let breakable: string | undefined;

function hear(message: Message): void {
  if (message.type === "execute_input") {
    breakable = /\bawait\b/.test(String(message.content().code)) ? undefined : message.parent;
  } else if (message.type === "status" && message.parent === breakable) {
    if (message.content().execution_state === "idle") breakable = undefined;
  }
}

async function watch({ connection: { ip, iopub_port, control_port, key }, heard }: WatchdogTask): Promise<void> {
  Deno.addSignalListener("SIGINT", () => {
    const before = Atomics.load(heard, 0), cell = breakable;
    setTimeout(() => {
      if (cell === undefined || breakable !== cell || Atomics.load(heard, 0) !== before) return;
      breakOff(ip, control_port, key).catch(() => {}); // nothing can be told from here: the loop goes on
    }, patience);
  });
  const iopub = await ZmtpConnection.open(ip, iopub_port, "SUB");
  for await (const frames of iopub.messages()) {
    const message = parseMessage(frames);
    if (message !== undefined) hear(message);
  }
}

/** Has the kernel end what its main thread does. */
async function breakOff(ip: string, port: number, key: string): Promise<void> {
  const control = await ZmtpConnection.open(ip, port, "DEALER");
  try {
    await control.send(await formatRequest("interrupt_request", key));
    await control.messages().next(); // its reply: then it was heard
  } finally {
    control.close();
  }
}

self.onmessage = ({ data }: MessageEvent<WatchdogTask>) => void watch(data).catch(() => {}).finally(() => self.close());
