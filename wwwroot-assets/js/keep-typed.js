// Keeps what was typed into a form while its author proves anew who they are: it leaves with the page, and is there again once the same page comes
// back in the same tab. Passwords are never kept.

const age = 30 * 60 * 1000;
const name = () => `typed:${location.pathname}`;

export default function keep(element) {
  restore(element);
  addEventListener('pagehide', () => save(element));
}

function fields(element) {
  return [...element.querySelectorAll('input[name]:not([type="hidden"], [type="password"], [type="file"]), select[name], textarea[name]')];
}

function save(element) {
  const typed = fields(element).filter(field => field.type !== 'checkbox' && field.tagName !== 'SELECT' && field.value !== '');
  if (element.isConnected && typed.length > 0) {
    const values = fields(element).map(field => [field.name, field.type === 'checkbox' ? field.checked : field.value]);
    sessionStorage.setItem(name(), JSON.stringify({ at: Date.now(), values }));
  }
}

function restore(element) {
  const kept = JSON.parse(sessionStorage.getItem(name()) ?? 'null');
  if (!kept || !document.querySelector('[data-interactive="true"]')) {
    return;
  }

  sessionStorage.removeItem(name());
  if (Date.now() - kept.at > age) {
    return;
  }

  for (const [field, value] of kept.values) {
    const target = fields(element).find(candidate => candidate.name === field);
    if (target && typeof value === 'boolean' ? target.checked !== value : target && target.value !== value) {
      target[typeof value === 'boolean' ? 'checked' : 'value'] = value;
      target.dispatchEvent(new Event('change', { bubbles: true }));
    }
  }
}
