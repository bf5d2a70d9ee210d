import { existsSync, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Chromium's Vulkan on the processor. */
const swiftshader = '/usr/lib/chromium/libvk_swiftshader.so';

/** Why WebGPU cannot be tried here, or false. */
export const withoutSwiftshader: string | false = existsSync(swiftshader)
  ? false
  : "Chromium's SwiftShader is not installed";

/**
 * The environment of a process whose WebGPU finds SwiftShader: it stands in for the Vulkan loader, so that none need be
 * installed and no graphics card of this machine is met.
 */
export function swiftshaderEnvironment(): NodeJS.ProcessEnv {
  const folder = mkdtempSync(path.join(tmpdir(), 'fovea-vulkan-'));
  symlinkSync(swiftshader, path.join(folder, 'libvulkan.so.1'));
  return { ...process.env, LD_LIBRARY_PATH: folder, XDG_RUNTIME_DIR: folder };
}
