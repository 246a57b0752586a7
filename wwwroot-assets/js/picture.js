// Lets a person choose a square of their picture, and sends that in place of the file: drawn anew, so that nothing else the file says goes along.
// Loaded where there is a form for a picture; without this file the picture is sent as it is.

const SIDE = 512;

export default function start(section) {
  const form = section.querySelector('form[enctype]');
  const file = form.querySelector('input[type="file"]');
  const cropper = form.querySelector('[data-cropper]');
  const canvas = cropper.querySelector('canvas');
  const zoom = cropper.querySelector('input[type="range"]');
  const problem = form.querySelector('[data-picture-problem]');
  if (form.dataset.started) {
    return;
  }

  form.dataset.started = 'true';
  let picture = null;
  let centre = { x: 0.5, y: 0.5 };
  let ready = false;

  /** The square of the picture that is shown, in its own pixels. */
  function square() {
    const side = Math.min(picture.width, picture.height) / zoom.value;
    const place = (middle, length) => Math.min(Math.max(middle * length - side / 2, 0), length - side);
    return [place(centre.x, picture.width), place(centre.y, picture.height), side, side];
  }

  function draw(target) {
    const context = target.getContext('2d');
    context.fillStyle = '#fff';
    context.fillRect(0, 0, target.width, target.height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, ...square(), 0, 0, target.width, target.height);
  }

  /** Moves the picture under the square, by parts of what is shown. */
  function move(x, y) {
    const [left, top, side] = square();
    centre = { x: (left + side / 2 - x * side) / picture.width, y: (top + side / 2 - y * side) / picture.height };
    const [newLeft, newTop] = square();
    centre = { x: (newLeft + side / 2) / picture.width, y: (newTop + side / 2) / picture.height };
    ready = false;
    draw(canvas);
  }

  file.addEventListener('change', async () => {
    if (ready) {
      return;
    }

    problem.hidden = true;
    cropper.hidden = true;
    picture = null;
    if (!file.files[0]) {
      return;
    }

    try {
      picture = await createImageBitmap(file.files[0]);
      centre = { x: 0.5, y: 0.5 };
      zoom.value = 1;
      cropper.hidden = false;
      draw(canvas);
    } catch {
      problem.hidden = false;
      file.value = '';
    }
  });

  zoom.addEventListener('input', () => { ready = false; draw(canvas); });
  canvas.addEventListener('pointerdown', event => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener('pointermove', event => {
    if (picture && canvas.hasPointerCapture(event.pointerId)) {
      move(event.movementX / canvas.clientWidth, event.movementY / canvas.clientHeight);
    }
  });
  canvas.addEventListener('keydown', event => {
    const [x, y] = { ArrowLeft: [0.05, 0], ArrowRight: [-0.05, 0], ArrowUp: [0, 0.05], ArrowDown: [0, -0.05] }[event.key] ?? [];
    if (picture && x !== undefined) {
      event.preventDefault();
      move(x, y);
    }
  });

  form.addEventListener('submit', async event => {
    if (!picture || ready) {
      return;
    }

    event.preventDefault();
    const target = Object.assign(document.createElement('canvas'), { width: SIDE, height: SIDE });
    draw(target);
    const blob = await new Promise(resolve => target.toBlob(resolve, 'image/jpeg', 0.9));
    const files = new DataTransfer();
    files.items.add(new File([blob], 'picture.jpg', { type: blob.type }));
    ready = true;
    file.files = files.files;
    delete form.dataset.submitted;
    form.requestSubmit();
  });
}
