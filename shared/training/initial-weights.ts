import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/u);

/**
 * Where a run's weights begin: drawn by its seed, or taken from a file, which is named by its SHA-256 so that the run
 * can be repeated: one of the station's store (safetensors or ONNX by the names of torchvision or timm), or that of
 * a registered model.
 */
export const initialWeightsChoice = z.discriminatedUnion('from', [
  z.object({ from: z.literal('random') }),
  z.object({
    from: z.literal('file'),
    sha256,
    /** The file's name where it came from, for people. */
    name: z.string().max(255),
  }),
  z.object({ from: z.literal('model'), sha256, version: z.number().int().positive() }),
]);
export type InitialWeightsChoice = z.infer<typeof initialWeightsChoice>;

/** Where a registered model's encoder lies, relative to the data folder. */
export const modelFileOf = (fileSha256: string): string => `models/${fileSha256}.safetensors`;
