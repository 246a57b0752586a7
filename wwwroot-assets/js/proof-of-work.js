// Looks for the number that, after the challenge, gives a SHA-256 with enough leading zero bits. A form that is sent before it is found is held
// back until then.

const batch = 512;

export default async function prove(field) {
  const { form, dataset: { challenge, bits } } = field;
  if (!crypto.subtle) {
    return;
  }

  form.dataset.hold = 'waiting';
  field.value = await solve(challenge, Number(bits));
  field.dispatchEvent(new Event('change', { bubbles: true }));
  const isAsked = form.dataset.hold === 'asked';
  delete form.dataset.hold;
  if (isAsked && field.isConnected) {
    form.requestSubmit();
  }
}

async function solve(challenge, bits) {
  const encoder = new TextEncoder();
  for (let start = 0; ; start += batch) {
    const answers = Array.from({ length: batch }, (_, index) => `${challenge}:${start + index}`);
    const hashes = await Promise.all(answers.map(answer => crypto.subtle.digest('SHA-256', encoder.encode(answer))));
    const found = hashes.findIndex(hash => new DataView(hash).getUint32(0) >>> (32 - bits) === 0);
    if (found >= 0) {
      return answers[found];
    }
  }
}
