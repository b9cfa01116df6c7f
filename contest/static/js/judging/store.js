// Where this device keeps what the server has not answered for: one localStorage key per version, so that
// two tabs never overwrite each other's list. Keys carry the judge: a borrowed tablet serves several.
import * as queue from "./queue.js";

const name = (owner, kind, id) => `cham/${owner}/${kind}/${id}`;

const isSeal = (key) => /^cham\/[^/]+\/niem\/$/.test(key);

/** Whether the server said one after the other. Its clock decides only where an older app kept no number. */
const newer = (one, other) => !other || (one.number && other.number ? one.number > other.number : one.at > other.at);

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
  // What the device refused to keep, as long as the page lives: versions by uuid, what the server holds by key.
  const spare = new Map();
  const held = new Map();
  const lastSeq = (sheet) => Math.max(0, ...self.items().filter((item) => item.sheet === sheet).map((item) => item.seq), (self.stored(sheet) || {}).seq || 0);
  let unkeptSeal = null;
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
    /**
     * Versions of a sheet that wait and that the server is not known to have. A dead battery brings back others too: they
     * go out once more and are stored once, but what came after them is what the judge wrote last.
     */
    pending: (sheet) => queue.waiting(self.items(), sheet).filter((item) => item.seq > ((self.stored(sheet) || {}).seq || 0)),
    /** The place of a new version of the sheet: after all others, whatever the tablet's clock says. */
    nextSeq: (sheet) => Math.max(Date.now(), lastSeq(sheet) + 1),
    /** How many versions of other judges wait on this device: they go out when their judge is back. */
    othersWaiting() {
      let count = 0;
      for (let index = 0; index < storage.length; index += 1) {
        const key = storage.key(index);
        const [, whose, kind] = key.split("/");
        if (key.startsWith("cham/") && kind === "ban" && whose !== String(owner) && !(read(key) || {}).refusal) count += 1;
      }
      return count;
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
    /**
     * Bring back what only the second place still has, or has newer. Says what, and of which sheets ({uuid, sheet};
     * no uuid for what the server held of one); sent twice is stored once.
     */
    async restore() {
      const back = [];
      for (const [key, value] of durable ? await durable.all() : []) {
        if (key.startsWith(name(owner, "ban", "")) && value && value.uuid && storage.getItem(key) === null && !spare.has(value.uuid)) {
          if (!set(key, value)) spare.set(value.uuid, value);
          back.push(value);
        } else if (key.startsWith(name(owner, "co", "")) && newer(value, held.get(key) || read(key))) {
          if (!set(key, value)) held.set(key, value);
          back.push({ uuid: null, sheet: key.slice(name(owner, "co", "").length) });
        } else if (isSeal(key) && key !== name(owner, "niem", "")) {
          durable.drop(key);
        } else if (isSeal(key) && !self.seal() && !set(key, value)) {
          unkeptSeal = value;
        }
      }
      return back;
    },
    /** What this tablet seals files with: {signIn, key}, or null. */
    seal: () => unkeptSeal || read(name(owner, "niem", "")),
    /** As a page brought it; one kept from before there were seals brings none. Another judge's is not left lying here. */
    keepSeal(signIn, key) {
      self.dropSeals((whose) => whose !== String(owner));
      if (!signIn || !key) return;
      const said = { signIn, key };
      unkeptSeal = set(name(owner, "niem", ""), said) ? null : said;
      if (durable) durable.put(name(owner, "niem", ""), said);
    },
    dropSeals(which = () => true) {
      if (which(String(owner))) unkeptSeal = null;
      const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index));
      for (const key of keys.filter((one) => isSeal(one) && which(one.split("/")[1]))) {
        storage.removeItem(key);
        if (durable) durable.drop(key);
      }
    },
    /** What the server last said it holds of a sheet: newer than a page that was kept for lack of a line. */
    stored: (sheet) => held.get(name(owner, "co", sheet)) || read(name(owner, "co", sheet)),
    keepStored(sheet, { version, number, state, holds, marks, comment, server_at: at, seq }) {
      const key = name(owner, "co", sheet);
      const said = { version, number, state, marks, comment, at, seq };
      if (!holds || !newer(said, self.stored(sheet))) return;
      // Nothing is lost when the device has no room for it: the server holds it.
      if (set(key, said)) held.delete(key);
      else held.set(key, said);
      if (durable) durable.put(key, said);
    },
    /** What was typed last and is in no version. After a dead battery it may be older than the versions: then nothing. */
    typed(sheet) {
      const typed = read(name(owner, "go", sheet));
      return typed && typed.seq < lastSeq(sheet) ? null : typed;
    },
    keepTyped(sheet, typed) {
      const key = name(owner, "go", sheet);
      untyped = Boolean(typed) && !set(key, { ...typed, seq: self.nextSeq(sheet) });
      if (!typed) storage.removeItem(key);
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
