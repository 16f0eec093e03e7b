import assert from "node:assert/strict";
import { criteria } from "../../../src/model/criteria.ts";
import type { Criterion } from "../../../src/model/criterion.ts";
import { metrics } from "../../../src/model/metrics.ts";
import type { Metric } from "../../../src/model/metric.ts";
import { lossCases, metricCases } from "./criterion_cases.ts";
import { checkGradient, checkValue } from "./criterion_checks.ts";
import { layerCases } from "./layer_cases.ts";
import { checkLayer, checkNet } from "./layer_checks.ts";
import { ownInput, ownNets } from "./own_nets.ts";
import { follow, make, optimizerCases, wantedAfter } from "./optimizer_cases.ts";

/** One use of something that a configuration can name, and how it is examined on the backend that is active. */
export interface Unit {
  readonly kind: "layer" | "net" | "loss" | "optimizer" | "metric";
  readonly name: string;
  /** Which use of it. */
  readonly title: string;
  /** @throws {Error} what is wrong */
  check(): Promise<void>;
}

const layers = Object.entries(layerCases).flatMap(([name, cases]) =>
  cases.map((example): Unit => {
    const { options, input, evaluated, after } = example;
    const then = after === undefined ? "" : `, then ${JSON.stringify(after)}`;
    const title = `${JSON.stringify(options)} of [${input}]${evaluated ? ", not in training" : ""}${then}`;
    return { kind: "layer", name, title, check: () => checkLayer({ [name]: options }, example) };
  })
);

const title = ({ options, output, target }: typeof lossCases[number]): string =>
  `${JSON.stringify(options ?? {})} of ${JSON.stringify(output)}, ${JSON.stringify(target)}`;

const losses = lossCases.map((example): Unit => ({
  kind: "loss",
  name: example.name,
  title: title(example),
  check: async () => {
    const criterion = new criteria[example.name as "Huber"](example.options ?? {}) as unknown as Criterion;
    await checkValue(criterion, example);
    await checkGradient(criterion, example);
  },
}));

const measures = metricCases.map((example): Unit => ({
  kind: "metric",
  name: example.name,
  title: title(example),
  check: () => checkValue(new metrics[example.name as "TopK"](example.options ?? {}) as unknown as Metric, example),
}));

const steps = optimizerCases.map(([name, options, rule]): Unit => ({
  kind: "optimizer",
  name,
  title: JSON.stringify(options),
  check: async () => {
    const optimizer = make(name, options);
    const found = await follow(optimizer, 5), wanted = wantedAfter(rule, 5);
    optimizer.dispose();
    found.forEach((x, i) => assert.ok(Math.abs(x - wanted[i]!) <= 1e-5 * (1 + Math.abs(x)), `${found} ~ ${wanted}`));
  },
}));

const nets = Object.entries(ownNets).map(([name, make]): Unit => ({
  kind: "net",
  name,
  title: "of one's own",
  check: async () => void await checkNet(make(), { input: ownInput }),
}));

/** Everything that a configuration can name, in every use that is looked at. */
export const units: readonly Unit[] = [...layers, ...nets, ...losses, ...steps, ...measures];
