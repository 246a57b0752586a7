// For pages of an account that have no circuit to tell them when their session has ended: asks now and then, and leaves with it.

let watching = false;

export default element => {
  if (watching) {
    return;
  }

  watching = true;
  setInterval(async () => {
    if (document.querySelector('[data-interactive]')) {
      return;
    }

    const answer = await fetch('session/alive').catch(() => null);
    if (answer?.ok && !await answer.json()) {
      location.replace(location.href.split('#')[0]);
    }
  }, Number(element.dataset.every));
};
