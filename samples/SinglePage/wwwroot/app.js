// The authorization code flow with PKCE and DPoP in a browser, without any library. Tokens stay in memory: a reload signs in anew, without a
// question while the portal's session lives. The key that they are bound to cannot leave the browser.
const settings = await (await fetch('settings.json')).json();
const metadata = await (await fetch(`${settings.authority}/.well-known/openid-configuration`)).json();
const redirectUri = `${location.origin}/`;
const key = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
let tokens;

const base64url = bytes => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '');
const encode = value => base64url(new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)));
const sha256 = async text => base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));
const claimsOf = token => JSON.parse(new TextDecoder().decode(Uint8Array.from(
  atob(token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/')), character => character.charCodeAt(0))));
const element = id => document.getElementById(id);

/** A proof that this page holds the key (RFC 9449). */
async function proof(method, address, accessToken) {
  const { kty, crv, x, y } = await crypto.subtle.exportKey('jwk', key.publicKey);
  const text = `${encode({ typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } })}.${encode({
    jti: random(), htm: method, htu: address, iat: Math.floor(Date.now() / 1000), ...(accessToken && { ath: await sha256(accessToken) }),
  })}`;
  return `${text}.${base64url(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, key.privateKey, new TextEncoder().encode(text)))}`;
}

async function requestTokens(form) {
  const response = await fetch(metadata.token_endpoint, {
    method: 'POST',
    headers: { DPoP: await proof('POST', metadata.token_endpoint) },
    body: new URLSearchParams({ client_id: settings.clientId, ...form }),
  });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${answer.error}: ${answer.error_description}`);
  }

  return answer;
}

async function signIn() {
  const attempt = { state: random(), nonce: random(), verifier: random() };
  sessionStorage.setItem('attempt', JSON.stringify(attempt));
  location.assign(`${metadata.authorization_endpoint}?${new URLSearchParams({
    client_id: settings.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: 'openid profile email offline_access',
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await sha256(attempt.verifier),
    code_challenge_method: 'S256',
  })}`);
}

async function finish(answer) {
  const attempt = JSON.parse(sessionStorage.getItem('attempt') ?? '{}');
  sessionStorage.removeItem('attempt');
  history.replaceState(null, '', '/');
  if (answer.get('state') !== attempt.state || answer.get('iss') !== metadata.issuer || !answer.has('code')) {
    throw new Error(`The sign-in failed: ${answer.get('error_description') ?? 'the answer is to another request.'}`);
  }

  tokens = await requestTokens({
    grant_type: 'authorization_code', code: answer.get('code'), redirect_uri: redirectUri, code_verifier: attempt.verifier,
  });

  // The token came straight from the issuer, so its signature need not be checked (OpenID Connect Core 3.1.3.7, 6).
  const claims = claimsOf(tokens.id_token);
  if (claims.iss !== metadata.issuer || claims.aud !== settings.clientId || claims.nonce !== attempt.nonce || claims.exp * 1000 < Date.now()) {
    tokens = undefined;
    throw new Error('The ID token does not hold.');
  }
}

async function readPerson() {
  const response = await fetch(metadata.userinfo_endpoint, {
    headers: { Authorization: `DPoP ${tokens.access_token}`, DPoP: await proof('GET', metadata.userinfo_endpoint, tokens.access_token) },
  });
  return response.ok ? response.json() : Promise.reject(new Error('The access is over.'));
}

function show() {
  element('who').textContent = tokens ? claimsOf(tokens.id_token).sub : 'nobody';
  element('login').hidden = !!tokens;
  ['userinfo', 'refresh', 'logout'].forEach(id => { element(id).hidden = !tokens; });
}

/** Does something, and says what came of it. */
async function act(work) {
  try {
    element('result').textContent = await work() ?? '';
  } catch (error) {
    element('result').textContent = error.message;
  }

  show();
}

element('login').addEventListener('click', () => act(signIn));
element('userinfo').addEventListener('click', () => act(async () => (await readPerson()).email));
element('refresh').addEventListener('click', () => act(async () => {
  tokens = await requestTokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token });
  return 'refreshed';
}));
element('logout').addEventListener('click', () => location.assign(`${metadata.end_session_endpoint}?${new URLSearchParams({
  id_token_hint: tokens.id_token, post_logout_redirect_uri: redirectUri,
})}`));
const answer = new URLSearchParams(location.search);
await act(async () => { if (answer.has('state')) { await finish(answer); } });
