// The public names of PTUtils, each from the file that has it.
import "./src/codec/codecs.ts";
import { install } from "./src/notebook/install.ts";

export { resolveBackend, type Resolved } from "./src/backend/resolve.ts";
export { loadTf, type TF, tf } from "./src/backend/tf.ts";
export { EarlyStopping } from "./src/callback/early_stopping.ts";
export { ModelCheckpoint } from "./src/callback/model_checkpoint.ts";
export { Monitor } from "./src/callback/monitor.ts";
export { NaNDetector } from "./src/callback/nan_detector.ts";
export { Progress } from "./src/callback/progress.ts";
export { ReduceLROnPlateau } from "./src/callback/reduce_lr_on_plateau.ts";
export { ArrayDataset } from "./src/data/array_dataset.ts";
export type { Batch, Description, Item } from "./src/data/batch.ts";
export { type Batches, DataLoader, type IterateOptions } from "./src/data/data_loader.ts";
export { DataProvider } from "./src/data/data_provider.ts";
export { DataReader } from "./src/data/data_reader.ts";
export { Dataset } from "./src/data/dataset.ts";
export { Digits } from "./src/data/digits.ts";
export type { Experiment } from "./src/data/experiment.ts";
export { Sampler } from "./src/data/sampler.ts";
export { Shuffled } from "./src/data/shuffled.ts";
export { Looper, type Step } from "./src/loop/looper.ts";
export { Trainer, type TrainingData } from "./src/loop/trainer.ts";
export type { Values, Work } from "./src/loop/work.ts";
export { Accuracy } from "./src/model/accuracy.ts";
export { Adadelta } from "./src/model/adadelta.ts";
export { Adagrad } from "./src/model/adagrad.ts";
export { Adam } from "./src/model/adam.ts";
export { AdamW } from "./src/model/adam_w.ts";
export { Adamax } from "./src/model/adamax.ts";
export { AlphaDropout } from "./src/model/alpha_dropout.ts";
export { BinaryCrossentropy } from "./src/model/binary_crossentropy.ts";
export { CategoricalCrossentropy } from "./src/model/categorical_crossentropy.ts";
export { CategoricalHinge } from "./src/model/categorical_hinge.ts";
export { CosineDecay } from "./src/model/cosine_decay.ts";
export { CosineSimilarity } from "./src/model/cosine_similarity.ts";
export { Criterion } from "./src/model/criterion.ts";
export { Dropout } from "./src/model/dropout.ts";
export { ExponentialDecay } from "./src/model/exponential_decay.ts";
export { GaussianDropout } from "./src/model/gaussian_dropout.ts";
export { GaussianNoise } from "./src/model/gaussian_noise.ts";
export { Hinge } from "./src/model/hinge.ts";
export { Huber } from "./src/model/huber.ts";
export { KLDivergence } from "./src/model/kl_divergence.ts";
export { Layer } from "./src/model/layer.ts";
export type { LayerDescription } from "./src/model/layer_options.ts";
export { LinearWarmup } from "./src/model/linear_warmup.ts";
export { LogCosh } from "./src/model/log_cosh.ts";
export { MeanAbsoluteError } from "./src/model/mean_absolute_error.ts";
export { MeanAbsolutePercentageError } from "./src/model/mean_absolute_percentage_error.ts";
export { MeanError } from "./src/model/mean_error.ts";
export { MeanSquaredError } from "./src/model/mean_squared_error.ts";
export { MeanSquaredLogarithmicError } from "./src/model/mean_squared_logarithmic_error.ts";
export { Metric } from "./src/model/metric.ts";
export { Model } from "./src/model/model.ts";
export { Momentum } from "./src/model/momentum.ts";
export { Nadam } from "./src/model/nadam.ts";
export { type Mode, Net, type Target } from "./src/model/net.ts";
export { Optimizer } from "./src/model/optimizer.ts";
export { Parameter, type ParameterOptions } from "./src/model/parameter.ts";
export { PiecewiseConstant } from "./src/model/piecewise_constant.ts";
export { Poisson } from "./src/model/poisson.ts";
export { PolynomialDecay } from "./src/model/polynomial_decay.ts";
export { RMSProp } from "./src/model/rms_prop.ts";
export { Schedule } from "./src/model/schedule.ts";
export { Sequential } from "./src/model/sequential.ts";
export { Sgd } from "./src/model/sgd.ts";
export { SparseCategoricalCrossentropy } from "./src/model/sparse_categorical_crossentropy.ts";
export { SpatialDropout } from "./src/model/spatial_dropout.ts";
export { SquaredHinge } from "./src/model/squared_hinge.ts";
export { StepDecay } from "./src/model/step_decay.ts";
export { TfLayer } from "./src/model/tf_layer.ts";
export { TopK } from "./src/model/top_k.ts";
export { type Action, checkpoint, fail, isAction, keep, restore, set, skip, stop } from "./src/module/action.ts";
export { Callback } from "./src/module/callback.ts";
export type { StreamCallback } from "./src/module/callbacks.ts";
export { type ByteSource, openFile, sourceOf } from "./src/module/byte_source.ts";
export {
  type Archive,
  type BlockOptions,
  type Codec,
  codecFor,
  codecs,
  type Signature,
  signatures,
  type SyncCodec,
} from "./src/module/codec.ts";
export { Configuration } from "./src/module/configuration.ts";
export type { Difference } from "./src/module/difference.ts";
export type { Event, Payload } from "./src/module/event.ts";
export { History } from "./src/module/history.ts";
export { isLeaf, type Leaf, leafBrand } from "./src/module/leaf.ts";
export type { LoadOptions, LoadReport } from "./src/module/load_state.ts";
export { isModule, Module } from "./src/module/module.ts";
export { type DType, NDArray, type TypedArray } from "./src/module/ndarray.ts";
export { after, before, every, on, once } from "./src/module/operators.ts";
export { Random } from "./src/module/random.ts";
export { register } from "./src/module/registry.ts";
export type { Axis, Point, Series, SeriesOptions } from "./src/module/series.ts";
export { slot } from "./src/module/slot.ts";
export { isState, State } from "./src/module/state.ts";
export { Statistic, type StatisticFields } from "./src/module/statistic.ts";
export { type Phase, Status, type StatusSnapshot } from "./src/module/status.ts";
export type { StatusOf } from "./src/module/status_stream.ts";
export type { Json, Value } from "./src/module/value.ts";
export { chart, type Charted } from "./src/notebook/chart.ts";
export type { ChartOptions, SeriesChoice } from "./src/notebook/chart_options.ts";
export { confusionMatrix, histograms, imageGrid } from "./src/notebook/insights.ts";
export type { Run as ChartedRun } from "./src/notebook/labels.ts";
export type { NotebookRun } from "./src/notebook/notebook_run.ts";
export { params } from "./src/notebook/params.ts";
export type { NotebookRecord } from "./src/notebook/record_schema.ts";
export type { RunViewOptions } from "./src/notebook/run_view.ts";
export { type RunOptions, Session } from "./src/notebook/session.ts";
export { type Verification, verificationText } from "./src/notebook/verification.ts";
export { verify } from "./src/notebook/verify.ts";
export { saveWeights } from "./src/notebook/weights.ts";
export { View } from "./src/notebook/view.ts";
export type { Reopening } from "./src/session/options.ts";
export type { AccessRequest, Document } from "./src/store/access_request.ts";
export { DBInterface } from "./src/store/db_interface.ts";
export type { JournalEntry } from "./src/store/journal_line.ts";
export { LowdbStore } from "./src/store/lowdb_store.ts";
export { MemoryStore } from "./src/store/memory_store.ts";
export type { Checkpoint, CheckpointMeta, Run, RunRecord, Runs } from "./src/store/run_record.ts";

install(); // in a kernel only
