// How the work is read: size of letters and dark ground, remembered on this device.
const LARGEST = 5;

export function startReading(root, keep) {
  const work = root.querySelector(".sheet-work");
  const tools = work.querySelector("[data-reading]");
  const night = tools.querySelector("[data-night]");
  let size = Math.min(LARGEST, Math.max(1, Number(keep.setting("chu", "3")) || 3));
  let dark = keep.setting("toi", "") === "1";

  function draw() {
    work.dataset.size = size;
    work.classList.toggle("is-night", dark);
    night.setAttribute("aria-pressed", String(dark));
    keep.keepSetting("chu", String(size));
    keep.keepSetting("toi", dark ? "1" : "");
  }
  const resize = (by) => () => { size = Math.min(LARGEST, Math.max(1, size + by)); draw(); };
  tools.querySelector("[data-smaller]").addEventListener("click", resize(-1));
  tools.querySelector("[data-larger]").addEventListener("click", resize(1));
  night.addEventListener("click", () => { dark = !dark; draw(); });
  tools.hidden = false;
  draw();
}
