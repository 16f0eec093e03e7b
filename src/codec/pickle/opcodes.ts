import { latin1, unreadable } from "./cursor.ts";
import { call, findGlobal } from "./globals.ts";
import type { Machine } from "./machine.ts";
import { decodeLong, parseFloating, parseInteger, toNumber } from "./numbers.ts";
import { PyArray, PyDtype } from "./numpy.ts";
import { kindOf } from "./objects.ts";
import { parseEscaped, parseQuoted, textOf } from "./text.ts";

type Opcode = (machine: Machine) => void;

const refuse = (what: string): Opcode => () => {
  throw unreadable(what);
};
const registered = refuse("it names a class by a number of Python's extension registry, which only its writer knows");
const persistent = refuse("it refers to an object outside of it, which only the program that wrote it knows");

/**
 * Every opcode of protocols 0 to 5 but STOP, by its letter.
 *
 * @see https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */
export const opcodes: Readonly<Record<string, Opcode>> = {
  // the protocol, and a hint of how much to read at once
  "\x80": ({ cursor }) => checkProtocol(cursor.byte()),
  "\x95": ({ cursor }) => checkFrame(cursor.uint64(), cursor.left),
  // constants and numbers
  N: (m) => m.push(null),
  "\x88": (m) => m.push(true),
  "\x89": (m) => m.push(false),
  I: (m) => m.push(integerOrBoolean(m.cursor.line())),
  J: (m) => m.push(m.cursor.int32()),
  K: (m) => m.push(m.cursor.byte()),
  M: (m) => m.push(m.cursor.uint16()),
  L: (m) => m.push(toNumber(parseInteger(m.cursor.line().replace(/L$/, "")))),
  "\x8a": (m) => m.push(toNumber(decodeLong(m.cursor.take(m.cursor.byte())))),
  // Python takes this one for over 255 bytes; we, for every bigint, so that it is one again
  "\x8b": (m) => m.push(decodeLong(m.cursor.take(m.cursor.int32()))),
  F: (m) => m.push(parseFloating(m.cursor.line())),
  G: (m) => m.push(m.cursor.float64()),
  // text, of Python 3 and of Python 2
  V: (m) => m.push(parseEscaped(m.cursor.line())),
  X: (m) => m.push(textOf(m.cursor.take(m.cursor.uint32()))),
  "\x8c": (m) => m.push(textOf(m.cursor.take(m.cursor.byte()))),
  "\x8d": (m) => m.push(textOf(m.cursor.take(m.cursor.uint64()))),
  S: (m) => m.push(parseQuoted(m.cursor.line())),
  T: (m) => m.push(latin1(m.cursor.take(m.cursor.int32()))),
  U: (m) => m.push(latin1(m.cursor.take(m.cursor.byte()))),
  // bytes
  B: (m) => m.push(m.cursor.take(m.cursor.uint32())),
  C: (m) => m.push(m.cursor.take(m.cursor.byte())),
  "\x8e": (m) => m.push(m.cursor.take(m.cursor.uint64())),
  "\x96": (m) => m.push(m.cursor.take(m.cursor.uint64())),
  "\x97": refuse("its buffers are kept apart from it; pickle it without a buffer_callback"),
  "\x98": () => {},
  // lists, tuples, sets
  "]": (m) => m.push([]),
  ")": (m) => m.push([]),
  "\x8f": (m) => m.push([]),
  l: (m) => m.push(m.popToMark()),
  t: (m) => m.push(m.popToMark()),
  "\x91": (m) => m.push(m.popToMark()),
  "\x85": (m) => m.push(m.popMany(1)),
  "\x86": (m) => m.push(m.popMany(2)),
  "\x87": (m) => m.push(m.popMany(3)),
  a: (m) => m.append([m.pop()]),
  e: (m) => m.append(m.popToMark()),
  "\x90": (m) => m.append(m.popToMark()),
  // dicts
  "}": (m) => m.push(new Map()),
  d: (m) => {
    const items = m.popToMark();
    m.push(new Map());
    m.setItems(items);
  },
  s: (m) => m.setItems(m.popMany(2)),
  u: (m) => m.setItems(m.popToMark()),
  // the stack and the memo
  "(": (m) => m.mark(),
  "0": (m) => m.drop(),
  "1": (m) => void m.popToMark(),
  "2": (m) => m.push(m.top()),
  p: (m) => m.remember(Number(parseInteger(m.cursor.line()))),
  q: (m) => m.remember(m.cursor.byte()),
  r: (m) => m.remember(m.cursor.uint32()),
  "\x94": (m) => m.remember(),
  g: (m) => m.recall(Number(parseInteger(m.cursor.line()))),
  h: (m) => m.recall(m.cursor.byte()),
  j: (m) => m.recall(m.cursor.uint32()),
  // classes and functions, of the list of harmless ones
  c: (m) => m.push(findGlobal(m.cursor.line(), m.cursor.line())),
  "\x93": (m) => {
    const [module, name] = m.popMany(2);
    m.push(findGlobal(module, name));
  },
  R: callTop,
  "\x81": callTop,
  "\x92": (m) => {
    const [callee, args, named] = m.popMany(3);
    if (!(named instanceof Map) || named.size > 0) throw unreadable("it calls with named arguments");
    m.push(call(callee, args, m.budget));
  },
  i: (m) => {
    const callee = findGlobal(m.cursor.line(), m.cursor.line());
    m.push(call(callee, m.popToMark(), m.budget));
  },
  o: (m) => {
    const [callee, ...args] = m.popToMark();
    m.push(call(callee, args, m.budget));
  },
  b: build,
  P: persistent,
  Q: persistent,
  "\x82": registered,
  "\x83": registered,
  "\x84": registered,
};

function callTop(m: Machine): void {
  const [callee, args] = m.popMany(2);
  m.push(call(callee, args, m.budget));
}

function build(m: Machine): void {
  const state = m.pop(), object = m.top();
  if (object instanceof PyArray || object instanceof PyDtype) object.build(state, m.budget);
  else throw unreadable(`it sets the state of ${kindOf(object)}`);
}

function integerOrBoolean(text: string): number | bigint | boolean {
  if (text === "00" || text === "01") return text === "01";
  return toNumber(parseInteger(text));
}

function checkProtocol(protocol: number): void {
  if (protocol > 5) throw unreadable(`it is of protocol ${protocol}; those up to 5 are known`);
}

function checkFrame(length: number, left: number): void {
  if (length > left) {
    throw unreadable(`a frame of ${length} bytes begins, found ${left}; the file is cut off or damaged`);
  }
}
