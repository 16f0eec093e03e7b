import { register } from "../module/registry.ts";
import { ArrayDataset } from "./array_dataset.ts";
import { BatchDataset } from "./batch_dataset.ts";
import { CacheDataset } from "./cache_dataset.ts";
import { ConcatenateDataset } from "./concatenate_dataset.ts";
import { Digits } from "./digits.ts";
import { FileDataset } from "./file_dataset.ts";
import { ImageFolderDataset } from "./image_folder_dataset.ts";
import { IterableDataset } from "./iterable_dataset.ts";
import { ListDataset } from "./list_dataset.ts";
import { MapDataset } from "./map_dataset.ts";
import { MixtureDataset } from "./mixture_dataset.ts";
import { ObservableDataset } from "./observable_dataset.ts";
import { RepeatDataset } from "./repeat_dataset.ts";
import { ResampleDataset } from "./resample_dataset.ts";
import { RowDataset } from "./row_dataset.ts";
import { ShuffleDataset } from "./shuffle_dataset.ts";
import { SplitDataset } from "./split_dataset.ts";
import { SubsetDataset } from "./subset_dataset.ts";
import { TakeDataset } from "./take_dataset.ts";
import { ZipDataset } from "./zip_dataset.ts";

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
