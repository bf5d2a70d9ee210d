import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const sourceFolder = path.resolve(
  import.meta.dirname,
  '../node_modules/webgazer/dist/mediapipe/face_mesh',
);

/** Served as they are, under the page's `webgazer/mediapipe/face_mesh/`. */
const copied = [
  'face_mesh_solution_packed_assets_loader.js',
  'face_mesh_solution_simd_wasm_bin.wasm',
  'face_mesh.binarypb',
  'face_mesh_solution_packed_assets.data',
  'face_mesh_solution_wasm_bin.wasm',
] as const;

/** Files that build functions from strings, with the beginning of their SHA-256. */
const patched = {
  'face_mesh_solution_simd_wasm_bin.js': 'e331fd5b355adcf0',
  'face_mesh_solution_wasm_bin.js': '68dcacddb41013a2',
} as const;

type Cut = { readonly from: string; readonly to: string; readonly by: string };

const cuts: readonly Cut[] = [
  {
    from: 'return new Function("body",',
    to: ')(body)',
    by: `var named = function () { "use strict"; return body.apply(this, arguments); };
Object.defineProperty(named, "name", { value: name });
return named`,
  },
  {
    from: 'var argsList="";var argsListWired="";',
    to: 'return invokerFunction}',
    by: `return function () {
  if (arguments.length !== argCount - 2) throwBindingError("function " + humanName + " called with " + arguments.length + " arguments, expected " + (argCount - 2) + " args!");
  var destructors = needsDestructorStack ? [] : null;
  var wired = [];
  if (isClassMethodFunc) wired.push(argTypes[1].toWireType(destructors, this));
  for (var i = 0; i < argCount - 2; ++i) wired.push(argTypes[i + 2].toWireType(destructors, arguments[i]));
  var result = cppInvokerFunc.apply(null, [cppTargetFunc].concat(wired));
  if (needsDestructorStack) runDestructors(destructors);
  else for (var k = isClassMethodFunc ? 1 : 2; k < argTypes.length; ++k) {
    var destroy = argTypes[k].destructorFunction;
    if (destroy !== null) destroy(wired[isClassMethodFunc ? k - 1 : k - 2]);
  }
  if (returns) return argTypes[0].fromWireType(result);
}}`,
  },
  {
    from: 'var params=["retType"];var args=[retType];',
    to: 'new_(Function,params).apply(null,args);',
    by: `var invokerFunction = function (handle, name, destructors, args) {
  var values = [], offset = 0;
  for (var i = 0; i < argCount - 1; ++i) {
    values.push(types[i + 1]["readValueFromPointer"](args + offset));
    offset += types[i + 1]["argPackAdvance"];
  }
  var result = handle[name].apply(handle, values);
  for (var k = 0; k < argCount - 1; ++k) if (types[k + 1]["deleteObject"]) types[k + 1]["deleteObject"](values[k]);
  if (!retType.isVoid) return retType["toWireType"](destructors, result);
};`,
  },
];

const notice = `/* Changed for Fovea: three functions that were built from strings are closures here, so that the
   page's Content-Security-Policy needs no 'unsafe-eval'. Original: @mediapipe/face_mesh
   0.4.1633559619, Copyright The MediaPipe Authors, Apache-2.0. */
`;

function replaceOnce(text: string, cut: Cut): string {
  const start = text.indexOf(cut.from);
  if (start < 0 || text.includes(cut.from, start + 1))
    throw new Error(`The place to patch, ${cut.from}, must occur exactly once.`);
  const end = text.indexOf(cut.to, start);
  if (end < 0) throw new Error(`The end of the place to patch, ${cut.to}, is missing.`);
  return text.slice(0, start) + cut.by + text.slice(end + cut.to.length);
}

/**
 * Replaces every function that the file builds from a string by a closure of the same behaviour.
 * Throws where a place is missing, doubled, or a string would still be evaluated.
 */
export function removeEvaluation(text: string): string {
  const result = cuts.reduce(replaceOnce, text);
  if (result.includes('new Function') || result.includes('new_(Function,'))
    throw new Error('The file still builds functions from strings.');
  return notice + result;
}

/**
 * Puts WebGazer and what it asks for at run time into the built page: `webgazer/webgazer.js` and
 * `webgazer/mediapipe/face_mesh/*`.
 * Throws where the installed package is not the one that was examined.
 */
export function writeWebgazerFiles(pageFolder: string): Promise<void> {
  const target = path.join(pageFolder, 'webgazer/mediapipe/face_mesh');
  mkdirSync(target, { recursive: true });
  copyFileSync(
    path.resolve(sourceFolder, '../../webgazer.js'),
    path.join(pageFolder, 'webgazer/webgazer.js'),
  );
  for (const name of copied) copyFileSync(path.join(sourceFolder, name), path.join(target, name));
  for (const [name, hash] of Object.entries(patched)) {
    const bytes = readFileSync(path.join(sourceFolder, name));
    if (!createHash('sha256').update(bytes).digest('hex').startsWith(hash))
      throw new Error(
        `${name} is not the file that was examined: check the patch before taking a new webgazer.`,
      );
    writeFileSync(path.join(target, name), removeEvaluation(bytes.toString('utf8')));
  }
  return Promise.resolve();
}
