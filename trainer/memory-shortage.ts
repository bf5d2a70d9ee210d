/**
 * Whether an error, or one that it comes from, says that memory was short. V8, the C++ library and ONNX Runtime say so
 * in words alone: they are read here, and what was read is passed on as data.
 */
export function isMemoryShortage(error: unknown): boolean {
  const text = error instanceof Error ? error.message : String(error);
  if (/memory|bad_alloc|allocation failed/iu.test(text)) return true;
  return error instanceof Error && error.cause !== undefined && isMemoryShortage(error.cause);
}
