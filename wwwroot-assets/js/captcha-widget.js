// Shows the widget of the captcha service that the tenant has chosen, and hands on what it answers.

const services = {
  Turnstile: { script: 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit', name: 'turnstile' },
  HCaptcha: { script: 'https://js.hcaptcha.com/1/api.js?render=explicit', name: 'hcaptcha' },
};

export default async function show(holder) {
  const { script, name } = services[holder.dataset.kind];
  await load(script);
  const field = holder.querySelector('input');
  const answer = value => {
    field.value = value;
    field.dispatchEvent(new Event('change', { bubbles: true }));
  };
  window[name].render(holder.appendChild(document.createElement('div')), {
    sitekey: holder.dataset.siteKey,
    callback: answer,
    'expired-callback': () => answer(''),
    'error-callback': () => answer(''),
  });
}

function load(address) {
  const present = document.querySelector(`script[src="${address}"]`);
  const script = present ?? document.head.appendChild(Object.assign(document.createElement('script'), { src: address }));
  return script.dataset.loaded ? Promise.resolve() : new Promise((resolve, reject) => {
    script.addEventListener('load', () => { script.dataset.loaded = 'true'; resolve(); });
    script.addEventListener('error', reject);
  });
}
