"""A public native application on Authlib: python3 authlib_client.py PORT ISSUER CLIENT_ID"""
import os
import sys
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlencode

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session
from authlib.jose import JsonWebKey, jwt
from authlib.oidc.core import CodeIDToken

port, issuer, client_id = sys.argv[1:4]
home = f"http://127.0.0.1:{port}/"
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()
keys = JsonWebKey.import_key_set(requests.get(metadata["jwks_uri"], timeout=10).json())
session = OAuth2Session(
    client_id, token_endpoint_auth_method="none", scope="openid profile email offline_access",
    redirect_uri=f"{home}callback", code_challenge_method="S256")
state = {}


def claims_of(token, nonce):
    claims = jwt.decode(
        token["id_token"], keys, claims_cls=CodeIDToken,
        claims_options={"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}},
        claims_params={"nonce": nonce, "client_id": client_id, "access_token": token["access_token"]})
    claims.validate()
    return claims


def login(_):
    state.update(verifier=generate_token(48), nonce=generate_token(20))
    url, state["state"] = session.create_authorization_url(
        metadata["authorization_endpoint"], code_verifier=state["verifier"], nonce=state["nonce"])
    return url


def callback(url):
    token = session.fetch_token(
        metadata["token_endpoint"], authorization_response=url, state=state["state"], code_verifier=state["verifier"])
    state["sub"] = claims_of(token, state["nonce"])["sub"]
    return home


def refresh(_):
    before = session.token["access_token"]
    token = session.refresh_token(metadata["token_endpoint"])
    return f'<p id="result">{"refreshed" if token["access_token"] != before else "the same"}</p>'


def userinfo(_):
    return f'<p id="result">{session.get(metadata["userinfo_endpoint"]).json()["email"]}</p>'


def logout(_):
    hint = session.token["id_token"]
    state.pop("sub")
    return metadata["end_session_endpoint"] + "?" + urlencode({"id_token_hint": hint, "post_logout_redirect_uri": home})


pages = {
    "/": lambda _: f'<p id="who">{state.get("sub", "nobody")}</p>',
    "/login": login, "/callback": callback, "/refresh": refresh, "/userinfo": userinfo, "/logout": logout,
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        page = pages.get(self.path.split("?")[0])
        try:
            status, answer = (200, page(home.rstrip("/") + self.path)) if page else (404, "")
        except Exception:
            status, answer = 500, traceback.format_exc()
        if answer.startswith("http"):
            self.send_response(302)
            self.send_header("Location", answer)
            answer = ""
        else:
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if status == 200 else "text/plain")
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *_):
        """Says nothing: the story looks at the pages."""


server = HTTPServer(("127.0.0.1", int(port)), Handler)
print("ready", flush=True)
server.serve_forever()
