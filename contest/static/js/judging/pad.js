// The number pad: opens on a tap (a mouse or a keyboard types into the field itself).
import { makeScale, parse, show, stepKeys } from "./scale.js";

/** criteria: {key, name, max, scale}; text(key) and set(key, text) read and change what is typed. */
export function numberPad(dialog, root, { criteria, words, lang, text, set }) {
  if (!dialog.showModal || !matchMedia("(pointer: coarse)").matches) return;
  const out = dialog.querySelector("[data-out]");
  const steps = dialog.querySelector("[data-steps]");
  const fault = dialog.querySelector("[data-pad-fault]");
  let open = null;
  let typed = "";

  function draw() {
    out.textContent = typed === "" ? "–" : typed;
    const read = parse(typed, open.scale);
    fault.hidden = !read.fault;
    if (read.fault) fault.textContent = read.fault === "above_max" ? words.above_max.replace("%(below)s", show(open.max, lang)) : words.number;
  }

  function press(key) {
    if (key === "back") typed = typed.slice(0, -1);
    else if (key === ",") typed = typed.includes(",") ? typed : `${typed || "0"},`;
    else typed = (typed === "0" ? "" : typed) + key;
    typed = typed.slice(0, 8);
    draw();
  }

  function part(after) {
    const whole = typed.split(",")[0] || "0";
    typed = after ? `${whole},${after}` : whole;
    draw();
  }

  function close(value) {
    dialog.close();
    if (value !== null) set(open.key, value);
  }

  for (const item of criteria) {
    const field = document.getElementById(`m-${item.key}`);
    if (field.readOnly) continue;
    field.inputMode = "none";
    field.addEventListener("click", () => {
      open = { ...item, scale: makeScale(item) };
      typed = text(item.key).replace(".", ",");
      const name = item.max === null ? words.pad_free : words.pad;
      dialog.querySelector("h2").textContent = name.replace("%(name)s", item.name).replace("%(max)s", show(item.max, lang));
      steps.replaceChildren(...stepKeys(open.scale).map((after) => {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = after ? `,${after}` : ",0";
        button.addEventListener("click", () => part(after));
        return button;
      }));
      draw();
      dialog.showModal();
    });
  }
  dialog.querySelectorAll("[data-key]").forEach((button) => button.addEventListener("click", () => press(button.dataset.key)));
  dialog.querySelector("[data-done]").addEventListener("click", () => close(typed.replace(/,$/, "")));
  dialog.querySelector("[data-clear]").addEventListener("click", () => close(""));
  dialog.addEventListener("click", (event) => { if (event.target === dialog) close(null); });
}
