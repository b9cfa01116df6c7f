// Loaded by every page; fetches a part only when the page holds something for it.
// Nothing here is needed to use a page: without it forms post, links lead on.
const parts = {
  "[data-count]": "./count.js",
  "[data-drop]": "./drop.js",
  "[data-dialog]": "./dialog.js",
  "[data-copy], [data-share]": "./share.js",
  "[data-menu]": "./menu.js",
  "form[method=post]": "./line.js",
};

for (const [selector, file] of Object.entries(parts)) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(file).then((part) => found.forEach(part.start));
}

// Whoever signs out of a borrowed tablet leaves no works behind, and whoever signs in finds none of somebody else's
// (marks that wait stay: see judging/store.js).
const comesOrGoes = (form) => {
  const path = new URL(form.action, location.href).pathname;
  return path === "/dang-xuat" || path.startsWith("/the/") || form.querySelector("input[type=password]");
};
for (const form of document.forms) {
  if (comesOrGoes(form)) form.addEventListener("submit", () => { if ("caches" in self) caches.delete("cham-bai"); });
}

// A refused form comes back with its list of errors: start reading there.
document.querySelector("[data-focus]")?.focus();
