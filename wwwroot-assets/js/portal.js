// What only a browser can do, for every page: starting the circuit, keeping what was typed while it starts, posting forms where
// there is none, showing passwords. Without this file each page is a plain form and still works.

const circuit = { alive: false };

/** Starts the circuit over WebSockets alone; where they are blocked, the page stays the plain form that it already is. */
function startCircuit() {
  if (!window.Blazor) {
    return;
  }

  const watch = document.getElementById('blazor-error-ui');
  new MutationObserver(() => { circuit.alive = false; }).observe(watch, { attributes: true, attributeFilter: ['style'] });
  Blazor.start({
    configureSignalR: builder => builder.withUrl('_blazor', { skipNegotiation: true, transport: 1 }),
    reconnectionHandler: {
      onConnectionDown: () => { circuit.alive = false; reconnect(); },
      onConnectionUp: () => { circuit.alive = true; },
    },
  }).catch(() => { circuit.alive = false; });
}

/** Tries a few times, quietly. Forms are posted meanwhile, so nobody waits for it. */
async function reconnect() {
  for (const delay of [250, 1000, 3000, 8000]) {
    await new Promise(resolve => setTimeout(resolve, delay));
    try {
      // false: the server no longer knows the circuit, and asking again will not change that.
      if (await Blazor.reconnect() === false) {
        return;
      }

      circuit.alive = true;
      return;
    } catch {
      // The server is not back yet.
    }
  }
}

/** A form whose circuit is gone is posted as if there had never been one. */
addEventListener('submit', event => {
  const form = event.target;
  if (form.dataset.hold) {
    // What the form has to bring with it is not ready yet; whoever holds it sends it then.
    form.dataset.hold = 'asked';
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }

  if (form.querySelector('input[name="_handler"]') && !circuit.alive) {
    event.stopImmediatePropagation();
  }

  if (form.dataset.submitted && !circuit.alive) {
    event.preventDefault();
  } else if (!circuit.alive) {
    form.dataset.submitted = 'true';
    const button = form.querySelector('[type="submit"]');
    button?.setAttribute('aria-disabled', 'true');
    setTimeout(() => {
      // Stopped, or no answer: the form must be usable again.
      delete form.dataset.submitted;
      button?.removeAttribute('aria-disabled');
    }, 8000);
  }
}, true);

/** A page that comes back from the browser's cache must be usable again. */
addEventListener('pageshow', event => {
  if (event.persisted) {
    location.reload();
  }
});

let lastFocus = null;
addEventListener('focusin', event => {
  const { name, form } = event.target;
  lastFocus = name && form ? event.target : null;
});

/**
 * When the circuit starts it draws the page anew. What was typed, ticked or filled in until then is carried over, and so is
 * the focus; a field that has just been found wrong, or that asks for it, gets the focus.
 */
new MutationObserver(records => {
  const removed = records.flatMap(record => [...record.removedNodes]).flatMap(fieldsIn);
  const added = records.flatMap(record => [...record.addedNodes]);
  for (const field of added.flatMap(fieldsIn)) {
    const before = removed.find(other => other.name === field.name);
    if (before) {
      carryOver(before, field);
    }
  }

  takeTitle(records.find(record => record.attributeName === 'data-title')?.target);
  let isWrong = records.some(record => record.attributeName === 'aria-invalid' && record.target.getAttribute('aria-invalid') === 'true' && !isTypedInto(record.target));
  for (const node of added) {
    circuit.alive ||= all(node, '[data-interactive]').length > 0;
    revealButtons(node);
    startModules(node);
    takeTitle(all(node, '[data-title]')[0]);
    all(node, 'form[data-handoff]').forEach(form => form.submit());
    isWrong ||= node.matches?.('.problem') && !isTypedInto(node);
    if (document.activeElement === document.body) {
      all(node, '[autofocus]')[0]?.focus();
    }
  }

  if (isWrong) {
    focusProblem();
  }
}).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ['aria-invalid', 'data-title'] });

/** In a circuit the title is in the page, and comes to the window from there. */
function takeTitle(element) {
  if (element) {
    document.title = element.dataset.title;
  }
}

/** Where problems are told while somebody types, the focus stays with them. */
function isTypedInto(node) {
  return node.closest('[data-live]') && document.activeElement.matches('input, select, textarea');
}

/** The elements at and below a node. */
function all(node, selector) {
  return node.querySelectorAll ? [...(node.matches?.(selector) ? [node] : []), ...node.querySelectorAll(selector)] : [];
}

function fieldsIn(node) {
  return all(node, 'input[name]:not([type="hidden"]):not([hidden]), select[name]');
}

function carryOver(before, field) {
  const changed = field.type === 'checkbox' ? field.checked !== before.checked : before.value !== '' && field.value !== before.value;
  if (changed) {
    field.checked = before.checked;
    if (field.type !== 'checkbox') {
      field.value = before.value;
    }

    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
  }

  if (lastFocus === before) {
    field.focus();
    if (before.selectionStart !== null && field.setSelectionRange && /^(text|password)$/.test(field.type)) {
      field.setSelectionRange(before.selectionStart, before.selectionEnd);
    }
  }
}

/** Buttons that need this script are drawn hidden, and shown to those for whom they can work. */
function revealButtons(root) {
  for (const button of all(root, '[data-reveal][hidden], [data-copy][hidden], [data-print][hidden]')) {
    button.hidden = false;
  }
}

/** Of several fields that are wrong, the first. */
function focusProblem() {
  document.querySelector('[aria-invalid="true"]')?.focus();
}

/** What few pages need is fetched by the elements that need it. */
function startModules(root) {
  for (const element of all(root, '[data-module]')) {
    import(new URL(element.dataset.module, document.baseURI)).then(module => module.default?.(element)).catch(() => {});
  }
}

addEventListener('click', event => {
  const button = event.target.closest?.('[data-reveal]');
  if (!button) {
    return;
  }

  const field = document.getElementById(button.dataset.reveal);
  const show = field.type === 'password';
  field.type = show ? 'text' : 'password';
  button.setAttribute('aria-pressed', String(show));
  button.setAttribute('aria-label', show ? button.dataset.labelHide : button.dataset.labelShow);
});

addEventListener('click', async event => {
  const button = event.target.closest?.('[data-copy], [data-print]');
  if (button?.dataset.copy) {
    const source = document.getElementById(button.dataset.copy);
    const lines = [...source.querySelectorAll('li')].map(line => line.textContent.trim());
    await navigator.clipboard.writeText(lines.length > 0 ? lines.join('\n') : source.textContent.trim());
    button.textContent = button.dataset.labelCopied;
  } else if (button) {
    print();
  }
});

for (const type of ['keydown', 'keyup', 'pointerdown']) {
  addEventListener(type, event => {
    const hint = event.target.id && document.querySelector(`[data-capslock="${CSS.escape(event.target.id)}"]`);
    if (hint && event.getModifierState) {
      hint.hidden = !event.getModifierState('CapsLock');
    }
  });
}

revealButtons(document);
startModules(document);
focusProblem();
startCircuit();
