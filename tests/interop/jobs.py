"""The jobs of a peer: a list on standard input, and a list of their answers, { "ok": ... } or { "error": "..." }."""

import json
import sys


def answer_all(answer):
    def attempt(job):
        try:
            return {"ok": answer(job)}
        except Exception as error:
            return {"error": f"{type(error).__name__}: {error}"}

    json.dump([attempt(job) for job in json.load(sys.stdin)], sys.stdout)
