import { register } from "../module/registry.ts";
import { ArrayDataset } from "./array_dataset.ts";
import { BatchDataset } from "./algebra/batch_dataset.ts";
import { CacheDataset } from "./algebra/cache_dataset.ts";
import { ConcatenateDataset } from "./algebra/concatenate_dataset.ts";
import { Digits } from "./digits.ts";
import { FileDataset } from "./file_dataset.ts";
import { ImageFolderDataset } from "./image_folder_dataset.ts";
import { IterableDataset } from "./iterable_dataset.ts";
import { ListDataset } from "./algebra/list_dataset.ts";
import { MapDataset } from "./algebra/map_dataset.ts";
import { MixtureDataset } from "./algebra/mixture_dataset.ts";
import { ObservableDataset } from "./observable_dataset.ts";
import { RepeatDataset } from "./algebra/repeat_dataset.ts";
import { ResampleDataset } from "./algebra/resample_dataset.ts";
import { RowDataset } from "./row_dataset.ts";
import { ShuffleDataset } from "./algebra/shuffle_dataset.ts";
import { SplitDataset } from "./algebra/split_dataset.ts";
import { SubsetDataset } from "./algebra/subset_dataset.ts";
import { TakeDataset } from "./algebra/take_dataset.ts";
import { ZipDataset } from "./algebra/zip_dataset.ts";

/** The data sets that a configuration can name. */
export const datasets = {
  ArrayDataset,
  BatchDataset,
  CacheDataset,
  ConcatenateDataset,
  Digits,
  FileDataset,
  ImageFolderDataset,
  IterableDataset,
  ListDataset,
  MapDataset,
  MixtureDataset,
  ObservableDataset,
  RepeatDataset,
  ResampleDataset,
  RowDataset,
  ShuffleDataset,
  SplitDataset,
  SubsetDataset,
  TakeDataset,
  ZipDataset,
};

register(...Object.values(datasets));
