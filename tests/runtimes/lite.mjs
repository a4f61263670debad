// Which vectors apply to `countersign/lite`, why the others do not, and how it is asked.

import { bytes } from "./bytes.mjs";
import { operations } from "./operations.mjs";

/** The name under which its cases are counted, beside the vector files. */
export const LITE = "lite";

/** What the small module does. All of it must answer as `countersign/jwt` does. */
const OPERATIONS = {
  ...Object.fromEntries(
    ["decode", "decodeHeader", "exportJwk", "importKey", "judge", "keySet", "rejectedKeys", "thumbprint"].map((op) => [
      op,
      operations[op],
    ]),
  ),
  sign: signing("sign"),
  signClaims: signing("signClaims"),
  verify: {
    ways: (context) => {
      const { countersign, input, keep } = context;
      const now = new Date(input.now * 1000);
      return [
        // HMAC alone is also checked at once.
        ...(specsOf(input).every((spec) => isSecret(spec, context.keyTable))
          ? [() => countersign.verify(input.token, context.keys(input.keys), { ...input.options, now })]
          : []),
        () => countersign.verifyAsync(input.token, context.keys(input.keys), { ...input.options, now }),
        () =>
          keep(new countersign.Verifier(context.keys(input.keys))).verifyAsync(input.token, { ...input.options, now }),
      ];
    },
    compare: operations.verify.compare,
  },
};

/** Like the operation of `countersign/jwt`, and by a promise. */
function signing(op) {
  return {
    ways: (context) => {
      const { countersign, input, keep } = context;
      const signer = () => keep(new countersign.Signer(context.key(input.key), input.options));
      const read = (token) => (op === "sign" ? token : countersign.decodeUnverified(token));
      return [
        ...operations[op].ways(context),
        async () => read(await signer().signAsync(input.claims, { now: new Date(input.now * 1000) })),
      ];
    },
    compare: operations[op].compare,
  };
}

/** The operation on the small module. */
export const liteOperation = (op) => OPERATIONS[op];

/** Why a vector does not apply; `undefined` if it does. */
export function reasonAgainst({ op, ...input }, keyTable = {}) {
  if (!Object.hasOwn(OPERATIONS, op)) return `it has no ${op}`;
  const specs = specsOf(input).map((spec) => (typeof spec === "string" ? keyTable[spec] : spec));
  if (specs.some(({ certificate, certificateDer }) => certificate !== undefined || certificateDer !== undefined))
    return "it reads no certificates";
  if (specs.some((spec) => isPrivate(spec))) return "it reads no private keys";
  if (specs.some(({ alg, jwk }) => /^ML-DSA/.test(alg ?? "") || jwk?.kty === "AKP" || /^ML-DSA/.test(jwk?.alg)))
    return "it has no ML-DSA";
  return undefined;
}

/** How many vectors of each reason there are; those that apply have the reason `""`. */
export function countReasons(vectors) {
  const counts = {};
  for (const { keys, cases } of Object.values(vectors)) {
    for (const one of cases) {
      const reason = reasonAgainst(one, keys) ?? "";
      counts[reason] = (counts[reason] ?? 0) + 1;
    }
  }
  return counts;
}

/** The keys that a vector names or contains. */
function specsOf({ key, keys }) {
  if (key !== undefined) return [key];
  const all = (spec) => {
    if (Object.hasOwn(spec, "several"))
      return spec.several.flatMap((one) => (typeof one === "string" ? one : all(one)));
    if (Object.hasOwn(spec, "set"))
      return spec.set.flatMap((member) =>
        typeof member === "object" && Object.hasOwn(member, "until") ? member.key : member,
      );
    if (Object.hasOwn(spec, "jwks")) return (spec.jwks?.keys ?? []).map?.((jwk) => ({ jwk })) ?? [];
    return [spec];
  };
  if (keys === undefined) return [];
  return typeof keys === "string" ? [keys] : all(keys);
}

function isSecret(spec, keyTable) {
  const { secret, secretText, jwk } = typeof spec === "string" ? keyTable[spec] : spec;
  return secret !== undefined || secretText !== undefined || jwk?.kty === "oct";
}

/** Whether a key is private, or looks so: also one that every module refuses. */
function isPrivate({ jwk, pem, der, passphrase }) {
  if (passphrase !== undefined) return true;
  if (pem !== undefined) return isPrivatePem(pem);
  // A version comes first, or the algorithm of an encryption.
  if (der !== undefined) return /^30(..|81..|82....)(0201|30..06092a864886f70d01050d)/.test(hexOf(bytes(der)));
  return ["d", "p", "q", "dp", "dq", "qi", "oth"].some((name) => jwk?.[name] !== undefined && jwk[name] !== null);
}

function isPrivatePem(pem) {
  if (typeof pem !== "string") return false;
  if (/PRIVATE KEY/.test(pem)) return true;
  try {
    return /PRIVATE KEY/.test(atob(pem.replace(/\s/g, "")));
  } catch {
    return false;
  }
}

const hexOf = (of) => Array.from(of, (byte) => byte.toString(16).padStart(2, "0")).join("");
