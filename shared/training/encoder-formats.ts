/** Formats that an encoder can be exported to. */
export const encoderFormats = ['safetensors', 'onnx'] as const;
export type EncoderFormat = (typeof encoderFormats)[number];
