/** Element types of ONNX tensors (onnx.proto, TensorProto.DataType). */
const dataTypes = { float32: 1, int64: 7 } as const;
export type ElementType = keyof typeof dataTypes;

/** An operator's attribute: one integer, one number, text, or a list of integers. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 128 : low);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

const whole = (field: number, value: number | bigint): Buffer =>
  Buffer.concat([varint(field << 3), varint(value)]);

/** A field of some length, in parts that are not copied: a model holds hundreds of megabytes of weights. */
const nested = (field: number, parts: readonly Uint8Array[]): readonly Uint8Array[] => {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [varint((field << 3) | 2), varint(length), ...parts];
};

const block = (field: number, content: Uint8Array | string): Buffer =>
  Buffer.concat(nested(field, [typeof content === 'string' ? Buffer.from(content) : content]));

const single = (field: number, value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | 5), bytes]);
};

function attribute(name: string, value: Attribute): Buffer {
  const parts = [block(1, name)];
  if (typeof value === 'string') parts.push(block(4, value), whole(20, 3));
  else if (typeof value === 'number') parts.push(whole(3, value), whole(20, 2));
  else if (Array.isArray(value)) {
    for (const each of value) parts.push(whole(8, each));
    parts.push(whole(20, 7));
  } else parts.push(single(2, (value as { readonly float: number }).float), whole(20, 1));
  return Buffer.concat(parts);
}

/** NodeProto: one operator; the empty domain is the standard one. */
export function encodeNode(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>>,
  domain = '',
): Buffer {
  return Buffer.concat([
    ...inputs.map((name) => block(1, name)),
    ...outputs.map((name) => block(2, name)),
    block(3, `${outputs[0] ?? operator}_node`),
    block(4, operator),
    ...Object.entries(attributes).map(([name, value]) => block(5, attribute(name, value))),
    ...(domain === '' ? [] : [block(7, domain)]),
  ]);
}

/** TensorProto: a constant. */
export function encodeTensor(
  name: string,
  shape: readonly number[],
  data: Float32Array | BigInt64Array,
): Buffer {
  const type = data instanceof Float32Array ? dataTypes.float32 : dataTypes.int64;
  const raw = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([
    ...shape.map((size) => whole(1, size)),
    whole(2, type),
    block(8, name),
    ...nested(9, [raw]),
  ]);
}

/** ValueInfoProto: an input or output; a size that is only known when the graph runs has a name instead. */
export function encodeValue(name: string, shape: readonly (number | string)[]): Buffer {
  const sizes = Buffer.concat(
    shape.map((size) => block(1, typeof size === 'string' ? block(2, size) : whole(1, size))),
  );
  const tensor = Buffer.concat([whole(1, dataTypes.float32), block(2, sizes)]);
  return Buffer.concat([block(1, name), block(2, block(1, tensor))]);
}

/** ModelProto, IR version 8, opset 17 of the standard domain and version 1 of each other, with texts for its reader. */
export function encodeModel(graph: {
  readonly nodes: readonly Buffer[];
  readonly constants: readonly Buffer[];
  readonly inputs: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly domains?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
}): Uint8Array {
  const encoded = [
    ...graph.nodes.flatMap((node) => nested(1, [node])),
    block(2, 'fovea'),
    ...graph.constants.flatMap((constant) => nested(5, [constant])),
    ...graph.inputs.flatMap((input) => nested(11, [input])),
    ...graph.outputs.flatMap((output) => nested(12, [output])),
  ];
  const others = (graph.domains ?? []).map((name) =>
    block(8, Buffer.concat([block(1, name), whole(2, 1)])),
  );
  const texts = Object.entries(graph.metadata ?? {}).map(([key, value]) =>
    block(14, Buffer.concat([block(1, key), block(2, value)])),
  );
  const standard = block(8, whole(2, 17));
  return Buffer.concat([
    whole(1, 8),
    block(2, 'fovea'),
    ...nested(7, encoded),
    standard,
    ...others,
    ...texts,
  ]);
}
