import assert from "node:assert/strict";
import { resolveBackend } from "../../../src/backend/resolve.ts";
import { tf } from "../../../src/backend/tf.ts";
import { difference, numbers, product, withoutLeaks } from "./reference.ts";

await resolveBackend("wasm");

const lengths: Readonly<Record<string, number>> = { b: 2, h: 3, i: 4, j: 5, k: 3, d: 6, q: 5, s: 1 };
const shapeOf = (labels: string): number[] => [...labels].map((label) => lengths[label]!);

/** Einstein's summation by its definition, and the gradients of it. */
function expected(terms: string[], output: string, operands: Float32Array[], dy: Float32Array) {
  const labels = [...new Set(terms.join("") + output)], all = labels.map((label) => lengths[label]!);
  const y = new Float64Array(product(shapeOf(output)));
  const gradients = operands.map(({ length }) => new Float64Array(length));
  for (let n = 0; n < product(all); n++) {
    const place: Record<string, number> = {};
    labels.reduceRight((rest, label) => {
      place[label] = rest % lengths[label]!;
      return Math.floor(rest / lengths[label]!);
    }, n);
    const flat = (term: string) => [...term].reduce((sum, label) => sum * lengths[label]! + place[label]!, 0);
    const to = flat(output), factors = terms.map((term, i) => operands[i]![flat(term)]!);
    y[to]! += product(factors);
    terms.forEach((term, i) => {
      gradients[i]![flat(term)]! += dy[to]! * product(factors.filter((_, j) => j !== i));
    });
  }
  return { y, gradients };
}

const equations = `ij,jk->ik ij,kj->ik ji,jk->ik bij,bjk->bik bqhd,bkhd->bhqk bhqk,bkhd->bqhd ij,j->i i,j->ij i,i->
  ij->ji ij->i ij-> bij->jb i->i ij,ij->ij ij,ji->ij bij,b->ij s,ij->sij bij,jk->bk hij,bjk->ik i,jk->kij bi,bj->bij
  bijk,bj->ik ,ij->ij`.split(/\s+/);

for (const equation of equations) {
  Deno.test(`einsum: ${equation} and its gradients`, () => {
    const [left, output] = equation.split("->") as [string, string], terms = left.split(",");
    const operands = terms.map((term, i) => numbers(product(shapeOf(term)), i + 1));
    const dy = numbers(product(shapeOf(output)), 7), wanted = expected(terms, output, operands, dy);
    withoutLeaks(tf(), () =>
      tf().tidy(() => {
        const given = operands.map((numbers, i) => tf().tensor(numbers, shapeOf(terms[i]!)));
        const y = tf().einsum(equation, ...given);
        assert.deepEqual(y.shape, shapeOf(output));
        assert.ok(difference(y.dataSync(), wanted.y) < 1e-4);
        const found = tf().grads((...given) =>
          tf().sum(tf().mul(tf().einsum(equation, ...given), tf().tensor(dy, shapeOf(output))))
        )(given);
        found.forEach((gradient, i) => assert.ok(difference(gradient.dataSync(), wanted.gradients[i]!) < 1e-4));
        assert.ok(difference(given[0]!.dataSync(), operands[0]!) === 0, "the operand is as it was");
      }));
  });
}

Deno.test("einsum: what can't be understood is told", () => {
  tf().tidy(() => {
    const x = tf().zeros([2, 3]);
    for (
      const [equation, message] of [
        ["ij", /one arrow/],
        ["ij,jk->ik", /names 2 operands, 1 are given/],
        ["ii->i", /a letter twice/],
        ["i...->i", /more than letters/],
        ["ijk->i", /has the shape \[2,3\]/],
        ["ij->ik", /no operand has k/],
      ] as const
    ) assert.throws(() => tf().einsum(equation, x), { name: "RangeError", message });
    assert.throws(() => tf().einsum("ij,jk->ik", x, x), /j is both 3 and 2 long/);
  });
});
