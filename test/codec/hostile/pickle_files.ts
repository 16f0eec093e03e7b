import { hostile, type HostileFile, joinAll, joined, little } from "./hostile_file.ts";

const pkl = hostile("pkl");

/** A pickle of protocol 2 of some opcodes; texts are their ASCII. */
const pickle = (...parts: readonly (Uint8Array | string | readonly number[])[]) => joined([0x80, 2], ...parts, ".");
/** A call of a global by the oldest opcodes, as in every article on the matter. */
const call = (global: string, ...args: string[]) => () =>
  joined(`c${global.replace(".", "\n")}\n(`, ...args.map((arg) => `V${arg}\n`), "tR.");
const text = (value: string) => joined("X", little(value.length, 4), value);
const reduce = (global: string, ...args: Uint8Array[]) => joined(`c${global.replace(".", "\n")}\n(`, ...args, "tR");

const command = "touch /tmp/owned-by-a-pickle";
const deep = 500_000;

/** Lists that hold the list before twice, by the memo. */
function doubled(levels: number): Uint8Array {
  const level = (i: number) => joined("]q", [i + 1], "(h", [i], "h", [i], "e");
  return pickle("]q", [0], ...Array.from({ length: levels }, (_, i) => level(i)));
}

export const pickleFiles: readonly HostileFile[] = [
  pkl("calls os.system", call("os.system", command), /os|system/),
  pkl("calls posix.system", call("posix.system", command), /posix|system/),
  pkl("calls nt.system", call("nt.system", command)),
  pkl("calls subprocess.Popen", call("subprocess.Popen", command)),
  pkl("calls builtins.eval", call("builtins.eval", "1 + 1")),
  pkl("calls builtins.exec by its old name", call("__builtin__.exec", "x = 1")),
  pkl("calls builtins.getattr", call("builtins.getattr", "os", "system")),
  pkl("calls builtins.__import__", call("builtins.__import__", "os")),
  pkl("calls functools.partial", call("functools.partial", "x")),
  pkl("calls JavaScript's own", call("globalThis.eval", "1 + 1")),
  pkl("calls by the way of prototypes", call("constructor.constructor", "return 1")),
  pkl("calls __proto__.toString", call("__proto__.toString")),
  pkl("calls by STACK_GLOBAL", () => pickle([0x8c, 2], "os", [0x8c, 6], "system", [0x93], "(", text(command), "tR")),
  pkl("calls by INST", () => joined(`(V${command}\nios\nsystem\n.`)),
  pkl("calls by OBJ", () => pickle("(cos\nsystem\n", text(command), "o")),
  pkl("calls by NEWOBJ", () => pickle("cos\nsystem\n(", text(command), "t", [0x81])),
  pkl("calls by NEWOBJ_EX", () => pickle("cos\nsystem\n(", text(command), "t}", [0x92])),
  pkl("calls in a call", () => pickle("cbuiltins\nmap\n(", reduce("os.system", text(command)), "tR")),
  pkl("calls what copyreg rebuilds", () => pickle(reduce("copyreg._reconstructor", joined("cos\nsystem\n")))),
  pkl("calls in a dtype", () => pickle(reduce("numpy.dtype", reduce("os.system", text(command))))),
  pkl("calls through numpy", () => pickle(reduce("numpy.core.multiarray.scalar", reduce("os.system", text(command))))),
  pkl("calls in a state", () => pickle("}", reduce("os.system", text(command)), "b")),
  pkl("calls, and drops what comes of it", () => pickle(reduce("os.system", text(command)), "0K", [1])),
  pkl("loads with numpy.load", call("numpy.load", "/etc/passwd")),
  pkl("opens a file", call("io.open", "/etc/passwd")),
  pkl("asks for an extension's code", () => pickle([0x82, 1])),
  pkl("asks for a persistent object", () => pickle(text("x"), "Q")),
  pkl("asks for an out-of-band buffer", () => joined([0x80, 5, 0x97], ".")),
  pkl("lists in lists", () => pickle("]".repeat(deep), "a".repeat(deep - 1))),
  pkl("tuples in tuples", () => pickle("K", [1], new Uint8Array(deep).fill(0x85))),
  pkl("marks without end", () => pickle("(".repeat(deep))),
  pkl("a list that doubles 40 times", () => doubled(40)),
  pkl("a list that holds itself", () => pickle("]q", [0], "h", [0], "a")),
  pkl("a dict that holds itself", () => pickle("}q", [0], text("a"), "h", [0], "s")),
  pkl("a text that says 2^63 bytes", () => joined([0x80, 4, 0x8d], little(2n ** 63n, 8), "x.")),
  pkl("bytes that say 4 GiB", () => joined([0x80, 3], "B", little(0xffffffff, 4), "x.")),
  pkl("a bytearray that says 2^62 bytes", () => joined([0x80, 5, 0x96], little(2n ** 62n, 8), "x.")),
  pkl(
    "a frame that says 2^64 - 1 bytes",
    () => joined([0x80, 4, 0x95], little(2n ** 64n - 1n, 8), "K", [1], "."),
    undefined,
    {
      mayRead: true,
    },
  ),
  pkl("a whole number that says 2 GiB", () => pickle([0x8b], little(0x7fffffff, 4), "x")),
  pkl(
    "a whole number of 2 MB",
    () => pickle([0x8b], little(2_000_000, 4), new Uint8Array(2_000_000).fill(0x5a)),
    undefined,
    {
      mayRead: true,
    },
  ),
  pkl("a whole number of a million digits", () => joined(`L${"9".repeat(1_000_000)}L\n.`), undefined, {
    mayRead: true,
  }),
  pkl("a memo's place 2^32 - 1", () => pickle("]r", little(0xffffffff, 4)), undefined, { mayRead: true }),
  pkl(
    "a million memo's places",
    () => pickle("]", joinAll(Array.from({ length: 1_000_000 }, (_, i) => joined("r", little(i * 4096, 4))))),
    undefined,
    {
      mayRead: true,
    },
  ),
  pkl("an array of a shape beyond memory", () =>
    pickle(
      reduce("numpy.core.multiarray._reconstruct", joined("cnumpy\nndarray\n"), joined("K", [0], [0x85]), text("b")),
      joined("(K", [1], [0x8a, 8], little(2n ** 62n, 8), [0x85]),
      reduce("numpy.dtype", text("f8"), joined("K", [0]), joined("K", [1])),
      joined([0x89], text("x"), "tb"),
    )),
  pkl(
    "a key that reaches for the prototype",
    () => pickle("}", text("__proto__"), "}", text("x"), "K", [1], "ss"),
    undefined,
    {
      mayRead: true,
    },
  ),
  pkl("a stack that is empty", () => pickle("0000")),
  pkl("nothing at all", () => new Uint8Array()),
];
