// Makes the tablet ready for a hall without a line: starts the worker, and fetches every work and sheet once.

/** Start the worker for this judge. Says whether this browser can keep pages at all. */
export async function startWorker(owner, address = "/cham-may.js") {
  if (!navigator.serviceWorker) return false; // plain http, or a private window
  try {
    await navigator.serviceWorker.register(address, { scope: "/cham" });
    const ready = await navigator.serviceWorker.ready;
    ready.active.postMessage({ say: "owner", owner: String(owner) });
    return true;
  } catch {
    return false;
  }
}

/** Ask the browser not to throw away what is kept when the tablet runs short of room. */
export async function holdFast() {
  try { return await navigator.storage.persist(); } catch { return false; }
}

/**
 * Fetch the pages of sheets whose stamp is another than the one kept. sheets: [{path, stamp}]; keep: a store;
 * get(path) -> whether it came; progress(done, count). Two at a time: a hall's line is for everybody.
 */
export async function prepare(sheets, { keep, get, progress, lanes = 2 }) {
  const known = JSON.parse(keep.setting("dau", "{}"));
  const stamps = {};
  for (const { path, stamp } of sheets) if (known[path] === stamp) stamps[path] = stamp;
  const todo = sheets.filter(({ path }) => !stamps[path]);
  const say = () => progress(Object.keys(stamps).length, sheets.length);
  say();
  let failed = false;
  async function lane() {
    for (let one = todo.shift(); one && !failed; one = todo.shift()) {
      if (await get(one.path)) stamps[one.path] = one.stamp;
      else failed = true;
      keep.keepSetting("dau", JSON.stringify(stamps));
      say();
    }
  }
  await Promise.all(Array.from({ length: lanes }, lane));
  keep.keepSetting("dau", JSON.stringify(stamps));
  keep.keepSetting("da-tai", String(Object.keys(stamps).length));
  return Object.keys(stamps).length;
}

/** get() for prepare: the page, and the pictures of its pages. */
export async function getPage(path) {
  try {
    const reply = await fetch(path, { credentials: "same-origin", headers: { Accept: "text/html" } });
    if (!reply.ok || reply.redirected) return false;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const pictures = [...page.querySelectorAll(".sheet-work img")].map((image) => image.getAttribute("src"));
    for (const picture of pictures) {
      if (!picture || !picture.startsWith("/cham/")) continue;
      if (!(await fetch(picture, { credentials: "same-origin", cache: "reload" })).ok) return false;
    }
    return true;
  } catch {
    return false;
  }
}
