"""Encrypts, decrypts, signs, checks and converts keys with jwcrypto, as a list of jobs on standard input asks for.

A key is a JWK, or { "password": text }. Content is text.
"""

import json

from jobs import answer_all
from jwcrypto import jwe, jwk, jws
from jwcrypto.common import json_decode, json_encode

ALLOWED = [*jwe.default_allowed_algs]


def key_of(key):
    if "password" in key:
        return jwk.JWK.from_password(key["password"])
    return jwk.JWK(**key)


def encrypt(job):
    token = jwe.JWE(
        job["content"].encode(),
        protected=json_encode(job["protected"]),
        unprotected=json_encode(job["unprotected"]) if "unprotected" in job else None,
        aad=job["aad"].encode() if "aad" in job else None,
        algs=ALLOWED,
    )
    for recipient in job["recipients"]:
        header = json_encode(recipient["header"]) if "header" in recipient else None
        token.add_recipient(key_of(recipient["key"]), header)
    return token.serialize(compact=job.get("compact", True))


def decrypt(job):
    token = jwe.JWE(algs=ALLOWED)
    token.deserialize(job["token"], key_of(job["key"]))
    return token.payload.decode()


def sign(job):
    token = jws.JWS(job["content"].encode())
    for signer in job["signers"]:
        token.add_signature(key_of(signer["key"]), signer["alg"], json_encode({"alg": signer["alg"], **signer["protected"]}))
    return token.serialize(compact=False)


def verify(job):
    token = jws.JWS()
    token.deserialize(job["token"], key_of(job["key"]))
    return token.payload.decode()


def forms(job):
    key = key_of(job["key"])
    passphrase = job.get("passphrase")
    return {
        "private": key.export_to_pem(private_key=True, password=passphrase.encode() if passphrase else None).decode(),
        "public": key.export_to_pem().decode(),
        "jwk": json_decode(key.export_private()),
        "thumbprint": key.thumbprint(),
    }


def thumbprint(job):
    return key_of(job["key"]).thumbprint()


def read(job):
    password = job["passphrase"].encode() if "passphrase" in job else None
    return json_decode(jwk.JWK.from_pem(job["pem"].encode(), password=password).export())


OPERATIONS = {
    "encrypt": encrypt,
    "decrypt": decrypt,
    "sign": sign,
    "verify": verify,
    "forms": forms,
    "thumbprint": thumbprint,
    "read": read,
}

answer_all(lambda job: OPERATIONS[job["op"]](job))
