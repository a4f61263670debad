"""The clients that people call FastAPI with, against a server of ours and against the application of FastAPI's tutorial."""

import os
import threading
import time
from datetime import datetime, timedelta, timezone
from typing import Annotated

import httpx
import jwt
import requests
import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Security, status
from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm, SecurityScopes
from oauthlib.oauth2 import LegacyApplicationClient
from requests_oauthlib import OAuth2Session

from jobs import answer_all

SECRET_KEY = "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7"
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

# The tutorial "OAuth2 scopes", with one user whose password is not hashed.
app = FastAPI()
scheme = OAuth2PasswordBearer(tokenUrl="token", scopes={"items": "Read items.", "me": "Read oneself."})


def current_user(security_scopes: SecurityScopes, token: Annotated[str, Depends(scheme)]):
    authenticate = f'Bearer scope="{security_scopes.scope_str}"' if security_scopes.scopes else "Bearer"
    bad = HTTPException(
        status_code=status.HTTP_401_UNAUTHORIZED,
        detail="Could not validate credentials",
        headers={"WWW-Authenticate": authenticate},
    )
    try:
        payload = jwt.decode(token, SECRET_KEY, algorithms=["HS256"])
    except jwt.InvalidTokenError:
        raise bad
    for scope in security_scopes.scopes:
        if scope not in payload.get("scope", "").split(" "):
            raise HTTPException(
                status_code=status.HTTP_401_UNAUTHORIZED,
                detail="Not enough permissions",
                headers={"WWW-Authenticate": authenticate},
            )
    return payload["sub"]


@app.post("/token")
def log_in(form: Annotated[OAuth2PasswordRequestForm, Depends()]):
    if (form.username, form.password) != ("johndoe", "secret ü"):
        raise HTTPException(
            status_code=status.HTTP_401_UNAUTHORIZED,
            detail="Incorrect username or password",
            headers={"WWW-Authenticate": "Bearer"},
        )
    exp = datetime.now(timezone.utc) + timedelta(minutes=30)
    claims = {"sub": form.username, "scope": " ".join(form.scopes), "exp": exp}
    return {"access_token": jwt.encode(claims, SECRET_KEY, algorithm="HS256"), "token_type": "bearer"}


@app.get("/users/me")
def me(user: Annotated[str, Security(current_user, scopes=["me"])]):
    return {"username": user}


def serve():
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.01)
    return f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"


TUTORIAL = serve()


def fields(parts):
    """Fields as httpx and requests take them for a multipart body."""
    return {name: (None, value) for name, value in parts.items()}


def answer(job):
    base = job["url"] or TUTORIAL
    if job["client"] == "oauthlib":
        session = OAuth2Session(client=LegacyApplicationClient(client_id="x", scope=job["scope"]))
        token = session.fetch_token(f"{base}/token", username=job["username"], password=job["password"])
        return {"token_type": token["token_type"], "me": session.get(f"{base}/users/me").json()}
    library = {"requests": requests, "httpx": httpx}[job["client"]]
    more = {name: job[name] for name in ("data", "headers", "json") if name in job}
    if "multipart" in job:
        more["files"] = fields(job["multipart"])
    if "basic" in job:
        more["auth"] = tuple(job["basic"])
    response = library.request(job.get("method", "POST"), base + job.get("path", "/token"), **more)
    kind = response.headers.get("content-type", "")
    body = response.json() if "json" in kind else response.text
    if response.status_code == 200 and "access_token" in body:
        # A client goes on with the token.
        headers = {"Authorization": f"{body['token_type']} {body['access_token']}"}
        found = library.get(f"{base}/users/me", headers=headers)
        body = {"token_type": body["token_type"], "me": [found.status_code, found.json()]}
    return {"status": response.status_code, "authenticate": response.headers.get("www-authenticate"), "body": body}


answer_all(answer)
