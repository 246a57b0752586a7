// Passkeys, for pages that have a form for them: asks the server for fresh options, the authenticator for an answer, and submits it like any
// other form. Loaded when such a form is there; without this file the page says so and offers what works.

const RENEW_AFTER = 4 * 60 * 1000;
let suggested = null; // the request that the browser shows among its suggestions
let pending = null;
let given = false; // whether the browser has refused to suggest any
let told = '';

const field = name => document.querySelector(`[data-passkey-${name}]`);
const bytes = text => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), character => character.charCodeAt(0));
const base64url = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

/** For browsers without PublicKeyCredential.parse…OptionsFromJSON. */
function parse(options, creates) {
  const native = `parse${creates ? 'Creation' : 'Request'}OptionsFromJSON`;
  if (PublicKeyCredential[native]) {
    return PublicKeyCredential[native](options);
  }

  const list = items => (items ?? []).map(item => ({ ...item, id: bytes(item.id) }));
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(creates
      ? { user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: list(options.excludeCredentials) }
      : { allowCredentials: list(options.allowCredentials) }),
  };
}

/** For browsers, and extensions in them, without PublicKeyCredential.toJSON. */
function toJson(credential) {
  try {
    return JSON.stringify(credential.toJSON());
  } catch {
    const { id, type, response } = credential;
    const answer = { transports: response.getTransports?.() };
    for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
      if (response[name]) {
        answer[name] = base64url(response[name]);
      }
    }

    return JSON.stringify({ id, rawId: id, type, response: answer, clientExtensionResults: {} });
  }
}

async function begin(form, extra) {
  const answer = await fetch('passkey/options', { method: 'POST', body: new URLSearchParams([...new FormData(form), ...extra]) });
  if (!answer.ok || answer.redirected) {
    throw new Error('There are no options.');
  }

  return answer.json();
}

async function perform(form, creates, mediation) {
  pending?.abort();
  const { signal } = pending = new AbortController();
  const extra = [];
  if (mediation) {
    extra.push(['conditional', 'true']);
    if (!creates && await PublicKeyCredential.isUserVerifyingPlatformAuthenticatorAvailable?.()) {
      extra.push(['platform', 'true']);
    }
  }

  const { ceremony, options } = await begin(form, extra);
  signal.throwIfAborted();
  const request = { publicKey: parse(options, creates), signal };
  if (mediation) {
    request.mediation = mediation;
  }

  const credential = await navigator.credentials[creates ? 'create' : 'get'](request);
  sessionStorage.setItem('passkey', JSON.stringify({ rpId: options.rpId, credentialId: credential.id }));
  submit(credential, ceremony);
}

/** The circuit may have drawn the form anew meanwhile. */
function submit(credential, ceremony) {
  const { form } = document.querySelector('[data-passkey]');
  for (const [name, value] of [['credential', toJson(credential)], ['ceremony', ceremony]]) {
    form.elements[name].value = value;
    form.elements[name].dispatchEvent(new Event('change', { bubbles: true }));
  }

  // What was typed or ticked beside it belongs to a post; a circuit knows it.
  form.addEventListener('formdata', ({ formData }) => {
    formData.set('username', document.getElementById('username')?.value ?? '');
    if (document.getElementById('remember')?.checked) {
      formData.set('remember', 'true');
    }
  }, { once: true });

  tell();
  form.requestSubmit();
}

function reason({ name }, creates, waited) {
  switch (name) {
    case 'NotAllowedError': return waited > RENEW_AFTER ? 'timedOut' : 'cancelled';
    case 'InvalidStateError': return creates ? 'registered' : 'wrong';
    case 'NotSupportedError':
    case 'ConstraintError': return 'wrong';
    default: return 'failed';
  }
}

async function tell(why) {
  const problem = field('problem');
  problem.textContent = why ? (await (await fetch('passkey/words')).json())[why] : '';
  problem.className = why === 'unsupported' ? 'hint' : 'problem';
  problem.hidden = !why;
  const refused = field('refused');
  if (refused) {
    refused.hidden = Boolean(why);
  }
}

addEventListener('click', async event => {
  const button = event.target.closest?.('[data-passkey]');
  if (!button || button.getAttribute('aria-disabled')) {
    return;
  }

  const creates = button.dataset.passkey === 'create';
  const started = Date.now();
  tell();
  button.setAttribute('aria-disabled', 'true');
  try {
    await perform(button.form, creates);
  } catch (error) {
    if (error.name === 'AbortError') {
      return;
    }

    const why = reason(error, creates, Date.now() - started);
    tell(why);
    if (why === 'registered') {
      begin(button.form, [['present', 'true']]).catch(() => {});
    }

    suggest();
  } finally {
    button.removeAttribute('aria-disabled');
  }
});

/** Passkeys among the suggestions of the field for the address. It waits without being seen, and typing goes on. */
async function suggest() {
  const button = field('autofill');
  if (!button || suggested || given) {
    return;
  }

  suggested = button;
  try {
    given = !await PublicKeyCredential.isConditionalMediationAvailable?.();
    if (!given) {
      await perform(button.form, false, 'conditional');
    }
  } catch (error) {
    // A click asked for something else, or the challenge is renewed; anything else will not get better by asking again and again.
    given = error.name !== 'AbortError';
  } finally {
    suggested = null;
  }
}

/** A browser that has just filled in a password may make a passkey beside it, without asking. */
async function createAutomatically() {
  const button = field('automatic');
  if (button && !button.dataset.tried && (await PublicKeyCredential.getClientCapabilities?.())?.conditionalCreate) {
    button.dataset.tried = 'true';
    await perform(button.form, true, 'conditional').catch(() => {});
  }
}

/** Tells the browser's own list of passkeys what the server knows. */
function signal() {
  const last = sessionStorage.getItem('passkey');
  if (last && field('unknown')) {
    sessionStorage.removeItem('passkey');
    PublicKeyCredential.signalUnknownCredential?.(JSON.parse(last)).catch(() => {});
  }

  const owner = field('owner')?.dataset.passkeyOwner;
  if (owner && owner !== told) {
    told = owner;
    const { rpId, userId, name, displayName, allAcceptedCredentialIds } = JSON.parse(owner);
    PublicKeyCredential.signalAllAcceptedCredentials?.({ rpId, userId, allAcceptedCredentialIds }).catch(() => {});
    PublicKeyCredential.signalCurrentUserDetails?.({ rpId, userId, name, displayName }).catch(() => {});
  }
}

function look() {
  const isSupported = Boolean(window.PublicKeyCredential);
  for (const button of document.querySelectorAll('.script-only[hidden]')) {
    button.classList.remove('script-only');
    button.hidden = !isSupported;
    if (!isSupported) {
      tell('unsupported');
    }

    if (button.autofocus && document.activeElement === document.body) {
      button.focus();
    }
  }

  if (isSupported) {
    signal();
    suggest();
    createAutomatically();
  }
}

new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
setInterval(() => {
  if (suggested) {
    pending.abort();
    setTimeout(suggest);
  }
}, RENEW_AFTER);
look();
