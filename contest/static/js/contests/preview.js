// The rules as readers will see them, beside the text while it is typed. Without this file the button does it.
import { later } from "./later.js";

const box = document.querySelector("[data-preview]");
const text = box?.querySelector("textarea");
const target = box?.querySelector("[data-preview-target]");

async function show() {
  const body = new FormData(text.form);
  const answer = await fetch(box.dataset.preview, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const { html } = await answer.json();
  // Cleaned by the server; the policy of the page lets no script run either.
  target.innerHTML = html;
}

if (text && target) text.addEventListener("input", later(() => show().catch(() => {}), 600));
