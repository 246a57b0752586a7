// Lets a person point at what matters in a picture: the two sliders below it follow. Without this file the sliders do the same.

export default function start(section) {
  const area = section.querySelector('[data-focal]');
  const [across, down] = section.querySelectorAll('input[type="range"]');

  function set(slider, part) {
    const value = String(Math.round(Math.min(Math.max(part, 0), 1) * 100));
    if (slider.value !== value) {
      slider.value = value;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  function point(event) {
    const box = area.getBoundingClientRect();
    set(across, (event.clientX - box.left) / box.width);
    set(down, (event.clientY - box.top) / box.height);
  }

  area.addEventListener('pointerdown', event => {
    area.setPointerCapture(event.pointerId);
    point(event);
  });
  area.addEventListener('pointermove', event => {
    if (area.hasPointerCapture(event.pointerId)) {
      point(event);
    }
  });
}
