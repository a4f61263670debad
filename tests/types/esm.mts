// An ES module that uses the package.

import { hashPassword, verify } from "countersign";
import { bearerGuard } from "countersign/http";
import type { Key } from "countersign/jwt";
import { init } from "countersign/jwt/slim";
import module from "countersign/jwt.wasm";
import { PasswordHasher } from "countersign/password";

export const use = (token: string, key: Key): string => `${verify(token, key).claims.sub}${hashPassword("p")}`;
export const load = (): Promise<void> => init(module);
export { bearerGuard, PasswordHasher };
