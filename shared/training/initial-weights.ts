import { z } from 'zod';

/**
 * Where a run's weights begin: drawn by its seed, or taken from a file of the station's store (safetensors or
 * ONNX by the names of torchvision or timm), which is named by its SHA-256 so that the run can be repeated.
 */
export const initialWeightsChoice = z.discriminatedUnion('from', [
  z.object({ from: z.literal('random') }),
  z.object({
    from: z.literal('file'),
    sha256: z.string().regex(/^[0-9a-f]{64}$/u),
    /** The file's name where it came from, for people. */
    name: z.string().max(255),
  }),
]);
export type InitialWeightsChoice = z.infer<typeof initialWeightsChoice>;
