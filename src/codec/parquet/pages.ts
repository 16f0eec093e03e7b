import type { ColumnMetaData, DecodedArray, PageHeader, SchemaElement, SchemaTree } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { convert, DEFAULT_PARSERS } from "hyparquet/src/convert.js";
import { getMaxDefinitionLevel, getMaxRepetitionLevel } from "hyparquet/src/schema.js";
import type { Budget } from "./budget.ts";
import { checkThrift } from "./check_thrift.ts";
import { damaged } from "./damage.ts";
import { decompress } from "./decompress.ts";
import { readRuns } from "./levels.ts";
import { readValues, type Values } from "./values.ts";

/** A column of numbers, texts, ... at the end of a path in the schema. */
export interface Leaf {
  readonly path: SchemaTree[];
  readonly element: SchemaElement;
  /** Whether its values stay as they are stored: numbers that an array takes as they are. */
  readonly isRaw: boolean;
}

type Levels = Uint8Array | Uint32Array;

/** Some of a column's values, one after the other. */
export interface Page {
  /** How many, those that are missing included. */
  readonly count: number;
  readonly values: Values;
  /** How far down its path each is there; undefined where none is missing. */
  readonly definitions?: Levels;
  /** At which list of its path each begins; undefined where there are no lists. */
  readonly repetitions?: Levels;
}

/** The parts of a page, unpacked. */
interface Parts {
  readonly count: number;
  readonly encoding: string;
  readonly definitions?: Levels;
  readonly repetitions?: Levels;
  readonly bytes: Uint8Array;
}

/** The pages of a chunk of a column, in order. @throws {SyntaxError} damaged ones */
export function* readPages(bytes: Uint8Array, chunk: ColumnMetaData, leaf: Leaf, budget: Budget): Generator<Page> {
  const reader = new PageReader(chunk, leaf);
  for (let at = 0; reader.left > 0;) {
    const { header, end } = headerAt(bytes, at);
    at = end + checkedSize(header, bytes.length - end);
    budget.spend(header.uncompressed_page_size);
    const page = reader.read(header, bytes.subarray(end, at));
    if (page !== undefined) yield page;
  }
}

/** The description of a page that begins at an offset, and where it ends. @throws {SyntaxError} a damaged one */
export function headerAt(bytes: Uint8Array, at: number): { header: PageHeader; end: number } {
  const end = checkThrift(bytes, at);
  return { header: parquetHeader({ view: viewOf(bytes), offset: at }), end };
}

/** Makes pages of what is packed, one after the other; a dictionary among them is kept for those that follow. */
export class PageReader {
  /** How many values are still to come. */
  left: number;
  readonly #chunk: ColumnMetaData;
  readonly #leaf: Leaf;
  #dictionary: Values | undefined;

  constructor(chunk: ColumnMetaData, leaf: Leaf) {
    this.left = Number(chunk.num_values);
    this.#chunk = chunk;
    this.#leaf = leaf;
  }

  /** A page; undefined for what holds no values of its own. @throws {SyntaxError} a damaged one */
  read(header: PageHeader, packed: Uint8Array): Page | undefined {
    if (header.type === "INDEX_PAGE") return undefined;
    if (header.type === "DICTIONARY_PAGE") {
      this.#dictionary = readDictionary(packed, header, this.#chunk, this.#leaf);
      return undefined;
    }
    if (header.type !== "DATA_PAGE" && header.type !== "DATA_PAGE_V2") throw damaged(`a page of type ${header.type}`);
    const partsOf = header.type === "DATA_PAGE" ? partsOf1 : partsOf2;
    const parts = partsOf(packed, header, this.#chunk, this.#leaf, this.left);
    this.left -= parts.count;
    return toPage(parts, this.#leaf, this.#dictionary);
  }
}

/** How many bytes a page has. @throws {SyntaxError} more than are left */
export function checkedSize(
  { compressed_page_size: packed, uncompressed_page_size: size }: PageHeader,
  left: number,
): number {
  if (Number.isInteger(packed) && packed >= 0 && packed <= left && Number.isInteger(size) && size >= 0) return packed;
  throw damaged(`a page of ${packed} bytes (${size} unpacked) where ${left} are left`);
}

function readDictionary(packed: Uint8Array, header: PageHeader, chunk: ColumnMetaData, leaf: Leaf) {
  const count = checkedCount(header.dictionary_page_header?.num_values, 2 ** 28);
  const bytes = decompress(packed, header.uncompressed_page_size, chunk.codec);
  return converted(readValues(bytes, "PLAIN", leaf.element, count), leaf);
}

/** Levels and values are packed together, each kind of levels after its length. */
function partsOf1(packed: Uint8Array, header: PageHeader, chunk: ColumnMetaData, { path, isRaw }: Leaf, left: number) {
  const { num_values, encoding } = header.data_page_header!;
  const count = checkedCount(num_values, left);
  const page = decompress(packed, header.uncompressed_page_size, chunk.codec);
  let at = 0;
  const levels = (most: number): Levels | undefined => {
    if (most === 0) return undefined;
    const length = page.length - at < 4 ? NaN : viewOf(page).getUint32(at, true), start = at + 4;
    if (!(start + length <= page.length)) throw damaged("levels past the end of their page");
    at = start + length;
    return readRuns(page.subarray(start, at), bitsOf(most), count);
  };
  const repetitions = levels(getMaxRepetitionLevel(path)), definitions = levels(getMaxDefinitionLevel(path));
  const bytes = isRaw ? aligned(page, at) : page.subarray(at);
  return { count, encoding, repetitions, definitions, bytes };
}

/** What follows the levels of a page, moved over them to where numbers can be read without a copy. */
function aligned(page: Uint8Array, at: number): Uint8Array {
  const shift = Math.min(at, (page.byteOffset + at) % 8);
  return page.copyWithin(at - shift, at).subarray(at - shift, page.length - shift);
}

/** Levels come first and are not packed. */
function partsOf2(packed: Uint8Array, header: PageHeader, chunk: ColumnMetaData, { path }: Leaf, left: number) {
  const { num_values, encoding, is_compressed, ...lengths } = header.data_page_header_v2!;
  const repeated = lengths.repetition_levels_byte_length, defined = lengths.definition_levels_byte_length;
  if (!(repeated >= 0 && defined >= 0 && repeated + defined <= packed.length)) throw damaged("levels past their page");
  const count = checkedCount(num_values, left), body = packed.subarray(repeated + defined);
  const size = header.uncompressed_page_size - repeated - defined;
  const bytes = is_compressed === false ? body : decompress(body, size, chunk.codec);
  const levels = (most: number, from: number, to: number) =>
    most === 0 ? undefined : readRuns(packed.subarray(from, to), bitsOf(most), count);
  const repetitions = levels(getMaxRepetitionLevel(path), 0, repeated);
  const definitions = levels(getMaxDefinitionLevel(path), repeated, repeated + defined);
  return { count, encoding, repetitions, definitions, bytes };
}

function toPage({ count, encoding, repetitions, definitions, bytes }: Parts, leaf: Leaf, dictionary?: Values): Page {
  const most = getMaxDefinitionLevel(leaf.path);
  let present = count;
  if (definitions !== undefined) { for (let i = 0; i < count; i++) if (definitions[i] !== most) present--; }
  const values = encoding.endsWith("_DICTIONARY")
    ? lookedUp(bytes, present, dictionary)
    : converted(readValues(bytes, encoding, leaf.element, present), leaf);
  return { count, values, repetitions, definitions: present === count && !repetitions ? undefined : definitions };
}

/** The dictionary's values at the places that are packed in a page. */
function lookedUp(bytes: Uint8Array, count: number, dictionary: Values | undefined): Values {
  if (dictionary === undefined) throw damaged("places in a dictionary that is missing");
  const places = count === 0 ? new Uint8Array() : readRuns(bytes.subarray(1), bytes[0] ?? 33, count);
  const values =
    (ArrayBuffer.isView(dictionary)
      ? new (dictionary.constructor as Float64ArrayConstructor)(count)
      : new Array(count)) as unknown[];
  for (let i = 0; i < count; i++) {
    const place = places[i]!;
    if (place >= dictionary.length) throw damaged(`place ${place} in a dictionary of ${dictionary.length}`);
    values[i] = dictionary[place];
  }
  return values as Values;
}

const asIs = (bytes: Uint8Array): Uint8Array => bytes;
/** hyparquet's, but that JSON stays text, and shapes of the earth stay bytes. */
const parsers = {
  ...DEFAULT_PARSERS,
  jsonFromBytes: DEFAULT_PARSERS.stringFromBytes,
  geometryFromBytes: asIs,
  geographyFromBytes: asIs,
};

/** As what they stand for: texts, dates, decimal numbers, ... */
function converted(values: Values, leaf: Leaf): Values {
  if (leaf.isRaw) return values;
  const column = { element: leaf.element, schemaPath: leaf.path, utf8: false, parsers };
  return convert(values as DecodedArray, column as unknown as Parameters<typeof convert>[1]) as Values;
}

function checkedCount(count: number | undefined, most: number): number {
  if (Number.isInteger(count) && count! >= 0 && count! <= most) return count!;
  throw damaged(`a page of ${count} values where at most ${most} are left`);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const bitsOf = (level: number): number => 32 - Math.clz32(level);
