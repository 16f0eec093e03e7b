/** What a DataProvider may know of the experiment when it decides which data come next. */
export interface Experiment {
  readonly history: {
    /** The latest value of a series, `train/loss`; undefined while there is none. */
    last(name: string): { readonly value: number } | undefined;
  };
  /** Training steps done. */
  readonly step: number;
  /** Epochs begun. */
  readonly epoch: number;
}
