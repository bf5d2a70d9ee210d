import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordError } from '../../../shared/messages/error-messages.ts';
import { createRandom } from '../../../shared/random.ts';
import type { ResnetName } from '../../../shared/training/run-configuration.ts';
import { StationError } from '../../../shared/station-error.ts';
import { encodeTensor } from '../../../trainer/engine/onnx-writer.ts';
import { describeEncoder } from '../../../trainer/models/encoder.ts';
import { encodeSafetensors, type NamedTensor } from '../../../trainer/safetensors.ts';
import { encodeOnnx } from '../../../trainer/weights/encode-onnx.ts';
import { loadWeights, type WantedEncoder } from '../../../trainer/weights/load-weights.ts';
import { makeEncoder } from './exported.ts';

const want = (encoder: ResnetName): WantedEncoder => {
  const { parameters, statistics } = describeEncoder(encoder, 32);
  return { encoder, tensors: [...parameters, ...statistics] };
};
const small = want('resnet-10');
const tensors = makeEncoder('resnet-10', 32, createRandom(1));
const whole = encodeSafetensors(tensors, {});
const load = (bytes: Uint8Array): ReturnType<typeof loadWeights> =>
  loadWeights('a.safetensors', Buffer.from(bytes), small, [want('resnet-18')]);

/** The sentence that a person reads. */
function refusal(bytes: Uint8Array): string {
  try {
    load(bytes);
  } catch (error) {
    assert.ok(error instanceof StationError, String(error));
    return wordError({ code: error.code, details: error.details });
  }
  return assert.fail('the file was taken');
}

/** A safetensors file of any header over so many zero bytes. */
function fileOf(header: unknown, dataBytes: number, length?: bigint): Buffer {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([size, text, Buffer.alloc(dataBytes)]);
}

function assertSame(values: ReadonlyMap<string, Float32Array>, tolerance = 0): void {
  assert.equal(values.size, tensors.length);
  for (const { name, values: wanted } of tensors) {
    const got = values.get(name);
    assert.equal(got?.length, wanted.length, name);
    const worst = got?.reduce(
      (most, value, i) =>
        Math.max(most, Math.abs(value - (wanted[i] ?? 0)) / Math.max(1, Math.abs(wanted[i] ?? 0))),
      0,
    );
    assert.ok(worst !== undefined && worst <= tolerance, `${name}: ${worst}`);
  }
}

test('what was exported is imported again, bit for bit, from both formats', () => {
  assertSame(load(whole).values);
  assertSame(load(encodeOnnx(tensors, {})).values);
});

test('prefixes of other programs, classifiers, heads and counters do no harm', () => {
  const extra: NamedTensor[] = [
    'fc.weight',
    'fc.bias',
    'bn1.num_batches_tracked',
    'projector.0.weight',
  ].map((name) => ({ name, shape: [1], values: new Float32Array(1) }));
  for (const prefix of ['', 'module.', 'backbone.', 'encoder.', 'module.backbone.']) {
    const named = [...tensors, ...extra].map((tensor) => ({
      ...tensor,
      name: prefix + tensor.name,
    }));
    assertSame(load(encodeSafetensors(named, {})).values);
  }
  const neck = { name: 'neck.fc0.weight', shape: [1], values: new Float32Array(1) };
  const inside = tensors.map((tensor) => ({ ...tensor, name: `backbone.${tensor.name}` }));
  assertSame(load(encodeSafetensors([...inside, neck], {})).values);
  assert.match(
    refusal(encodeSafetensors([...tensors, neck], {})),
    /Not wanted \(1\): neck\.fc0\.weight/u,
  );
});

test('half, bfloat16 and double precision are read as the numbers they are', () => {
  const widths = { F64: 8, F16: 2, BF16: 2 } as const;
  for (const [dtype, width] of Object.entries(widths)) {
    const header: Record<string, unknown> = {};
    const parts: Buffer[] = [];
    let at = 0;
    for (const { name, shape, values } of tensors) {
      const bytes = Buffer.alloc(values.length * width);
      for (const [i, value] of values.entries())
        if (dtype === 'F64') bytes.writeDoubleLE(value, 8 * i);
        else if (dtype === 'BF16') {
          const four = Buffer.alloc(4);
          four.writeFloatLE(value);
          bytes.writeUInt16LE(four.readUInt16LE(2), 2 * i);
        } else bytes.writeUInt16LE(new Uint16Array(Float16Array.of(value).buffer)[0] ?? 0, 2 * i);
      header[name] = { dtype, shape, data_offsets: [at, at + bytes.length] };
      at += bytes.length;
      parts.push(bytes);
    }
    const file = Buffer.concat([fileOf(header, 0), ...parts]);
    assertSame(load(file).values, { F64: 0, F16: 1e-3, BF16: 1e-2 }[dtype] ?? 0);
  }
});

test('an encoder of another size is refused, with every tensor and the encoder that it is', () => {
  const large = makeEncoder('resnet-18', 32, createRandom(2));
  const sentence = refusal(encodeSafetensors(large, {}));
  assert.match(sentence, /does not fit resnet-10, but it fits resnet-18: choose that encoder\./u);
  assert.match(sentence, /conv1\.weight \(64 x 3 x 7 x 7, not 32 x 3 x 7 x 7\)/u);
  for (const { name } of large)
    if (!tensors.some((tensor) => tensor.name === name)) assert.ok(sentence.includes(name), name);
  const without = tensors.filter(({ name }) => !/^layer3\.0\.(?:bn1|conv2)/u.test(name));
  assert.match(
    refusal(encodeSafetensors(without, {})),
    /Missing \(5\): layer3\.0\.bn1\.weight, layer3\.0\.bn1\.bias, layer3\.0\.conv2\.weight, layer3\.0\.bn1\.running_mean, layer3\.0\.bn1\.running_var/u,
  );
  const twice = [...tensors, { ...(tensors[0] ?? assert.fail()), name: 'module.conv1.weight' }];
  assert.match(refusal(encodeSafetensors(twice, {})), /conv1\.weight \(twice\)/u);
});

test('a ResNet-101 given a checkpoint of ResNet-50 is refused (defect 26 of the published code)', () => {
  const fifty = want('resnet-50');
  // Names and shapes are compared before any number is read, so zeros do.
  const zeros = fifty.tensors.map(({ name, shape }) => ({
    name,
    shape,
    values: new Float32Array(shape.reduce((product, size) => product * size, 1)),
  }));
  const bytes = encodeSafetensors(zeros, {});
  assert.throws(
    () => loadWeights('r50.safetensors', bytes, want('resnet-101'), [fifty]),
    (error) => {
      assert.ok(error instanceof StationError);
      const sentence = wordError({ code: error.code, details: error.details });
      assert.match(sentence, /r50\.safetensors does not fit resnet-101, but it fits resnet-50/u);
      // Stage 3 has 23 blocks instead of 6; each lacks 3 convolutions and 3 batch norms of 4 tensors.
      assert.match(sentence, /Missing \(255\): layer3\.6\.conv1\.weight/u);
      for (let block = 6; block < 23; block += 1)
        assert.ok(sentence.includes(`layer3.${block}.bn3.running_var`));
      return true;
    },
  );
});

test('a grey-scale stem is spread over three channels so that a grey picture gives the same response', () => {
  const grey = tensors.map((tensor) =>
    tensor.name === 'conv1.weight'
      ? { ...tensor, shape: [32, 1, 7, 7], values: tensor.values.slice(0, 32 * 49) }
      : tensor,
  );
  const { values, adapted } = load(encodeSafetensors(grey, {}));
  assert.deepEqual(adapted, ['conv1.weight: adapted from 1 to 3 channels']);
  const spread = values.get('conv1.weight') ?? assert.fail();
  for (const at of [0, 17, 48]) {
    const sum = [0, 1, 2].reduce((total, c) => total + (spread[c * 49 + at] ?? 0), 0);
    assert.ok(Math.abs(sum - (tensors[0]?.values[at] ?? 0)) < 1e-6);
  }
});

test('numbers that are none, and variances below zero, are refused by name', () => {
  for (const [name, value, why] of [
    ['layer2.0.conv1.weight', Number.NaN, /numbers in layer2\.0\.conv1\.weight are not finite/u],
    ['bn1.bias', Infinity, /numbers in bn1\.bias are not finite/u],
    ['bn1.running_var', -1, /variances in bn1\.running_var are negative/u],
  ] as const) {
    const bad = tensors.map((tensor) =>
      tensor.name === name ? { ...tensor, values: tensor.values.with(3, value) } : tensor,
    );
    assert.match(refusal(encodeSafetensors(bad, {})), why);
    assert.match(refusal(encodeOnnx(bad, {})), why);
  }
});

test('a file that is cut off, lies or is something else is refused with what to do', () => {
  const one = (shape: readonly unknown[], from: unknown, to: unknown, dtype = 'F32'): unknown => ({
    'conv1.weight': { dtype, shape, data_offsets: [from, to] },
  });
  const cases: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['empty', Buffer.alloc(0), /it is empty/u],
    ['four bytes', whole.subarray(0, 4), /cut off/u],
    ['half the header', whole.subarray(0, 400), /cut off inside its header/u],
    ['half the data', whole.subarray(0, whole.length - 9), /cut off inside the tensor/u],
    ['header of 2 GB', fileOf('{}', 0, 2n ** 31n), /its header would be 2147483648 bytes/u],
    ['header of 2^63', fileOf('{}', 0, 2n ** 63n), /header would be/u],
    ['no JSON', fileOf('{"a":', 8), /no JSON/u],
    ['nonsense', fileOf({ 'conv1.weight': 7 }, 8), /does not describe the tensor conv1\.weight/u],
    [
      'too few bytes',
      fileOf(one([32, 3, 7, 7], 0, 8), 8),
      /gives 8 bytes for the tensor conv1\.weight of 4704 numbers/u,
    ],
    ['beyond the end', fileOf(one([2], 4, 12), 8), /cut off inside the tensor/u],
    ['backwards', fileOf(one([0], 8, 4), 8), /bytes for the tensor/u],
    ['negative', fileOf(one([2], -4, 4), 8), /does not describe/u],
    ['huge shape', fileOf(one([2 ** 40, 2 ** 40], 0, 8), 8), /shape that is none/u],
    ['negative shape', fileOf(one([-1, -2], 0, 8), 8), /shape that is none/u],
    [
      'overlap',
      fileOf(
        { ...(one([2], 0, 8) as object), b: { dtype: 'F32', shape: [2], data_offsets: [4, 12] } },
        12,
      ),
      /conv1\.weight and b overlap/u,
    ],
    [
      'a zip archive',
      Buffer.from('PK\u0003\u0004 archive/data.pkl'),
      /pickled PyTorch checkpoint.*save_file/u,
    ],
    [
      'an old pickle',
      Buffer.from([0x80, 2, 0x8a, 10, 1, 1, 1, 1, 1, 1]),
      /pickled PyTorch checkpoint/u,
    ],
    ['a cut-off ONNX model', encodeOnnx(tensors, {}).subarray(0, 5000), /cut off or no ONNX file/u],
    [
      'a picture',
      Buffer.from('\u0089PNG\r\n\u001a\n and more of it', 'latin1'),
      /no safetensors file|cut off/u,
    ],
  ];
  for (const [what, bytes, why] of cases) assert.match(refusal(bytes), why, what);
  const whole8 = fileOf(one([8], 0, 8, 'I8'), 8);
  assert.match(refusal(whole8), /Of another shape \(1\): conv1\.weight/u);
  const integers = Buffer.from(encodeSafetensors(tensors, {}));
  const from = integers.indexOf('"dtype":"F32"');
  integers.write('"dtype":"I32"', from);
  assert.match(refusal(integers), /is I32; save it as F32, F16, BF16 or F64/u);
});

test('random damage never ends in anything but a refusal or the file’s own numbers', () => {
  const random = createRandom(7);
  for (const file of [whole, Buffer.from(encodeOnnx(tensors, {}))])
    for (let round = 0; round < 40; round += 1) {
      const bytes = Buffer.from(file);
      for (let k = 0; k < 3; k += 1) bytes[random.below(3000)] = random.below(256);
      try {
        load(bytes);
      } catch (error) {
        assert.ok(error instanceof StationError, String(error));
      }
    }
});

test('an ONNX tensor that lies in another file, or whose numbers do not fill it, is refused', () => {
  const message = (field: number, content: Uint8Array): Buffer => {
    const size = content.length;
    const groups = [0, 7, 14].map((shift) => ((size >>> shift) & 127) | 128);
    const varint = [...groups, size >>> 21];
    return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint]), content]);
  };
  const model = (tensor: Buffer): Buffer =>
    Buffer.concat([Buffer.from([8, 8]), message(7, message(5, tensor))]);
  const stem = tensors[0] ?? assert.fail();
  const rest = tensors
    .slice(1)
    .map(({ name, shape, values }) => message(5, encodeTensor(name, shape, values)));
  const withRest = (tensor: Buffer): Buffer =>
    Buffer.concat([Buffer.from([8, 8]), message(7, Buffer.concat([message(5, tensor), ...rest]))]);
  const good = encodeTensor(stem.name, stem.shape, stem.values);
  assertSame(load(withRest(good)).values);
  // data_location = EXTERNAL
  const external = Buffer.concat([good, Buffer.from([(14 << 3) | 0, 1])]);
  assert.match(
    refusal(withRest(external)),
    /lies in a file beside it; save the model as one file/u,
  );
  const short = encodeTensor(stem.name, stem.shape, stem.values.slice(1));
  assert.match(refusal(withRest(short)), /has 4703 numbers for the shape 32 x 3 x 7 x 7/u);
  assert.match(refusal(model(Buffer.alloc(0))), /holds no weights/u);
});
