import { surviveInterrupts } from "../loop/interrupt.ts";
import { tellBackground } from "./background_runs.ts";
import { findConnection } from "./connection.ts";
import { Ear } from "./ear.ts";
import { catchErrors } from "./errors.ts";
import { inKernel } from "./kernel.ts";
import { ear, setEar } from "./kernel_state.ts";
import { settleResults } from "./settle.ts";
import { showRunsAsTable } from "./show_runs.ts";
import { shortenSubscriptions } from "./short_subscriptions.ts";
import { noteStop } from "./stopped_cell.ts";
import { Watchdog } from "./watchdog.ts";

/**
 * Makes a kernel fit for experiments, once: Stop does not end it, errors in the background are told, outputs stay under
 * their own cells. Outside a kernel nothing is done.
 */
export function install(): void {
  if (!inKernel || ear() !== undefined) return;
  const connection = findConnection();
  const hearing = new Ear(connection);
  setEar(hearing);
  const watchdog = connection && new Watchdog(connection);
  surviveInterrupts(() => {
    watchdog?.noteInterrupt();
    noteStop();
  });
  catchErrors();
  tellBackground();
  settleResults(hearing);
  shortenSubscriptions();
  showRunsAsTable();
}
