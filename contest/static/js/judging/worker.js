// The judge's app without a line: a service worker for /cham. Pages come from the network while there is one, and are
// kept; without one they come from what is kept. It never touches marks: those wait in the page's own store.
//
// A classic script, because tablets of 2021 know no module workers. CONFIG is put before it by the server:
// {assets: [addresses], offline: address of the page that says what is missing, wait: ms for a page that is kept,
// version: of all files of the app, so that a browser takes them anew when any of them changes}.
/* global CONFIG, self, caches */

const PAGES = "cham-bai";
const PARTS = "cham-may";
const OWNER = "/cham/.chu-may";
const PAGE = /^\/cham(\/[0-9a-f]{32})?$/;
const PICTURE = /^\/cham\/[0-9a-f]{32}\/trang\/\d+$/;

// A new worker waits until the list says so (offline.js): a page asked for while one worker follows another may hang.
self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const parts = await caches.open(PARTS);
    await parts.addAll([...CONFIG.assets, CONFIG.offline].map((address) => new Request(address, { cache: "no-cache" })));
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil(self.clients.claim());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (PAGE.test(url.pathname)) event.respondWith(page(event));
  else if (PICTURE.test(url.pathname)) event.respondWith(keptFirst(PAGES, request));
  else if (url.pathname.startsWith("/static/js/")) event.respondWith(networkFirst(PARTS, request));
  else if (url.pathname.startsWith("/static/")) event.respondWith(keptFirst(PARTS, request));
});

self.addEventListener("message", (event) => {
  const { say, owner, keep } = event.data || {};
  if (say === "owner") event.waitUntil(takeOver(owner).then(() => event.ports[0]?.postMessage("done")));
  if (say === "now") event.waitUntil(self.skipWaiting());
  if (say === "forget") event.waitUntil(caches.delete(PAGES));
  if (say === "only") event.waitUntil(only(keep));
});

/** A page: fresh if the line carries it in time, else as it was kept, else a page that says so. */
async function page(event) {
  const kept = await find(event.request);
  const fresh = fromNetwork(event.request);
  event.waitUntil(fresh.catch(() => {}));
  // A list that makes the tablet ready wants the page of now: what is kept, or a page that says sorry, is no page to it.
  if (event.request.cache === "reload" && event.request.mode !== "navigate") return fresh;
  try {
    return await (kept ? soon(fresh, CONFIG.wait) : fresh);
  } catch {
    return kept || (await caches.match(CONFIG.offline)) || Response.error();
  }
}

async function find(request) {
  const pages = await caches.open(PAGES);
  return (await pages.match(request, { ignoreVary: true })) || pages.match(request, { ignoreSearch: true, ignoreVary: true });
}

async function fromNetwork(request) {
  const keep = await keeper(PAGES);
  const answer = noProxy(await fetch(request));
  // Signed out, here or from afar: what is kept of the works is not for whoever holds the tablet now.
  const away = answer.redirected || answer.type === "opaqueredirect" || answer.status === 401;
  if (away) await caches.delete(PAGES);
  else if (answer.status === 404) await (await caches.open(PAGES)).delete(request);
  else if (answer.ok) await keep(request, answer.clone());
  return answer;
}

/**
 * keep(request, answer) into the cache as it is before the answer is asked for. One that is thrown away meanwhile, on
 * signing out, takes the answer along; one that became another judge's does not get it.
 */
async function keeper(name) {
  const cache = await caches.open(name);
  const owner = await ownerOf(cache);
  return async (request, answer) => {
    if ((await ownerOf(cache)) !== owner) return;
    await cache.put(request, answer);
    // Another judge signed in while it was written.
    if ((await ownerOf(cache)) !== owner) await cache.delete(request);
  };
}

async function ownerOf(cache) {
  const said = await cache.match(OWNER);
  return said ? said.text() : null;
}

/** A proxy that cannot reach the service is no service. */
function noProxy(answer) {
  if (answer.status >= 502 && answer.status <= 504) throw new Error(String(answer.status));
  return answer;
}

function soon(promise, wait) {
  return Promise.race([promise, new Promise((_, reject) => { setTimeout(() => reject(new Error("slow")), wait); })]);
}

async function keptFirst(name, request) {
  const kept = await caches.match(request, { ignoreVary: true });
  // A list that prepares the tablet asks anew what it knows to have changed.
  if (kept && request.cache !== "reload") return kept;
  const keep = await keeper(name);
  const answer = await fetch(request).catch(() => null);
  // A page kept before the app was renewed names styles of then.
  if (!answer) return (name === PARTS && (await caches.match(request, { ignoreSearch: true, ignoreVary: true }))) || Response.error();
  if (answer.ok) await keep(request, answer.clone());
  return answer;
}

/**
 * A script: of now, or as the last install took it. Not kept one by one: a page whose scripts are of two versions is
 * dead, so that without a line all come from one install.
 */
async function networkFirst(name, request) {
  try {
    return noProxy(await soon(fetch(request), CONFIG.wait));
  } catch {
    const parts = await caches.open(name);
    return (await parts.match(new URL(request.url).pathname)) || fetch(request);
  }
}

/** A page says whose tablet this is; what it fetches from then on passes here, even if it was loaded past the worker. */
async function takeOver(owner) {
  await ownedBy(owner);
  await self.clients.claim();
}

/** Another judge signed in on this tablet: nothing of the one before may show. */
async function ownedBy(owner) {
  const pages = await caches.open(PAGES);
  if ((await ownerOf(pages)) === String(owner)) return;
  // The name first, so that an answer on its way sees that it comes too late; the new one last, should this be cut short.
  await pages.delete(OWNER);
  for (const request of await pages.keys()) await pages.delete(request);
  await pages.put(OWNER, new Response(String(owner)));
}

/** Sheets that are no longer this judge's are forgotten. keep: paths of the list and its sheets. */
async function only(keep) {
  const pages = await caches.open(PAGES);
  const wanted = new Set([OWNER, ...keep]);
  for (const request of await pages.keys()) {
    const { pathname } = new URL(request.url);
    // A picture goes with its sheet. Not by the beginning of the path: every sheet begins with the list's.
    if (!wanted.has(PICTURE.test(pathname) ? pathname.split("/trang/")[0] : pathname)) await pages.delete(request);
  }
}
