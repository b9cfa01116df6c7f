// A tap on a page that is a picture shows it over the whole screen; another tap there enlarges that place.
import { scrolled } from "./zoom.js";

let view = null;

function build(words) {
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.addEventListener("click", act);
    return made;
  };
  const dialog = Object.assign(document.createElement("dialog"), { className: "page-view" });
  const sheet = Object.assign(document.createElement("div"), { className: "page-view-sheet", tabIndex: 0 });
  const bar = Object.assign(document.createElement("div"), { className: "page-view-bar" });
  const name = Object.assign(document.createElement("p"), { className: "page-view-name" });
  const picture = document.createElement("img");
  const larger = button(words.larger, () => toggle(0.5, 0));

  /** To the other size; the touched place (fractions of the picture) comes to the middle of the screen. */
  function toggle(x, y) {
    const isLarge = dialog.classList.toggle("is-large");
    larger.textContent = isLarge ? words.fit : words.larger;
    Object.assign(sheet, scrolled({ x, y }, picture.getBoundingClientRect(), sheet.getBoundingClientRect()));
  }

  picture.addEventListener("click", (event) => {
    const frame = picture.getBoundingClientRect();
    toggle((event.clientX - frame.left) / frame.width, (event.clientY - frame.top) / frame.height);
  });
  sheet.append(picture);
  bar.append(larger, name, button(words.close, () => dialog.close()));
  dialog.append(bar, sheet);
  document.body.append(dialog);
  dialog.setAttribute("aria-label", words.larger);

  return (link) => {
    const small = link.querySelector("img");
    dialog.classList.remove("is-large");
    larger.textContent = words.larger;
    picture.src = link.href;
    picture.alt = name.textContent = sheet.ariaLabel = small.alt;
    picture.style.setProperty("--taken", `${small.naturalWidth || small.width}px`);
    dialog.showModal();
    sheet.scrollTo(0, 0);
    sheet.focus();
  };
}

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-page]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !window.HTMLDialogElement) return;
  event.preventDefault();
  view ??= build(link.dataset);
  view(link);
});
