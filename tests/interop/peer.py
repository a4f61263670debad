"""Signs and checks tokens with Python's libraries, as a list of jobs on standard input asks for.

A job is { "library", "op", "alg", "key", ... }; its answer { "ok": ... } or { "error": "..." }. A key is { "pem": text },
or { "jwk": object }.
"""

import base64
import warnings

import joserfc.jwk
import joserfc.jws
import joserfc.jwt
import jose.constants
import jose.jwt
import jwt
from jobs import answer_all

warnings.simplefilter("ignore")


def secret_of(jwk):
    text = jwk["k"]
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


class PyJwt:
    algorithms = sorted(jwt.algorithms.get_default_algorithms())

    def key(self, key, alg):
        if "pem" in key:
            return key["pem"]
        return jwt.PyJWK(key["jwk"], algorithm=alg).key

    def sign(self, claims, key, alg):
        return jwt.encode(claims, self.key(key, alg), algorithm=alg)

    def verify(self, token, key, alg):
        options = {"verify_aud": False}
        return jwt.decode(token, self.key(key, alg), algorithms=[alg], options=options)


class JoseRfc:
    algorithms = sorted(joserfc.jws.JWSRegistry.algorithms)

    def key(self, key):
        if "jwk" in key:
            return joserfc.jwk.import_key(key["jwk"])
        return joserfc.jwk.import_key(key["pem"], self.kind(key["pem"]))

    @staticmethod
    def kind(pem):
        for kind in ("RSA", "EC", "OKP"):
            try:
                joserfc.jwk.import_key(pem, kind)
                return kind
            except Exception:
                continue
        raise ValueError("no kind of key")

    def sign(self, claims, key, alg):
        return joserfc.jwt.encode({"alg": alg}, claims, self.key(key), algorithms=[alg])

    def verify(self, token, key, alg):
        return joserfc.jwt.decode(token, self.key(key), algorithms=[alg]).claims

    def thumbprint(self, key):
        return self.key(key).thumbprint()


class PythonJose:
    algorithms = sorted(jose.constants.ALGORITHMS.SUPPORTED)

    def key(self, key):
        if "pem" in key:
            return key["pem"]
        jwk = key["jwk"]
        return secret_of(jwk) if jwk["kty"] == "oct" else jwk

    def sign(self, claims, key, alg):
        return jose.jwt.encode(claims, self.key(key), algorithm=alg)

    def verify(self, token, key, alg):
        options = {"verify_aud": False}
        return jose.jwt.decode(token, self.key(key), algorithms=[alg], options=options)


LIBRARIES = {"PyJWT": PyJwt(), "joserfc": JoseRfc(), "python-jose": PythonJose()}


def answer(job):
    library = LIBRARIES[job["library"]]
    if job["op"] == "algorithms":
        return library.algorithms
    if job["op"] == "sign":
        return library.sign(job["claims"], job["key"], job["alg"])
    if job["op"] == "verify":
        return library.verify(job["token"], job["key"], job["alg"])
    return library.thumbprint(job["key"])


answer_all(answer)
