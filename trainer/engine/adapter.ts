/** A graphics adapter as Dawn names it. */
export type Adapter = {
  readonly name: string;
  /** A processor that plays a graphics card (SwiftShader, llvmpipe, WARP). */
  readonly isSoftware: boolean;
};

/** Dawn's entry, opened once a process, where TensorFlow.js looks for it. */
async function openDawn(): Promise<GPU> {
  if ('gpu' in globalThis.navigator) return globalThis.navigator.gpu;
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: gpu, configurable: true });
  return gpu;
}

/** The adapter that WebGPU would use, or undefined where there is none. */
export async function findAdapter(): Promise<Adapter | undefined> {
  const gpu = await openDawn();
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) return undefined;
  const { vendor, architecture, device, description } = adapter.info;
  const name = [vendor, architecture, device, description].filter((part) => part !== '').join(' ');
  const software = /swiftshader|llvmpipe|lavapipe|warp|basic render|software/iu.test(name);
  return { name, isSoftware: software || adapter.info.isFallbackAdapter };
}
