// Words or characters below a text area. Sentences come from the template, translated.
function length(text, unit) {
  const clean = text.normalize("NFC").trim();
  if (!clean) return 0;
  return unit === "words" ? clean.split(/\s+/u).length : [...clean].length;
}

export function start(area) {
  const out = document.querySelector(`[data-counter-for="${area.id}"]`);
  if (!out) return;
  const limit = Number(area.dataset.countLimit) || 0;
  const show = (n) => n.toLocaleString("vi-VN");

  function update() {
    const n = length(area.value, area.dataset.count);
    const over = limit && n > limit;
    const amount = limit ? `${show(n)} / ${show(limit)}` : show(n);
    out.textContent = out.dataset.text.replace("%(n)s", amount) +
      (over ? ` · ${out.dataset.over.replace("%(n)s", show(n - limit))}` : "");
    out.classList.toggle("is-over", Boolean(over));
  }

  out.hidden = false;
  area.addEventListener("input", update);
  update();
}
