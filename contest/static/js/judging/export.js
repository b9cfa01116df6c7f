// The last resort on the judge's list: what the server has not taken leaves this tablet as a file, or as codes on its
// screen. Nothing is taken out of the queue: when a line comes, it is sent all the same, and the server knows it again.
import { pack, packets, parts, QR_VERSION } from "./packet.js";

const TURN = 500; // how long one code is shown, in ms: a camera reads it, and it does not flash
const BORDER = 4; // modules of white that a reader needs
const DOTS = 8; // pixels of the canvas for a module

/** What the secretary calls this tablet (tablet_shown.py, short_name). */
export const shortName = (device) => device.replace(/[^0-9A-Za-z]/g, "").slice(0, 4).toUpperCase();

/** "phieu-3F2A-20240902-0801.json" by the tablet's own clock; further files of one moment count on. */
export function fileName(device, now, index = 0) {
  const two = (number) => String(number).padStart(2, "0");
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `phieu-${shortName(device)}-${day}-${two(now.getHours())}${two(now.getMinutes())}${index ? `-${index + 1}` : ""}.json`;
}

/** Which code comes after another, in a circle: step 1 or -1. */
export const turn = (at, step, count) => (at + step + count) % count;

/** root: the section of the page. draw() shows or hides it as versions come and go. */
export function lastResort(root, { keep, owner, device }) {
  if (!root) return { draw() {} }; // a page that was kept before there was such a section must send all the same
  const part = (name) => root.querySelector(`[data-${name}]`);
  const dialog = part("codes");
  const say = (text) => { part("said").textContent = text; };
  root.querySelectorAll("[data-device]").forEach((place) => { place.textContent = root.dataset.name.replace("%(device)s", shortName(device)); });
  let codes = [];
  let at = 0;
  let timer = null;

  function save() {
    const now = new Date();
    const names = packets({ owner, device, items: keep.items(), now, seal: keep.seal() }).map((packet, index) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([JSON.stringify(packet)], { type: "application/json" }));
      link.download = fileName(device, now, index);
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 60000); // a slow tablet still reads from it
      return link.download;
    });
    if (names.length) say(root.dataset.saved.replace("%(name)s", names.join(", ")));
  }

  function drawCode() {
    const { cells, n, m } = codes[at];
    const canvas = part("code");
    const pen = canvas.getContext("2d");
    canvas.width = canvas.height = cells.length * DOTS;
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = "#000";
    cells.forEach((row, y) => row.forEach((dark, x) => { if (dark) pen.fillRect(x * DOTS, y * DOTS, DOTS, DOTS); }));
    part("count").textContent = part("count").dataset.text.replace("%(n)s", n).replace("%(count)s", m);
  }

  function step(by) {
    at = turn(at, by, codes.length);
    drawCode();
  }

  function play(on) {
    clearInterval(timer);
    timer = on && codes.length > 1 ? setInterval(() => step(1), TURN) : null;
    const button = part("pause");
    button.hidden = codes.length < 2;
    button.textContent = on ? button.dataset.hold : button.dataset.go;
  }

  async function show() {
    say("");
    try {
      // Only here: a list must send marks whether or not this came with it.
      const { default: encodeQR } = await import("../../vendor/qr/index.js");
      const [packet] = packets({ owner, device, items: keep.items(), now: new Date(), seal: keep.seal() });
      const { packed, bytes } = await pack(JSON.stringify(packet));
      codes = parts(bytes, packed).map(({ n, m, text }) => ({
        n, m, cells: encodeQR(text, "raw", { ecc: "medium", encoding: "alphanumeric", version: QR_VERSION, border: BORDER }),
      }));
      at = 0;
      drawCode();
    } catch {
      say(root.dataset.failed);
      return;
    }
    if (dialog.showModal) dialog.showModal();
    else dialog.setAttribute("open", "");
    play(true);
    navigator.wakeLock?.request("screen").catch(() => {}); // a screen that goes dark shows nothing
  }

  part("save").addEventListener("click", save);
  part("show").addEventListener("click", show);
  part("back").addEventListener("click", () => { play(false); step(-1); });
  part("next").addEventListener("click", () => { play(false); step(1); });
  part("pause").addEventListener("click", () => play(timer === null));
  part("close").addEventListener("click", () => { if (dialog.close) dialog.close(); else dialog.removeAttribute("open"); play(false); });
  dialog.addEventListener("close", () => play(false));
  // While codes are read off the screen the list stays as it is.
  return { draw() { root.hidden = keep.items().length === 0 && !dialog.hasAttribute("open"); } };
}
