/** Imports of files that the build generates, and of `.wasm` files where a runtime or bundler supports them. */

declare module "*.wasm" {
  const module: WebAssembly.Module;
  export default module;
}

declare module "*.wasm?module" {
  const module: WebAssembly.Module;
  export default module;
}

/** The worker script of a password module, as text. */
declare module "*-script.js" {
  const script: string;
  export default script;
}
