// Loaded by every page; fetches a part only when the page holds something for it.
// Nothing here is needed to use a page: without it forms post, links lead on.
const parts = {
  "[data-count]": "./count.js",
  "[data-drop]": "./drop.js",
  "[data-dialog]": "./dialog.js",
  "[data-copy], [data-share]": "./share.js",
  "[data-menu]": "./menu.js",
};

for (const [selector, file] of Object.entries(parts)) {
  const found = document.querySelectorAll(selector);
  if (found.length) import(file).then((part) => found.forEach(part.start));
}

// Whoever signs out on a borrowed tablet leaves no works behind (marks that wait stay: see judging/store.js).
document.querySelector("form[action='/dang-xuat']")?.addEventListener("submit", () => { if ("caches" in self) caches.delete("cham-bai"); });

// A refused form comes back with its list of errors: start reading there.
document.querySelector("[data-focus]")?.focus();
