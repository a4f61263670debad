"""The application of FastAPI's tutorial in its old and in today's form, beside a server of ours that has the same secret and the
same users. The jobs say what its clients do with both."""

import threading
import time
from datetime import datetime, timedelta, timezone
from typing import Annotated

import httpx
import jwt as pyjwt
import requests
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
from jose import JWTError
from jose import jwt as jose
from passlib.context import CryptContext
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from pwdlib.hashers.bcrypt import BcryptHasher

from jobs import answer_all

ALGORITHM = "HS256"
MINUTES = 30


class Old:
    """python-jose and passlib, as in the tutorial until 2024 and in most articles; the secret is that of an article."""

    secret = "your-secret-key"
    errors = JWTError
    # "argon2" is added, so that it also reads the hashes that were replaced.
    context = CryptContext(schemes=["bcrypt", "argon2"], deprecated="auto")

    def hash(self, password):
        return self.context.hash(password)

    def verify(self, password, hashed):
        return self.context.verify(password, hashed)

    def encode(self, claims):
        expire = datetime.utcnow() + timedelta(minutes=MINUTES)
        return jose.encode({**claims, "exp": expire}, self.secret, algorithm=ALGORITHM)

    def decode(self, token):
        return jose.decode(token, self.secret, algorithms=[ALGORITHM])


class Today:
    """PyJWT and pwdlib."""

    secret = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"
    errors = pyjwt.InvalidTokenError
    context = PasswordHash((Argon2Hasher(), BcryptHasher()))

    def hash(self, password):
        return self.context.hash(password)

    def verify(self, password, hashed):
        return self.context.verify(password, hashed)

    def encode(self, claims):
        expire = datetime.now(timezone.utc) + timedelta(minutes=MINUTES)
        return pyjwt.encode({**claims, "exp": expire}, self.secret, algorithm=ALGORITHM)

    def decode(self, token):
        return pyjwt.decode(token, self.secret, algorithms=[ALGORITHM])


FORMS = {"old": Old(), "today": Today()}


def application(form, users):
    app = FastAPI()
    scheme = OAuth2PasswordBearer(tokenUrl="token")

    def current_user(token: Annotated[str, Depends(scheme)]):
        bad = HTTPException(
            status_code=status.HTTP_401_UNAUTHORIZED,
            detail="Could not validate credentials",
            headers={"WWW-Authenticate": "Bearer"},
        )
        try:
            username = form.decode(token).get("sub")
        except form.errors:
            raise bad
        if username not in users:
            raise bad
        return username

    @app.post("/token")
    def log_in(data: Annotated[OAuth2PasswordRequestForm, Depends()]):
        hashed = users.get(data.username)
        if hashed is None or not form.verify(data.password, hashed):
            raise HTTPException(
                status_code=status.HTTP_401_UNAUTHORIZED,
                detail="Incorrect username or password",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return {"access_token": form.encode({"sub": data.username}), "token_type": "bearer"}

    @app.get("/users/me")
    def me(user: Annotated[str, Depends(current_user)]):
        return {"username": user}

    return app


def serve(app):
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


USERS = {name: {} for name in FORMS}
THEIRS = {name: serve(application(form, USERS[name])) for name, form in FORMS.items()}

# What the button "Authorize" of Swagger UI sends, and what its "Try it out" does.
SWAGGER = {
    "Accept": "application/json, text/plain, */*",
    "Content-Type": "application/x-www-form-urlencoded",
    "X-Requested-With": "XMLHttpRequest",
}
CLIENTS = {
    "requests": lambda url, user: requests.post(url, data=user),
    "httpx": lambda url, user: httpx.post(url, data=user),
    "Swagger UI": lambda url, user: requests.post(
        url, headers=SWAGGER, auth=("", ""), data={"grant_type": "password", **user}
    ),
}


def answer(job):
    form, users = FORMS[job["form"]], USERS[job["form"]]
    urls = {"theirs": THEIRS[job["form"]], "ours": job.get("url")}
    if job["op"] == "hash":
        return form.hash(job["password"])
    if job["op"] == "take":
        # The table of users in our server at this moment.
        users.clear()
        users.update(requests.get(f"{job['url']}/users").json())
        return dict(users)
    if job["op"] == "encode":
        return form.encode(job["claims"])
    if job["op"] == "me":
        headers = {"Authorization": f"Bearer {job['token']}"}
        response = requests.get(f"{urls[job['at']]}/users/me", headers=headers)
        return [response.status_code, response.json()]
    # Logs in at one of them, and goes with the token to the other.
    user = {"username": job["username"], "password": job["password"]}
    response = CLIENTS[job["client"]](f"{urls[job['from']]}/token", user)
    body = response.json()
    if response.status_code != 200:
        return [response.status_code, body["detail"], response.headers["www-authenticate"]]
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    found = requests.get(f"{urls[job['to']]}/users/me", headers=headers)
    return [sorted(body), body["token_type"], found.status_code, found.json()]


answer_all(answer)
