import {
  type Attribute,
  encodeModel,
  encodeNode,
  encodeTensor,
  encodeValue,
} from '../engine/onnx-writer.ts';
import type { NamedTensor } from '../safetensors.ts';

/** A graph for inference: weights are constants under their own names, and the batch may have any size. */
export class InferenceGraph {
  readonly #tensors: ReadonlyMap<string, NamedTensor>;
  readonly #nodes: Buffer[] = [];
  readonly #constants = new Map<string, Buffer>();
  readonly #inputs: Buffer[] = [];
  readonly #outputs: Buffer[] = [];
  #count = 0;

  constructor(tensors: readonly NamedTensor[]) {
    this.#tensors = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  }

  /** Whether the encoder has a tensor of this name. */
  has(name: string): boolean {
    return this.#tensors.has(name);
  }

  /** Shape of a weight; throws where there is none of that name. */
  shapeOf(name: string): readonly number[] {
    return this.#find(name).shape;
  }

  /** A weight as a constant of the graph; answers its name. */
  weight(name: string): string {
    const { shape, values } = this.#find(name);
    if (!this.#constants.has(name)) this.#constants.set(name, encodeTensor(name, shape, values));
    return name;
  }

  /** A list of integers. */
  integers(values: readonly number[]): string {
    const name = `integers_${values.join('_')}`;
    this.#constants.set(
      name,
      encodeTensor(name, [values.length], BigInt64Array.from(values, BigInt)),
    );
    return name;
  }

  /** A number without dimensions. */
  number(value: number): string {
    const name = `number_${value}`;
    this.#constants.set(name, encodeTensor(name, [], Float32Array.of(value)));
    return name;
  }

  /** Appends an operator; answers the name of its output. */
  op(
    operator: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, Attribute>> = {},
  ): string {
    this.#count += 1;
    const name = `${operator}_${this.#count}`;
    this.#nodes.push(encodeNode(operator, inputs, [name], attributes));
    return name;
  }

  input(name: string, shape: readonly (number | string)[]): string {
    this.#inputs.push(encodeValue(name, shape));
    return name;
  }

  output(name: string, value: string, shape: readonly (number | string)[]): void {
    this.#nodes.push(encodeNode('Identity', [value], [name], {}));
    this.#outputs.push(encodeValue(name, shape));
  }

  build(metadata: Readonly<Record<string, string>>): Uint8Array {
    return encodeModel({
      nodes: this.#nodes,
      constants: [...this.#constants.values()],
      inputs: this.#inputs,
      outputs: this.#outputs,
      metadata,
    });
  }

  #find(name: string): NamedTensor {
    const found = this.#tensors.get(name);
    if (found === undefined) throw new Error(`The encoder has no tensor ${name}.`);
    return found;
  }
}
