// An authority of our own and its certificate for this machine, made anew for each run: some runtimes take no certificate
// that vouches for itself.

import { sign } from "node:crypto";
import { makeKeyPair } from "../interop/key-pair.mjs";
import { bitString, der, integer, octetString, pem, sequence } from "../vectors/make-asn1.mjs";

/** `{ ca, cert, key }`, each as PEM: for `localhost` and 127.0.0.1, and for a day. */
export function makeCertificates() {
  const authority = makeKeyPair("ec", { namedCurve: "P-256" });
  const server = makeKeyPair("ec", { namedCurve: "P-256" });
  const issue = (subject, publicKey, serial, extensions) =>
    certificate({
      issuer: "countersign tests",
      signingKey: authority.privateKey,
      subject,
      publicKey,
      serial,
      extensions,
    });
  // RFC 5280 §4.2.1.9, §4.2.1.3 (keyCertSign), §4.2.1.6 (dNSName, iPAddress), §4.2.1.12 (serverAuth).
  const ca = issue("countersign tests", authority.publicKey, 1, [
    extension([0x55, 0x1d, 0x13], sequence(der(0x01, [0xff])), true),
    extension([0x55, 0x1d, 0x0f], bitString([0x04], 2), true),
  ]);
  const cert = issue("localhost", server.publicKey, 2, [
    extension([0x55, 0x1d, 0x11], sequence(der(0x82, Buffer.from("localhost")), der(0x87, [127, 0, 0, 1]))),
    extension([0x55, 0x1d, 0x25], sequence(der(0x06, [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]))),
  ]);
  return { ca, cert, key: server.privateKey.export({ type: "pkcs8", format: "pem" }) };
}

function certificate({ issuer, signingKey, subject, publicKey, serial, extensions }) {
  const algorithm = sequence(der(0x06, [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02])); // ecdsa-with-SHA256
  const name = (text) => sequence(der(0x31, sequence(der(0x06, [0x55, 0x04, 0x03]), der(0x0c, Buffer.from(text)))));
  const day = 86_400_000;
  const time = (ms) => der(0x17, Buffer.from(`${new Date(ms).toISOString().slice(2, 19).replace(/[-T:]/g, "")}Z`));
  const tbs = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.from([serial])),
    algorithm,
    name(issuer),
    sequence(time(Date.now() - day), time(Date.now() + day)),
    name(subject),
    publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensions)),
  );
  return pem("CERTIFICATE", sequence(tbs, algorithm, bitString(sign("sha256", tbs, signingKey))));
}

function extension(oid, value, critical = false) {
  return sequence(der(0x06, oid), ...(critical ? [der(0x01, [0xff])] : []), octetString(value));
}
