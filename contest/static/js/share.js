// data-copy="#id" copies that element's text (or value); data-share opens the phone's own share sheet.
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
  // Plain http on a local network has no clipboard: the old way still works there.
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  const done = document.execCommand("copy");
  box.remove();
  if (!done) throw new Error("copy refused");
}

export function start(button) {
  if (button.hasAttribute("data-share")) {
    if (!navigator.share) return;
    button.hidden = false;
    button.addEventListener("click", () =>
      navigator.share({ title: document.title, url: button.dataset.share || location.href }).catch(() => {}));
    return;
  }
  const source = document.querySelector(button.dataset.copy);
  const label = button.querySelector("[data-label]") || button;
  const before = label.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await copy(source.value ?? source.textContent.trim());
    label.textContent = button.dataset.done;
    setTimeout(() => { label.textContent = before; }, 3000);
  });
}
