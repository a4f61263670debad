// A CommonJS module that uses the package.

import countersign = require("countersign");
import http = require("countersign/http");
import jwt = require("countersign/jwt");
import slim = require("countersign/slim");

export const use = (token: string, key: jwt.Key): string => `${countersign.verify(token, key).claims.sub}`;
export const hasher: countersign.PasswordHasher = new countersign.PasswordHasher();
export const guard = http.bearerGuard;
export const init: (sources: { jwt: Uint8Array<ArrayBuffer> }) => void = slim.initSync;
