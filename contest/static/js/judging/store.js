// Where this device keeps what the server has not answered for: one localStorage key per version, so that
// two tabs never overwrite each other's list. Keys carry the judge: a borrowed tablet serves several.

const name = (owner, kind, id) => `cham/${owner}/${kind}/${id}`;

/**
 * A store for one judge. `full` is true while the device has no room for something that is nowhere else. durable: a second place for the
 * versions, that survives a dead battery (durable.js), or null.
 */
export function store(owner, storage, durable = null) {
  const read = (key) => {
    try { return JSON.parse(storage.getItem(key)); } catch { return null; }
  };
  const set = (key, value) => {
    try { storage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
  };
  const spare = new Map(); // what the device refused to keep: as long as the page lives
  let untyped = false; // what is being typed was refused
  const self = {
    get full() { return untyped || spare.size > 0; },
    items() {
      const found = [];
      const prefix = name(owner, "ban", "");
      for (let index = 0; index < storage.length; index += 1) {
        const key = storage.key(index);
        if (key.startsWith(prefix)) found.push(read(key));
      }
      return [...found.filter((item) => item && item.uuid && item.body && !spare.has(item.uuid)), ...spare.values()];
    },
    put(item) {
      const kept = set(name(owner, "ban", item.uuid), item);
      if (durable) durable.put(name(owner, "ban", item.uuid), item);
      if (kept) spare.delete(item.uuid);
      else spare.set(item.uuid, item);
      return kept;
    },
    drop(uuid) {
      storage.removeItem(name(owner, "ban", uuid));
      if (durable) durable.drop(name(owner, "ban", uuid));
      spare.delete(uuid);
    },
    /** Bring back what only the second place still has. Says which; sent twice is stored once. */
    async restore() {
      const prefix = name(owner, "ban", "");
      const found = durable ? await durable.all() : [];
      const lost = found.filter(([key, item]) => key.startsWith(prefix) && item && item.uuid && storage.getItem(key) === null && !spare.has(item.uuid));
      for (const [key, item] of lost) if (!set(key, item)) spare.set(item.uuid, item);
      return lost.map(([, item]) => item);
    },
    /** What the server last said it holds of a sheet: newer than a page that was kept for lack of a line. */
    stored: (sheet) => read(name(owner, "co", sheet)),
    keepStored(sheet, { version, state, holds, marks, comment, server_at: at }) {
      const before = self.stored(sheet);
      // Nothing is lost when the device has no room for it: the server holds it.
      if (holds && !(before && before.at > at)) set(name(owner, "co", sheet), { version, state, marks, comment, at });
    },
    forgetStored: (sheet) => storage.removeItem(name(owner, "co", sheet)),
    typed: (sheet) => read(name(owner, "go", sheet)),
    keepTyped(sheet, typed) {
      untyped = Boolean(typed) && !set(name(owner, "go", sheet), typed);
      if (!typed) storage.removeItem(name(owner, "go", sheet));
      return !untyped;
    },
    setting: (key, fallback) => storage.getItem(`cham/${key}`) || fallback,
    keepSetting(key, value) { try { storage.setItem(`cham/${key}`, value); } catch { /* a taste, not a mark */ } },
  };
  return self;
}

/** What this device is called in the ledger: random, made once, says nothing about its owner. */
export function deviceName(storage) {
  const made = storage.getItem("cham/may");
  if (made) return made;
  const fresh = uuid();
  try { storage.setItem("cham/may", fresh); } catch { /* without storage each page is a device */ }
  return fresh;
}

/** A random UUID; crypto.randomUUID is missing on plain http and on older tablets. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
