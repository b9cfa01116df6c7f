// What leaves a tablet by hand when no line will come: a file, or the same in QR codes. Pure: values in, values out.
// The server reads it in contest/judging/tablet_forms.py; the format is described in contest/cli/FORMATS.md.
import * as queue from "./queue.js";

export const FORMAT = "contest-tablet/1";
export const MOST_ITEMS = 1000; // of one file; as the server has it
export const CHUNK = 280; // bytes in one code: version 13 at error correction M, which a laptop's camera reads
export const QR_VERSION = 13;
const MARK = "CT1";
const MOST_PARTS = 999;
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** A JSON value in its one form: keys sorted, no spaces (as contest/rules/canonical.py). */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
}

/**
 * The files for what the server has not taken, oldest first: one, unless there are more versions than one may hold.
 * Versions it refused go along, marked: a round that was closed may be open again. now: a Date. seal: {signIn, key} as
 * the page brought it (tablet_seals.py), or null on a tablet that has none: the server does not take such a file.
 */
export function packets({ owner, device, items, now, seal = null }) {
  const all = queue.inOrder(items).map(({ sheet, body, refusal }) => ({ ...body, sheet, ...(refusal ? { refused: refusal.code || "" } : {}) }));
  const files = [];
  for (let from = 0; from < all.length; from += MOST_ITEMS) {
    const part = all.slice(from, from + MOST_ITEMS);
    const file = { format: FORMAT, owner: Number(owner), device, made_at: now.toISOString(), items: part, sha256: sha256(utf8(canonical(part))) };
    files.push(seal ? sealed({ ...file, sign_in: Number(seal.signIn) }, seal.key) : file);
  }
  return files;
}

/** The file with its seal: over all else it says, in its one form. key: hexadecimal digits. */
const sealed = (file, key) => ({ ...file, seal: hmac(unhex(key), utf8(canonical(file))) });

/** Bytes as a row of codes: {n, m, text}; packed: "Z" when they are deflated, "J" when they are plain JSON. */
export function parts(bytes, packed) {
  const count = Math.max(1, Math.ceil(bytes.length / CHUNK));
  if (count > MOST_PARTS) return [];
  const id = idOf(bytes);
  return Array.from({ length: count }, (_, index) => {
    const head = `${MARK}/${id}/${index + 1}/${count}/${packed}`;
    const data = base45(bytes.subarray(index * CHUNK, (index + 1) * CHUNK));
    return { n: index + 1, m: count, text: `${head}/${crc32(utf8(head + data))}/${data}` };
  });
}

/** One code read: {id, n, m, packed, bytes}, or null when it is none of ours or was read wrong. */
export function readPart(text) {
  const found = /^CT1\/([0-9A-F]{12})\/(\d{1,3})\/(\d{1,3})\/([ZJ])\/([0-9A-F]{8})\/([0-9A-Z $%*+\-./:]+)$/.exec(text);
  if (!found) return null;
  const [, id, n, m, packed, sum, data] = found;
  if (crc32(utf8(`${MARK}/${id}/${n}/${m}/${packed}${data}`)) !== sum) return null;
  const bytes = unbase45(data);
  return bytes && n >= 1 && Number(n) <= Number(m) ? { id, n: Number(n), m: Number(m), packed, bytes } : null;
}

/**
 * Puts codes together again, in any order, each as often as it comes. Codes of two files never mix: each file has its
 * own heap. take(text) -> {kind: "part" | "again" | "none", id, missing: [numbers], count}; when nothing is missing,
 * also {bytes, packed}, or {kind: "broken"} and that file begins anew.
 */
export function collector() {
  const heaps = new Map();
  return {
    take(text) {
      const part = readPart(text);
      if (!part) return { kind: "none" };
      const { id, n, m, packed, bytes } = part;
      const name = `${id}/${m}/${packed}`;
      const heap = heaps.get(name) || new Map();
      heaps.set(name, heap);
      const kind = heap.has(n) ? "again" : "part";
      heap.set(n, bytes);
      const missing = Array.from({ length: m }, (_, index) => index + 1).filter((number) => !heap.has(number));
      if (missing.length) return { kind, id, missing, count: m };
      const whole = join(Array.from({ length: m }, (_, index) => heap.get(index + 1)));
      if (idOf(whole) === id) return { kind, id, missing, count: m, bytes: whole, packed };
      heaps.delete(name);
      return { kind: "broken", id, missing, count: m };
    },
  };
}

/** "Z" and the text deflated, or "J" and the text as it is where the browser cannot. */
export async function pack(text) {
  const plain = utf8(text);
  if (typeof CompressionStream === "undefined") return { packed: "J", bytes: plain };
  return { packed: "Z", bytes: await through(plain, new CompressionStream("deflate")) };
}

/** The text again. Throws where the browser cannot, or the bytes are none. */
export async function unpack(bytes, packed) {
  return new TextDecoder("utf-8", { fatal: true }).decode(packed === "Z" ? await through(bytes, new DecompressionStream("deflate")) : bytes);
}

async function through(bytes, stream) {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

// ---- Bytes ----

export const utf8 = (text) => new TextEncoder().encode(text);
const idOf = (bytes) => sha256(bytes).slice(0, 12).toUpperCase();

function join(chunks) {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) { whole.set(chunk, at); at += chunk.length; }
  return whole;
}

/** RFC 9285: the letters of a QR code's alphanumeric mode, so that no reader guesses at an encoding. */
export function base45(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = at + 1 < bytes.length;
    let value = pair ? bytes[at] * 256 + bytes[at + 1] : bytes[at];
    for (let letter = pair ? 3 : 2; letter > 0; letter -= 1) { text += LETTERS[value % 45]; value = Math.floor(value / 45); }
  }
  return text;
}

/** The bytes again, or null. */
export function unbase45(text) {
  if (text.length % 3 === 1) return null;
  const bytes = [];
  for (let at = 0; at < text.length; at += 3) {
    const values = [...text.slice(at, at + 3)].map((letter) => LETTERS.indexOf(letter));
    const value = values.reduce((sum, digit, index) => sum + digit * 45 ** index, 0);
    if (values.includes(-1) || value > (values.length === 3 ? 65535 : 255)) return null;
    if (values.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}

/** CRC-32 (ISO 3309) in eight hexadecimal digits: finds a code read wrong. */
export function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ((sum ^ 0xffffffff) >>> 0).toString(16).toUpperCase().padStart(8, "0");
}

const unhex = (text) => Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));

/** HMAC-SHA256 (RFC 2104) in lower-case hexadecimal. */
export function hmac(key, bytes) {
  const block = new Uint8Array(64);
  block.set(key.length > 64 ? unhex(sha256(key)) : key);
  const inner = sha256(join([block.map((byte) => byte ^ 0x36), bytes]));
  return sha256(join([block.map((byte) => byte ^ 0x5c), unhex(inner)]));
}

const PRIMES = (() => {
  const found = [];
  for (let n = 2; found.length < 64; n += 1) if (found.every((prime) => n % prime)) found.push(n);
  return found;
})();
const fraction = (value) => Math.floor((value - Math.floor(value)) * 2 ** 32) >>> 0;
const ROUNDS = PRIMES.map((prime) => fraction(Math.cbrt(prime)));
const START = PRIMES.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

/** SHA-256 in lower-case hexadecimal. Own code: crypto.subtle is missing on plain http. */
export function sha256(bytes) {
  const whole = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(whole.length - 4, (bytes.length << 3) >>> 0);
  const turn = (value, by) => (value >>> by) | (value << (32 - by));
  const state = [...START];
  const words = new Uint32Array(64);
  for (let block = 0; block < whole.length; block += 64) {
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(block + i * 4);
    for (let i = 16; i < 64; i += 1) {
      const [x, y] = [words[i - 15], words[i - 2]];
      words[i] = words[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + words[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i] + words[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [a, b, c, d, e, f, g, h] = [(one + two) | 0, a, b, c, (d + one) | 0, e, f, g];
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
  }
  return state.map((value) => (value >>> 0).toString(16).padStart(8, "0")).join("");
}
