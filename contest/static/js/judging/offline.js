// Makes the tablet ready for a hall without a line: starts the worker, and fetches every work and sheet once.

const PATIENCE = 5000; // how long the worker is waited for, in ms
const PAGES = "cham-bai"; // as in worker.js

/** Start the worker for this judge, and wait until it serves this page. Says whether this browser can keep pages at all. */
export async function startWorker(owner, address = "/cham-may.js") {
  const container = navigator.serviceWorker;
  if (!container) return false; // plain http, or a private window
  try {
    await container.register(address, { scope: "/cham" });
    const ready = await container.ready;
    // Until it answers it may still be wiping the pages of the judge before; until it serves this page, it keeps nothing.
    await answered(ready.active, { say: "owner", owner: String(owner) });
    return Boolean(container.controller) || await controlled(container);
  } catch {
    return false;
  }
}

/** Let the worker of a renewed app take over, while nothing is asked of the one before. For the list, before it fetches. */
export async function renewWorker() {
  try {
    const registration = await navigator.serviceWorker.getRegistration("/cham");
    if (!registration || !registration.active) return;
    await Promise.race([registration.update(), new Promise((resolve) => { setTimeout(resolve, PATIENCE); })]);
    const coming = registration.installing || registration.waiting;
    if (!coming) return;
    await new Promise((resolve) => {
      const step = () => {
        if (coming.state === "installed") coming.postMessage({ say: "now" });
        if (coming.state === "activated" || coming.state === "redundant") resolve();
      };
      coming.addEventListener("statechange", step);
      step();
      setTimeout(resolve, PATIENCE);
    });
  } catch { /* no line, or no workers: the one of before serves */ }
}

function answered(worker, message) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const done = () => { port1.close(); resolve(); };
    port1.onmessage = done;
    setTimeout(done, PATIENCE); // a worker of before this answer
    worker.postMessage(message, [port2]);
  });
}

function controlled(container) {
  return new Promise((resolve) => {
    container.addEventListener("controllerchange", () => resolve(true), { once: true });
    setTimeout(() => resolve(Boolean(container.controller)), PATIENCE);
  });
}

/** Whether the page is really kept: a sign-in that ended has wiped it, or a browser short of room. */
export async function isKept(path) {
  try { return Boolean(await caches.match(path, { cacheName: PAGES, ignoreVary: true })); } catch { return false; }
}

/** Ask the browser not to throw away what is kept when the tablet runs short of room. */
export async function holdFast() {
  try { return await navigator.storage.persist(); } catch { return false; }
}

/**
 * Fetch the pages of sheets whose stamp is another than the one kept. sheets: [{path, stamp}]; keep: a store;
 * get(path) -> true, false when this page did not come, null when there is no line, so that asking for more is of no
 * use now; kept(path) -> whether it is there; progress(done, count). Two at a time: a hall's line is for everybody.
 */
export async function prepare(sheets, { keep, get, kept, progress, lanes = 2 }) {
  const known = JSON.parse(keep.setting("dau", "{}"));
  const stamps = {};
  for (const { path, stamp } of sheets) if (known[path] === stamp && (await kept(path))) stamps[path] = stamp;
  const todo = sheets.filter(({ path }) => !stamps[path]);
  const say = () => progress(Object.keys(stamps).length, sheets.length);
  const note = () => {
    keep.keepSetting("dau", JSON.stringify(stamps));
    keep.keepSetting("da-tai", String(Object.keys(stamps).length));
  };
  note();
  say();
  let noLine = false;
  async function lane() {
    for (let one = todo.shift(); one && !noLine; one = todo.shift()) {
      const came = await get(one.path);
      if (came === null) noLine = true;
      if (!came || !(await kept(one.path))) continue;
      stamps[one.path] = one.stamp;
      note();
      say();
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  return Object.keys(stamps).length;
}

/** get() for prepare: the page, and the pictures of its pages. */
export async function getPage(path) {
  try {
    const reply = await fetch(path, { credentials: "same-origin", cache: "reload", headers: { Accept: "text/html" } });
    if (reply.redirected || reply.status === 401) return null; // signed out: no page will come
    if (!reply.ok) return false;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const pictures = [...page.querySelectorAll(".sheet-work img")].map((image) => image.getAttribute("src"));
    for (const picture of pictures) {
      if (!picture || !picture.startsWith("/cham/")) continue;
      if (!(await fetch(picture, { credentials: "same-origin", cache: "reload" })).ok) return false;
    }
    return true;
  } catch {
    return null;
  }
}
