/** `countersign/jws/slim`: nothing is loaded until `init` or `initSync`, here or of `countersign/jwt/slim`, is called. */

export * from "../jws.js";
export { init, initSync, type WasmInput, type WasmSource } from "./jwt.js";
