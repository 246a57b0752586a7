// A single-page application on oidc-client-ts: node oidc-client-ts.mjs PORT ISSUER CLIENT_ID
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';

const [port, issuer, clientId] = process.argv.slice(2);
const home = `http://localhost:${port}/`;
const library = await readFile(new URL('node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js', import.meta.url));
const page = `<!DOCTYPE html><meta charset="utf-8"><link rel="icon" href="data:,"><p id="who"></p><p id="result"></p>
<script src="library.js"></script><script type="module">
const manager = new oidc.UserManager({
  authority: ${JSON.stringify(issuer)}, client_id: ${JSON.stringify(clientId)}, redirect_uri: ${JSON.stringify(home)},
  post_logout_redirect_uri: ${JSON.stringify(home)}, scope: 'openid profile email offline_access', automaticSilentRenew: false, dpop: { bind_authorization_code: true, store: new oidc.IndexedDbDPoPStore() },
});
const show = (id, text) => { document.getElementById(id).textContent = text; };
try {
  if (location.pathname === '/login') await manager.signinRedirect();
  if (new URLSearchParams(location.search).has('code')) {
    await manager.signinCallback();
    history.replaceState(null, '', '/');
  }
  const user = await manager.getUser();
  if (location.pathname === '/refresh') {
    const renewed = await manager.signinSilent();
    show('result', renewed.access_token !== user.access_token ? 'refreshed' : 'the same');
  }
  if (location.pathname === '/userinfo') {
    const address = await manager.metadataService.getUserInfoEndpoint();
    const headers = { Authorization: user.token_type + ' ' + user.access_token, DPoP: await manager.dpopProof(address, user, 'GET') };
    show('result', (await (await fetch(address, { headers })).json()).email);
  }
  if (location.pathname === '/logout') await manager.signoutRedirect();
  show('who', user ? user.profile.sub + ' ' + user.token_type : 'nobody');
} catch (error) { show('who', String(error.stack)); }
</script>`;

createServer((request, response) => {
  const isLibrary = request.url === '/library.js';
  response.writeHead(200, { 'content-type': isLibrary ? 'text/javascript' : 'text/html' }).end(isLibrary ? library : page);
}).listen(Number(port), 'localhost', () => console.log('ready'));
