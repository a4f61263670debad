// Every error that a vector expects: codes and messages in one place.

export const error = (code, message, claim) => (claim === undefined ? { code, message } : { code, message, claim });

export const tooLong = (limit = 16384) => error("TOKEN_TOO_LONG", `token is longer than ${limit} bytes`);
export const threeOrFiveSegments = error("TOKEN_MALFORMED", "token is not three or five segments separated by dots");
export const threeSegments = error("TOKEN_MALFORMED", "token is not three segments separated by dots");
export const notBase64url = (part) => error("TOKEN_MALFORMED", `${part} is not canonical base64url`);
export const isPadded = (part) => error("TOKEN_MALFORMED", `${part} is padded: see option "allowPadding" of verifyJws`);
export const notJson = (part) => error("TOKEN_MALFORMED", `${part} is not JSON`);
export const notObject = (part) => error("TOKEN_MALFORMED", `${part} is not a JSON object`);
export const repeats = (part) => error("TOKEN_MALFORMED", `${part} repeats a member name`);
export const tooDeep = (part) => error("TOKEN_MALFORMED", `${part} nests deeper than 64 levels`);

const header = (message) => error("TOKEN_HEADER_INVALID", message);
export const missingAlg = header('missing "alg" header');
export const headerNotString = (name) => header(`"${name}" header is not a string`);
export const critForm = header('"crit" header is not a non-empty array of distinct strings');
export const critRegistered = header('"crit" header names a registered parameter');
export const critAbsent = header('"crit" header names an absent parameter');
export const critUnknown = header('"crit" header names an extension that is not understood');
export const b64Unsupported = header('"b64" header is not supported');
export const zipUnsupported = header('"zip" header is not supported');
export const ctyMissing = header('missing "cty" header: set option "allowMissingCty" if the issuer sets none');
export const typUnexpected = header('"typ" header is not the expected type');

export const algMismatch = error("TOKEN_ALGORITHM_MISMATCH", '"alg" header is not the key\'s algorithm');
export const algMismatchRsa = error(
  "TOKEN_ALGORITHM_MISMATCH",
  '"alg" header is not the key\'s algorithm, which option "alg" sets for RSA',
);
export const badSignature = error("TOKEN_SIGNATURE_INVALID", "signature does not match");
export const noKey = error("KEY_NOT_FOUND", 'no key for the token\'s "kid" and "alg"');
/** The key that a token names was left out of the set, for this reason. */
export const unusableKey = ({ message }) => error("KEY_NOT_FOUND", `the token's key cannot be used: ${message}`);
export const severalOfKid = error("KEY_AMBIGUOUS", 'several keys have the token\'s "kid" and "alg"');
export const severalKeys = error(
  "KEY_AMBIGUOUS",
  'token has no "kid" and several keys fit its "alg": try each key alone',
);

const claimInvalid = (claim, message) => error("CLAIM_INVALID", `"${claim}" claim ${message}`, claim);
export const notNumber = (claim) => claimInvalid(claim, "is not a finite number");
export const notString = (claim) => claimInvalid(claim, "is not a string");
export const needsNumericSubject = claimInvalid("sub", 'is not a string: a number needs option "allowNumericSubject"');
export const notWholeNumber = claimInvalid("sub", "is not a string or a whole number below 2^53");
export const audType = claimInvalid("aud", "is not a string or an array of strings");
export const wrongIssuer = claimInvalid("iss", "is not an accepted issuer");
export const wrongAudience = claimInvalid("aud", "names no accepted audience");
export const unexpectedAudience = claimInvalid("aud", 'is present but no audience is expected: set option "audience"');
export const wrongSubject = claimInvalid("sub", "is not the expected subject");
export const missing = (claim) => error("CLAIM_MISSING", `missing "${claim}" claim`, claim);
export const missingExpiry = error("CLAIM_MISSING", 'missing "exp" claim: see option "allowMissingExpiry"', "exp");
export const expired = error("TOKEN_EXPIRED", "token has expired", "exp");
export const notYet = error("TOKEN_NOT_YET_VALID", "token is not valid yet", "nbf");
export const notYetBySeconds = error(
  "TOKEN_NOT_YET_VALID",
  'token is not valid yet; if the clocks differ by seconds, set option "clockTolerance"',
  "nbf",
);
export const fromFuture = error("TOKEN_ISSUED_IN_FUTURE", "token is issued in the future", "iat");
export const fromFutureBySeconds = error(
  "TOKEN_ISSUED_IN_FUTURE",
  'token is issued in the future; if the clocks differ by that much, set option "clockTolerance"',
  "iat",
);
export const tooOld = error("TOKEN_TOO_OLD", "token is older than the maximum age", "iat");

const MINIMUM = { HS256: 32, HS384: 48, HS512: 64 };
export const shortSecretRefused = (alg) =>
  error("KEY_TOO_WEAK", `${alg} needs a secret of at least ${MINIMUM[alg]} bytes`);
export const shortSecret = (alg) =>
  error("KEY_TOO_WEAK", `${shortSecretRefused(alg).message}: option "allowShort" accepts it during a migration`);
export const emptySecret = error("KEY_TOO_WEAK", "secret is empty");
export const secretLooksLikeKey = error("KEY_INVALID", "secret looks like a PEM, JWK, DER or OpenSSH key");

const keyInvalid = (message) => error("KEY_INVALID", message);
const NEEDS = {
  EdDSA: "an Ed25519 key",
  Ed25519: "an Ed25519 key",
  ES256: "a P-256 key",
  ES384: "a P-384 key",
  ES512: "a P-521 key",
  "ML-DSA-44": "an ML-DSA-44 key",
  "ML-DSA-65": "an ML-DSA-65 key",
  "ML-DSA-87": "an ML-DSA-87 key",
};
const wanted = (alg) => NEEDS[alg] ?? (alg.startsWith("HS") ? "a secret" : "an RSA key");
export const wrongKind = (found, alg) => keyInvalid(`this is ${found}; alg "${alg}" needs ${wanted(alg)}`);
export const shortPrivate = keyInvalid("an Ed25519 private key must be 32 bytes");
export const shortPublic = keyInvalid("an Ed25519 public key must be 32 bytes");
export const notAPoint = keyInvalid("the Ed25519 public key is not the canonical encoding of a point on the curve");
export const smallOrder = keyInvalid("the Ed25519 public key is of small order");
export const noForm = keyInvalid("not a key in PKCS#8, SPKI, PKCS#1 or SEC 1");
export const isPkcs12 = keyInvalid(
  'this is a PKCS#12 file: extract the key with "openssl pkcs12 -nocerts -nodes -in OLD -out NEW"',
);
export const isKeystore = keyInvalid(
  'this is a Java keystore: make it PKCS#12 with "keytool -importkeystore -deststoretype pkcs12", then extract the key',
);
export const isPkcs7 = keyInvalid(
  'this is PKCS#7: write its certificates with "openssl pkcs7 -print_certs", it holds no key',
);
export const isRequest = keyInvalid(
  'this is a certificate request: write its public key with "openssl req -pubkey -noout"',
);
export const isPutty = keyInvalid("this is a PuTTY key: export it as an OpenSSH key with PuTTYgen");
export const isRfc4716 = keyInvalid(
  'this is an SSH public key of RFC 4716: make it one of OpenSSH with "ssh-keygen -i -f FILE"',
);
export const jwkAzure = keyInvalid('JWK member "kty" is one of Azure Key Vault: pass it without "-HSM"');
export const notPkcs8 = keyInvalid("not a PKCS#8 key");
export const notSpki = keyInvalid("not an SPKI key");
export const noSeed = keyInvalid("the PKCS#8 document holds no Ed25519 private key");
export const partsDiffer = keyInvalid("the private and the public key do not match");
export const hasParameters = keyInvalid("the key's algorithm identifier has parameters that are not allowed");
export const noPem = keyInvalid('no PEM block found: pass the text from "-----BEGIN" on, or DER as bytes');
export const severalPems = keyInvalid("PEM contains more than one block");
const badPem = (what) => keyInvalid(`PEM is not well-formed: ${what}`);
export const cutPem = badPem("its last line is missing or cut; in an .env file, put quotes around a PEM");
export const labelsDiffer = badPem("its first and last line have different labels");
export const pemNotBase64 = badPem("between its first and last line is not base64");
export const openSshPublic = keyInvalid(
  'this is an OpenSSH public key: convert RSA and ECDSA keys with "ssh-keygen -e -m PKCS8 -f FILE"; make a new key for Ed25519, which it cannot convert',
);
export const isEncrypted = keyInvalid("this private key is encrypted: pass its passphrase");
export const notEncrypted = keyInvalid("the private key is not encrypted: leave out the passphrase");
const convert =
  'convert it with "openssl pkcs8 -topk8 -v2 aes256 -in OLD -out NEW", for DES, RC2 or RC4 with "-provider legacy -provider default"';
export const otherEncryption = keyInvalid(`the key's encryption is not supported: ${convert}`);
export const otherPassphrase = keyInvalid("the passphrase does not decrypt this key");
export const tooManyRounds = keyInvalid("the encrypted key's PBKDF2 iteration count is not between 1 and 2000000");
export const notCertificate = keyInvalid("not an X.509 certificate in DER");
export const notCertificatePem = keyInvalid("PEM label is not CERTIFICATE");
export const isCertificate = keyInvalid(
  "this is a certificate: fromUnverifiedCertificate reads its key without verifying the certificate",
);
export const openSshPem = keyInvalid(
  'this is an OpenSSH key: convert RSA and ECDSA keys with "ssh-keygen -p -m PKCS8 -f COPY"; make a new key for Ed25519, which it cannot convert',
);
export const otherPem = keyInvalid("PEM label does not name a supported kind of key");

const keyTooWeak = (message) => error("KEY_TOO_WEAK", message);
export const rsaTooShort = keyTooWeak("the RSA key is shorter than 2048 bits");
export const rsaTooLong = keyInvalid("the RSA key is longer than 8192 bits");
export const rsaEvenModulus = keyInvalid("the modulus of the RSA key is even");
export const rsaExponent = keyInvalid(
  "the public exponent of the RSA key must be odd, at least 3 and at most 33 bits long",
);
export const rsaRoca = keyTooWeak("the RSA key can be factored (ROCA, CVE-2017-15361)");
export const rsaPartsDiffer = keyInvalid("the numbers of the RSA private key do not match");
export const rsaPrimes = keyInvalid("RSA keys with more than two primes are not supported");
export const pssOtherUse = keyInvalid("the RSA-PSS key does not allow this algorithm");
export const pssUnusable = keyInvalid("the RSA-PSS key's parameters fit no supported algorithm");
export const pssIllFormed = keyInvalid("the RSA-PSS parameters are malformed");
export const holdsNone = (form, kind) => keyInvalid(`the ${form} document holds no ${kind}`);
const FIELD = { "P-256": 32, "P-384": 48, "P-521": 66 };
export const coordinateLength = (crv) => keyInvalid(`a coordinate of a ${crv} key must be ${FIELD[crv]} bytes`);
export const ecPrivateLength = (crv) => keyInvalid(`a ${crv} private key must be ${FIELD[crv]} bytes`);
export const ecPrivateRange = (crv) => keyInvalid(`the private key is out of range for ${crv}`);
export const noPointOf = (crv) => keyInvalid(`the public key is not a point on ${crv}`);
export const pointCompressed = keyInvalid(
  'the point of an EC key is compressed: convert it with "openssl ec -conv_form uncompressed", a public key with "-pubin" too',
);
export const pointForm = keyInvalid("the point of an EC key is not in uncompressed form");
export const ecNoCurve = keyInvalid("the EC key names no curve");
export const ecExplicit = keyInvalid(
  'the EC key has explicit parameters and names no curve: convert it with "openssl ec -param_enc named_curve", a public key with "-pubin" too',
);
export const sec1NoCurve = keyInvalid("the SEC 1 key names no curve");
export const notSec1 = keyInvalid("not a SEC 1 key");
export const oldEncryption = keyInvalid(`the PEM uses OpenSSL's legacy encryption: ${convert}`);

export const mlDsaSeedLength = keyInvalid("an ML-DSA private key must be its seed of 32 bytes");
export const mlDsaPublicLength = (set) =>
  keyInvalid(`an ML-DSA-${set} public key must be ${{ 44: 1312, 65: 1952, 87: 2592 }[set]} bytes`);
export const mlDsaPartsDiffer = keyInvalid('JWK members "pub" and "priv" do not match');
export const mlDsaNoKey = keyInvalid("the PKCS#8 document holds no ML-DSA private key");
export const mlDsaNoSeed = keyInvalid(
  "the PKCS#8 document holds an ML-DSA private key without the seed that it was made from",
);
export const akpNoAlg = keyInvalid('JWK of "kty" "AKP" has no "alg"');
export const jwkZero = (member) => keyInvalid(`JWK member "${member}" is zero`);
export const jwkRepeatsOperation = keyInvalid('JWK member "key_ops" names an operation twice');
export const jwkUseAgainstOps = keyInvalid('JWK members "use" and "key_ops" contradict each other');
export const jwkEcPartsDiffer = keyInvalid('JWK members "x", "y" and "d" do not match');
export const jwkMissing = (member) => keyInvalid(`JWK has no "${member}"`);
export const jwkNotBase64url = (member) => keyInvalid(`JWK member "${member}" is not canonical base64url`);
export const jwkWrongType = (member, expected) => keyInvalid(`JWK member "${member}" is not ${expected}`);
export const jwkCurve = keyInvalid('JWK member "crv" is not a supported curve of its "kty"');
export const jwkKeyType = keyInvalid('JWK member "kty" is not a supported key type');
export const jwkAlgUnknown = keyInvalid('JWK member "alg" is not a supported algorithm');
export const jwkAlgOther = keyInvalid('JWK member "alg" is not the option "alg"');
export const onUnsupportedCurve = (curve) => keyInvalid(`this is a key on the curve ${curve}, which is not supported`);
export const forEncryption = keyInvalid("this is an X25519 key, which cannot sign: read it with EncryptionKey");
export const jwkNoAlg = keyInvalid('JWK has no "alg": pass the option "alg"');
export const jwkPartsDiffer = keyInvalid('JWK members "x" and "d" do not match');
export const setMixes = keyInvalid(
  "a key set must not mix secrets with key pairs: make a set of each, and pass both in an array",
);
export const setTwins = error("KEY_AMBIGUOUS", 'another key of the set has the same "kid" and "alg"');
export const setsOverlap = keyInvalid(
  'two keys or key sets are for the same algorithm: put the keys into one set, or check with one after the other if they have no "kid"',
);

const usage = (message) => error("KEY_USAGE", message);
export const forbidsBoth = usage('JWK member "use" or "key_ops" forbids both signing and verifying');
export const forbidsSigning = usage('the key\'s "use" or "key_ops" forbids signing');
export const forbidsVerifying = usage('the key\'s "use" or "key_ops" forbids verifying');
export const forbidsVerifyingPrivate = usage('the key\'s "use" or "key_ops" forbids verifying: use its publicKey()');
export const publicCannotSign = usage("a public key cannot sign");
export const noPublicHalf = usage("a secret has no public half");
export const noPrivateHalf = usage("a public key has no private half");
export const noPemForm = usage("a secret has no PEM or DER form");

export const rsaFormOnly = usage("PKCS#1 is for RSA keys only");
export const ecFormOnly = usage("SEC 1 is for EC keys only");

const option = (message, claim) => error("OPTION_INVALID", message, claim);
export const unknownOption = (name) => option(`unknown option "${name}"`);
export const wrongOption = (name, expected) => option(`option "${name}" is not ${expected}`);
export const onlyForSecrets = option('option "allowShort" is for secrets only');
export const optionInvalid = option;
export const givenTwice = (claim) => option(`"${claim}" is given both as a claim and by an option`, claim);
export const claimsFault = (clause) => error("CLAIMS_NOT_SERIALIZABLE", `claims ${clause}`);

// JWS that are no tokens.
const malformed = (message) => error("TOKEN_MALFORMED", message);
export const jwsTooLong = (limit) => error("TOKEN_TOO_LONG", `JWS is longer than ${limit} bytes`);
export const jwsThreeSegments = malformed("JWS is not three segments separated by dots");
export const payloadTwice = malformed("payload is given but the JWS contains one");
export const payloadMissing = malformed("payload is missing");
export const notPrintable = malformed("unencoded payload is not printable ASCII");
export const memberNotString = (name) => malformed(`"${name}" is not a string`);
export const unprotectedNotObject = malformed('"header" is not an object');
export const signatureMissing = malformed('"signature" is missing');
export const signaturesForm = malformed('"signatures" is not a non-empty array of objects');
export const bothForms = (name) => malformed(`JWS has both "signatures" and "${name}"`);
export const manySignatures = error("TOKEN_TOO_LONG", "JWS has more than 16 signatures");
export const b64NotBoolean = header('"b64" header is not a boolean');
export const b64NotCritical = header('"b64" header is false and not named by "crit"');
export const b64Differs = header('"b64" header is not the same in all signatures');
export const notProtected = (name) => header(`"${name}" header is not protected`);
export const notDisjoint = header("a header parameter is both protected and unprotected");
export const sameKeyAgain = error("TOKEN_SIGNATURE_INVALID", "an earlier signature is by the same key");
export const noneHolds = error("TOKEN_SIGNATURE_INVALID", "no signature of the JWS is valid");
export const byOption = (name, fault) => option(`option "${name}": ${fault.message}`);

// Profiles.
export const missingEither = (first, second) =>
  error("CLAIM_MISSING", `missing "${first}" or "${second}" claim`, first);
export const prohibited = (claim) => claimInvalid(claim, "must not be present");
export const eventsForm = claimInvalid("events", "is not a non-empty object of objects");
export const otherEvent = claimInvalid("events", "does not have the event that the profile requires");
export const profileContradicts = (name) => option(`option "profile" contradicts option "${name}"`);
export const profileRequires = (name) => option(`option "profile" requires option "${name}"`);
