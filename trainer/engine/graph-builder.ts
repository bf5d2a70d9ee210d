import type { ParameterDescription } from '../backend.ts';
import {
  type Attribute,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValue,
} from './onnx-writer.ts';

/** A value of the graph with its static shape. */
export type Tensor = { readonly id: string; readonly shape: readonly number[] };

/** ONNX's number of float32. */
const floatType = 1;

/** Product of a shape's sizes. */
export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

/** A shape after a reduction over axes. */
const without = (shape: readonly number[], axes: readonly number[], keep: boolean): number[] =>
  keep
    ? shape.map((size, axis) => (axes.includes(axis) ? 1 : size))
    : shape.filter((_, axis) => !axes.includes(axis));

/**
 * Builds forward and backward of a training step as one ordinary ONNX graph. Each layer appends its
 * operators and pushes a closure that appends its gradient's; `backward` runs them in reverse. Weights
 * are graph inputs, so that the optimiser can change their arrays between two runs.
 */
export class GraphBuilder {
  /**
   * Channels in a block of this graph's feature maps; 1 is the plain layout. In a blocked graph every tensor of
   * four dims between stem and average pool keeps its dims [N, C, H, W] over memory [N, C / block, H * W, block].
   */
  readonly block: number;
  readonly #domains = new Set<string>();
  readonly #nodes: Buffer[] = [];
  readonly #constants: Buffer[] = [];
  readonly #inputs: Buffer[] = [];
  readonly #outputs: Buffer[] = [];
  readonly #cached = new Map<string, string>();
  readonly #parameters = new Map<string, ParameterDescription>();
  /** What has reached a value from each of its users. */
  readonly #gradients = new Map<string, readonly Tensor[]>();
  readonly #zeros = new Map<string, Tensor>();
  readonly #closures: (() => void)[] = [];
  #count = 0;

  constructor(block = 1) {
    this.block = block;
  }

  get parameters(): readonly ParameterDescription[] {
    return [...this.#parameters.values()];
  }

  /** Appends an operator with one output of the given shape; the empty domain is the standard one. */
  op(
    operator: string,
    inputs: readonly (Tensor | string)[],
    shape: readonly number[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Tensor {
    this.#count += 1;
    const id = `${operator}_${this.#count}`;
    const names = inputs.map((input) => (typeof input === 'string' ? input : input.id));
    if (domain !== '') this.#domains.add(domain);
    this.#nodes.push(encodeNode(operator, names, [id], attributes, domain));
    return { id, shape };
  }

  /** A batch input. */
  input(name: string, shape: readonly number[]): Tensor {
    this.#inputs.push(encodeValue(name, shape));
    return { id: name, shape };
  }

  /** A weight; asked for again under its name it is the same weight. */
  parameter(name: string, shape: readonly number[]): Tensor {
    if (!this.#parameters.has(name)) {
      this.#parameters.set(name, { name, shape });
      this.#inputs.push(encodeValue(name, shape));
    }
    return { id: name, shape };
  }

  /** Names a value as an output. */
  output(name: string, value: Tensor): void {
    this.#nodes.push(encodeNode('Identity', [value.id], [name], {}));
    this.#outputs.push(encodeValue(name, value.shape));
  }

  /** A list of integers as a constant. */
  integers(values: readonly number[]): string {
    const key = `i${values.join(',')}`;
    const found = this.#cached.get(key);
    if (found !== undefined) return found;
    const id = `integers_${this.#cached.size}`;
    this.#constants.push(encodeTensor(id, [values.length], BigInt64Array.from(values, BigInt)));
    this.#cached.set(key, id);
    return id;
  }

  /** A number as a constant without dimensions. */
  number(value: number): Tensor {
    return this.#numbers(`f${value}`, [], () => Float32Array.of(value));
  }

  /** So many ones as a constant. */
  ones(count: number): Tensor {
    return this.#numbers(`ones ${count}`, [count], () => new Float32Array(count).fill(1));
  }

  #numbers(key: string, shape: readonly number[], make: () => Float32Array): Tensor {
    const found = this.#cached.get(key);
    if (found !== undefined) return { id: found, shape };
    const id = `numbers_${this.#cached.size}`;
    this.#constants.push(encodeTensor(id, shape, make()));
    this.#cached.set(key, id);
    return { id, shape };
  }

  add(a: Tensor, b: Tensor): Tensor {
    return this.op('Add', [a, b], a.shape.length >= b.shape.length ? a.shape : b.shape);
  }

  sub(a: Tensor, b: Tensor): Tensor {
    return this.op('Sub', [a, b], a.shape);
  }

  mul(a: Tensor, b: Tensor): Tensor {
    return this.op('Mul', [a, b], a.shape);
  }

  div(a: Tensor, b: Tensor): Tensor {
    return this.op('Div', [a, b], a.shape);
  }

  scale(a: Tensor, factor: number): Tensor {
    return this.op('Mul', [a, this.number(factor)], a.shape);
  }

  reshape(a: Tensor, shape: readonly number[]): Tensor {
    return this.op('Reshape', [a, this.integers(shape)], shape);
  }

  transpose(a: Tensor, order: readonly number[]): Tensor {
    const shape = order.map((axis) => a.shape[axis] ?? 0);
    return this.op('Transpose', [a], shape, { perm: order });
  }

  /** Matrices `[..., n, k] x [..., k, m]`. */
  matmul(a: Tensor, b: Tensor): Tensor {
    return this.op('MatMul', [a, b], [...a.shape.slice(0, -1), b.shape.at(-1) ?? 0]);
  }

  /** Mean over axes; they stay with size 1 where `keep`. */
  mean(a: Tensor, axes: readonly number[], keep = true): Tensor {
    const attributes = { axes, keepdims: keep ? 1 : 0 };
    return this.op('ReduceMean', [a], without(a.shape, axes, keep), attributes);
  }

  /** Sum over axes; they stay with size 1 where `keep`. */
  sum(a: Tensor, axes: readonly number[], keep: boolean): Tensor {
    const shape = without(a.shape, axes, keep);
    return this.op('ReduceSum', [a, this.integers(axes)], shape, { keepdims: keep ? 1 : 0 });
  }

  /** Elements `start` to `end` (not included) of the axes, in steps. */
  slice(
    a: Tensor,
    axes: readonly number[],
    start: readonly number[],
    end: readonly number[],
    steps: readonly number[],
  ): Tensor {
    const shape = a.shape.map((size, axis) => {
      const k = axes.indexOf(axis);
      return k < 0 ? size : Math.ceil(((end[k] ?? 0) - (start[k] ?? 0)) / (steps[k] ?? 1));
    });
    const lists = [start, end, axes, steps].map((list) => this.integers(list));
    return this.op('Slice', [a, ...lists], shape);
  }

  /** Adds zeros (or `value`) before and after each axis. */
  pad(a: Tensor, before: readonly number[], after: readonly number[], value = 0): Tensor {
    const shape = a.shape.map((size, axis) => size + (before[axis] ?? 0) + (after[axis] ?? 0));
    return this.op('Pad', [a, this.integers([...before, ...after]), this.number(value)], shape);
  }

  concat(parts: readonly Tensor[], axis: number): Tensor {
    const [first] = parts;
    if (first === undefined) throw new Error('There is nothing to join.');
    if (parts.length === 1) return first;
    const shape = first.shape.map((size, k) =>
      k === axis ? parts.reduce((total, part) => total + (part.shape[k] ?? 0), 0) : size,
    );
    return this.op('Concat', parts, shape, { axis });
  }

  /** Values where `condition` holds, zeros elsewhere. A product with 1 and 0: Where itself takes one thread. */
  only(condition: Tensor, values: Tensor): Tensor {
    return this.mul(values, this.op('Cast', [condition], condition.shape, { to: floatType }));
  }

  /**
   * Zero `[1]`, which is there only once `gradient` is. ONNX Runtime computes what needs no gradient on the way there
   * and keeps it to the way back, often as large as the feature map that it comes from: where this takes part, it
   * cannot. No number is greater than itself, not even one that is none.
   */
  zeroAfter(gradient: Tensor): Tensor {
    const found = this.#zeros.get(gradient.id);
    if (found !== undefined) return found;
    const all = (value: number): number[] => gradient.shape.map(() => value);
    const axes = [...gradient.shape.keys()];
    const first = this.reshape(this.slice(gradient, axes, all(0), all(1), all(1)), [1]);
    const zero = this.op('Cast', [this.op('Greater', [first, first], [1])], [1], { to: floatType });
    this.#zeros.set(gradient.id, zero);
    return zero;
  }

  /** The gradient `values` where `y` > 0, zeros elsewhere. */
  whereWasPositive(y: Tensor, values: Tensor): Tensor {
    return this.only(this.op('Greater', [y, this.zeroAfter(values)], y.shape), values);
  }

  /** Registers what a layer does on the way back. */
  onBackward(closure: () => void): void {
    this.#closures.push(closure);
  }

  /** The gradient that has reached a value; throws where none has. */
  gradientOf(value: Tensor): Tensor {
    const [first, ...others] = this.#gradients.get(value.id) ?? [];
    if (first === undefined) throw new Error(`No gradient has reached ${value.id}.`);
    const whole = others.reduce((total, other) => this.add(total, other), first);
    this.#gradients.set(value.id, [whole]);
    return whole;
  }

  /** Adds to the gradient of a value. */
  addGradient(value: Tensor, gradient: Tensor): void {
    this.#gradients.set(value.id, [...(this.#gradients.get(value.id) ?? []), gradient]);
  }

  /**
   * Appends the whole way back and makes `d_<name>` of every weight an output. ONNX Runtime goes back from the last
   * operator without a user to what it needs: so the weights' gradients are finished here, the first layer's at the
   * beginning, and feature maps are given free layer by layer instead of all being kept to the end.
   */
  backward(): void {
    for (const closure of this.#closures.toReversed()) closure();
    for (const { name, shape } of this.#parameters.values()) {
      const gradient = this.gradientOf({ id: name, shape });
      this.#nodes.push(
        encodeNode('Reshape', [gradient.id, this.integers(shape)], [`d_${name}`], {}),
      );
      this.#outputs.push(encodeValue(`d_${name}`, gradient.shape));
    }
  }

  build(): Uint8Array {
    return encodeModel({
      nodes: this.#nodes,
      constants: this.#constants,
      inputs: this.#inputs,
      outputs: this.#outputs,
      domains: [...this.#domains],
    });
  }
}
