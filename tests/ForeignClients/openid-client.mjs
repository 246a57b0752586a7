// A confidential web application on openid-client: node openid-client.mjs PORT ISSUER CLIENT_ID CLIENT_SECRET
import { createServer } from 'node:http';
import * as client from 'openid-client';

const [port, issuer, clientId, clientSecret] = process.argv.slice(2);
const home = `http://localhost:${port}/`;
const callback = `${home}callback`;
const config = await client.discovery(new URL(issuer), clientId, undefined, client.ClientSecretBasic(clientSecret), {
  execute: [client.allowInsecureRequests],
});
let attempt, tokens;

const pages = {
  '/': () => `<p id="who">${tokens ? tokens.claims().sub : 'nobody'}</p>`,
  '/login': async () => {
    const verifier = client.randomPKCECodeVerifier();
    attempt = { pkceCodeVerifier: verifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
    return client.buildAuthorizationUrl(config, {
      redirect_uri: callback,
      scope: 'openid profile email offline_access',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: attempt.expectedState,
      nonce: attempt.expectedNonce,
    });
  },
  '/callback': async url => {
    tokens = await client.authorizationCodeGrant(config, url, { ...attempt, idTokenExpected: true });
    return new URL(home);
  },
  '/refresh': async () => {
    const before = tokens.access_token;
    tokens = await client.refreshTokenGrant(config, tokens.refresh_token);
    return `<p id="result">${before !== tokens.access_token ? 'refreshed' : 'the same'}</p>`;
  },
  '/userinfo': async () => {
    const person = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    return `<p id="result">${person.email}</p>`;
  },
  '/introspect': async () => `<p id="result">${(await client.tokenIntrospection(config, tokens.access_token)).active}</p>`,
  '/logout': () => {
    const hint = tokens.id_token;
    tokens = undefined;
    return client.buildEndSessionUrl(config, { post_logout_redirect_uri: home, id_token_hint: hint, state: 'bye' });
  },
};

createServer(async (request, response) => {
  const url = new URL(request.url, home);
  try {
    const answer = await pages[url.pathname]?.(url);
    if (answer instanceof URL) {
      response.writeHead(302, { location: answer.href }).end();
    } else {
      response.writeHead(answer ? 200 : 404, { 'content-type': 'text/html' }).end(answer ?? '');
    }
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' }).end(`${error.stack}\n${JSON.stringify(error.cause ?? error, null, 1)}`);
  }
}).listen(Number(port), 'localhost', () => console.log('ready'));
