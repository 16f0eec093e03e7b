// @ts-nocheck: AssemblyScript
// Steps of optimizers, each in one pass: from a value, its gradient and what is remembered of it, to what takes their
// places. `n` numbers each. What they compute is told in ../../ops/.
import { loadSome, storeSome } from "./lanes.ts";

export function sgdStep(n: i32, value: usize, gradient: usize, next: usize, rate: f32): void {
  for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
    const step = f32x4.mul(loadSome(gradient + at, left), f32x4.splat(rate));
    storeSome(next + at, f32x4.sub(loadSome(value + at, left), step), left);
  }
}

export function momentumStep(
  n: i32,
  value: usize,
  gradient: usize,
  velocity: usize,
  next: usize,
  nextVelocity: usize,
  rate: f32,
  momentum: f32,
  nesterov: bool,
): void {
  const kept = f32x4.splat(momentum);
  for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
    const slope = loadSome(gradient + at, left);
    const speed = f32x4.add(f32x4.mul(loadSome(velocity + at, left), kept), slope);
    const step = nesterov ? f32x4.add(slope, f32x4.mul(speed, kept)) : speed;
    storeSome(nextVelocity + at, speed, left);
    storeSome(next + at, f32x4.sub(loadSome(value + at, left), f32x4.mul(step, f32x4.splat(rate))), left);
  }
}

export function adamStep(
  n: i32,
  value: usize,
  gradient: usize,
  m: usize,
  v: usize,
  next: usize,
  nextM: usize,
  nextV: usize,
  size: f32,
  beta1: f32,
  beta2: f32,
  rest1: f32,
  rest2: f32,
  epsilon: f32,
  keep: f32,
): void {
  for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
    const slope = loadSome(gradient + at, left);
    const mean = f32x4.add(f32x4.mul(loadSome(m + at, left), f32x4.splat(beta1)), f32x4.mul(slope, f32x4.splat(rest1)));
    const square = f32x4.mul(f32x4.mul(slope, slope), f32x4.splat(rest2));
    const spread = f32x4.add(f32x4.mul(loadSome(v + at, left), f32x4.splat(beta2)), square);
    const step = f32x4.div(f32x4.mul(mean, f32x4.splat(size)), f32x4.add(f32x4.sqrt(spread), f32x4.splat(epsilon)));
    storeSome(nextM + at, mean, left);
    storeSome(nextV + at, spread, left);
    storeSome(next + at, f32x4.sub(f32x4.mul(loadSome(value + at, left), f32x4.splat(keep)), step), left);
  }
}

/** Without momentum `velocity` and `nextVelocity` are 0. */
export function rmsPropStep(
  n: i32,
  value: usize,
  gradient: usize,
  squares: usize,
  velocity: usize,
  next: usize,
  nextSquares: usize,
  nextVelocity: usize,
  rate: f32,
  decay: f32,
  rest: f32,
  momentum: f32,
  epsilon: f32,
): void {
  for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
    const slope = loadSome(gradient + at, left);
    const square = f32x4.mul(f32x4.mul(slope, slope), f32x4.splat(rest));
    const spread = f32x4.add(f32x4.mul(loadSome(squares + at, left), f32x4.splat(decay)), square);
    const root = f32x4.sqrt(f32x4.add(spread, f32x4.splat(epsilon)));
    let step = f32x4.div(f32x4.mul(slope, f32x4.splat(rate)), root);
    if (velocity != 0) {
      step = f32x4.add(f32x4.mul(loadSome(velocity + at, left), f32x4.splat(momentum)), step);
      storeSome(nextVelocity + at, step, left);
    }
    storeSome(nextSquares + at, spread, left);
    storeSome(next + at, f32x4.sub(loadSome(value + at, left), step), left);
  }
}

export function adagradStep(
  n: i32,
  value: usize,
  gradient: usize,
  squares: usize,
  next: usize,
  nextSquares: usize,
  rate: f32,
  epsilon: f32,
): void {
  for (let at: usize = 0, left = n; left > 0; left -= 4, at += 16) {
    const slope = loadSome(gradient + at, left);
    const sum = f32x4.add(loadSome(squares + at, left), f32x4.mul(slope, slope));
    const root = f32x4.sqrt(f32x4.add(sum, f32x4.splat(epsilon)));
    const step = f32x4.div(f32x4.mul(slope, f32x4.splat(rate)), root);
    storeSome(nextSquares + at, sum, left);
    storeSome(next + at, f32x4.sub(loadSome(value + at, left), step), left);
  }
}
