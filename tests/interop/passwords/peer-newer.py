"""Hashes and checks passwords with the libraries of requirements-newer.txt, by jobs of the form that peer.py describes."""

import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")

import bcrypt
import passlib.hash
import pwdlib.hashers.argon2
import pwdlib.hashers.bcrypt
import werkzeug.security
from jobs import answer_all


class Libpass:
    version = version("libpass")

    def hash(self, format, password, options):
        return getattr(passlib.hash, format).using(**options).hash(password)

    def verify(self, format, password, stored):
        return getattr(passlib.hash, format).verify(password, stored)


class Bcrypt:
    version = version("bcrypt")

    def hash(self, format, password, options):
        return bcrypt.hashpw(password.encode(), bcrypt.gensalt(options["rounds"], format.encode())).decode()

    def verify(self, format, password, stored):
        return bcrypt.checkpw(password.encode(), stored.encode())


class Pwdlib:
    version = version("pwdlib")
    classes = {"argon2": pwdlib.hashers.argon2.Argon2Hasher, "bcrypt": pwdlib.hashers.bcrypt.BcryptHasher}

    def hash(self, format, password, options):
        return self.classes[format](**options).hash(password)

    def verify(self, format, password, stored):
        return self.classes[format]().verify(password, stored)


class Werkzeug:
    version = version("Werkzeug")

    def hash(self, format, password, options):
        return werkzeug.security.generate_password_hash(password, **options)

    def verify(self, format, password, stored):
        return werkzeug.security.check_password_hash(stored, password)


SOFTWARE = {"libpass": Libpass(), "bcrypt 5": Bcrypt(), "pwdlib": Pwdlib(), "Werkzeug 2.3": Werkzeug()}


def answer(job):
    software = SOFTWARE[job["software"]]
    if job["op"] == "version":
        return software.version
    if job["op"] == "hash":
        return software.hash(job["format"], job["password"], job["options"])
    return software.verify(job["format"], job["password"], job["stored"])


answer_all(answer)
