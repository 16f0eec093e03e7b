/** What the remote run lacks. */
export interface Lag {
  entries: number;
  /** Whether checkpoints, or the record, are not as they are here. */
  checkpoints: boolean;
  record: boolean;
}
