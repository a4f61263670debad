// A Worker: its own types in place of a browser's, and its own entry of the package.

import { Key, sign } from "countersign";
import { tokenEndpoint } from "countersign/http";
import { initSync } from "countersign/jwt/slim";
import module from "countersign/jwt.wasm";

initSync(module);

export default {
  fetch(_request: Request): Response {
    return new Response(sign({ sub: "alice" }, Key.generate("HS256")));
  },
} satisfies ExportedHandler;
export { tokenEndpoint };
