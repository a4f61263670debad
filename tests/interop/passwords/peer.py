"""Hashes and checks passwords with Python's libraries, as a list of jobs on standard input asks for.

A job is { "software", "format", "op": "hash", "password", "options" } or { …, "op": "verify", "password", "stored" };
its answer { "ok": … } or { "error": "…" }. `options` are the library's own, by its own names.
"""

import base64
import hashlib
import hmac
import os
import struct
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")

import argon2
import bcrypt
import django.conf
import nacl.pwhash
import passlib.hash
import werkzeug.security
from jobs import answer_all

django.conf.settings.configure()

from django.contrib.auth import hashers


class Passlib:
    version = version("passlib")

    def hash(self, format, password, options):
        return getattr(passlib.hash, format).using(**options).hash(password)

    def verify(self, format, password, stored):
        return getattr(passlib.hash, format).verify(password, stored)


class Django:
    version = version("Django")
    classes = {
        "pbkdf2_sha256": hashers.PBKDF2PasswordHasher,
        "pbkdf2_sha1": hashers.PBKDF2SHA1PasswordHasher,
        "argon2": hashers.Argon2PasswordHasher,
        "bcrypt_sha256": hashers.BCryptSHA256PasswordHasher,
        "bcrypt": hashers.BCryptPasswordHasher,
        "scrypt": hashers.ScryptPasswordHasher,
        "md5": hashers.MD5PasswordHasher,
    }

    def hash(self, format, password, options):
        if format == "unusable":
            return hashers.make_password(None)
        # The costs are attributes, which projects override in a class of their own.
        hasher = type("Hasher", (self.classes[format],), options)()
        return hasher.encode(password, hasher.salt())

    def verify(self, format, password, stored):
        if format == "unusable":
            return hashers.is_password_usable(stored)
        return self.classes[format]().verify(password, stored)


class Werkzeug:
    version = version("Werkzeug")

    def hash(self, format, password, options):
        return werkzeug.security.generate_password_hash(password, **options)

    def verify(self, format, password, stored):
        return werkzeug.security.check_password_hash(stored, password)


class Argon2Cffi:
    version = version("argon2-cffi")
    types = {"argon2d": argon2.Type.D, "argon2i": argon2.Type.I, "argon2id": argon2.Type.ID}

    def hash(self, format, password, options):
        return argon2.PasswordHasher(type=self.types[format], **options).hash(password)

    def verify(self, format, password, stored):
        try:
            return argon2.PasswordHasher().verify(stored, password)
        except argon2.exceptions.VerifyMismatchError:
            return False


class Bcrypt:
    version = version("bcrypt")

    def hash(self, format, password, options):
        salt = bcrypt.gensalt(options["rounds"], format.encode())
        return bcrypt.hashpw(password.encode(), salt).decode()

    def verify(self, format, password, stored):
        return bcrypt.checkpw(password.encode(), stored.encode())


class PyNaCl:
    version = version("PyNaCl")

    def hash(self, format, password, options):
        return getattr(nacl.pwhash, format).str(password.encode(), **options).decode()

    def verify(self, format, password, stored):
        try:
            return getattr(nacl.pwhash, format).verify(stored.encode(), password.encode())
        except nacl.exceptions.InvalidkeyError:
            return False


class AspNetIdentity:
    """Not the original, which wants .NET, but its format, version 3, from its description: a byte 1, then the function,
    the iterations and the length of the salt as 32-bit numbers with the high byte first, the salt, and the key."""

    version = "3"
    digests = ["sha1", "sha256", "sha512"]

    def hash(self, format, password, options):
        salt = os.urandom(options["salt_size"])
        key = self.key(options["prf"], password, salt, options["iterations"], options["key_size"])
        header = struct.pack(">BIII", 1, options["prf"], options["iterations"], len(salt))
        return base64.b64encode(header + salt + key).decode()

    def verify(self, format, password, stored):
        blob = base64.b64decode(stored, validate=True)
        marker, prf, iterations, salt_size = struct.unpack(">BIII", blob[:13])
        salt, key = blob[13 : 13 + salt_size], blob[13 + salt_size :]
        return marker == 1 and hmac.compare_digest(key, self.key(prf, password, salt, iterations, len(key)))

    def key(self, prf, password, salt, iterations, size):
        return hashlib.pbkdf2_hmac(self.digests[prf], password.encode(), salt, iterations, size)


SOFTWARE = {
    "ASP.NET Identity": AspNetIdentity(),
    "argon2-cffi": Argon2Cffi(),
    "bcrypt": Bcrypt(),
    "Django": Django(),
    "passlib": Passlib(),
    "PyNaCl": PyNaCl(),
    "Werkzeug": Werkzeug(),
}


def answer(job):
    software = SOFTWARE[job["software"]]
    if job["op"] == "version":
        return software.version
    if job["op"] == "hash":
        return software.hash(job["format"], job["password"], job["options"])
    return software.verify(job["format"], job["password"], job["stored"])


answer_all(answer)
