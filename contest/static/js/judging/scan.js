// Reads a tablet's codes with the camera and hands what they say to the server, which shows it before it stores it.
import { collector, unpack } from "./packet.js";

const LOOK = 60; // between two looks at the camera's picture, in ms
const WIDE = 1280;
const NAMED = 12; // so many missing codes are named

/** Why the camera did not open, as the page has a sentence for it. */
export function trouble(error) {
  if (["NotAllowedError", "SecurityError"].includes(error.name)) return "refused";
  if (["NotFoundError", "OverconstrainedError"].includes(error.name)) return "none";
  return "failed";
}

/** "3, 7, 9 …" */
export const listed = (numbers) => numbers.slice(0, NAMED).join(", ") + (numbers.length > NAMED ? " …" : "");

/** read(video) -> texts in the picture: the browser's own reader, else a library that is fetched only then. */
async function reader() {
  const formats = "BarcodeDetector" in window ? await BarcodeDetector.getSupportedFormats().catch(() => []) : [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video)).map((found) => found.rawValue);
  }
  const { default: decodeQR } = await import("../../vendor/qr/decode.js");
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  return async (video) => {
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    pen.drawImage(video, 0, 0);
    try { return [decodeQR(pen.getImageData(0, 0, canvas.width, canvas.height))]; } catch { return []; } // none in the picture
  };
}

function scanner(form) {
  const part = (name) => form.querySelector(`[data-${name}]`);
  const [video, progress, start, stop] = ["video", "progress", "start", "stop"].map(part);
  const say = (name, facts = {}) => { part("says").textContent = form.dataset[name].replace(/%\((\w+)\)s/g, (_, key) => facts[key]); };
  let stream = null;

  function close() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
    video.hidden = progress.hidden = stop.hidden = true;
    start.hidden = false;
  }

  async function open() {
    if (!navigator.mediaDevices?.getUserMedia) return say("http");
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: WIDE } } });
      video.srcObject = stream;
      video.hidden = progress.hidden = stop.hidden = false;
      start.hidden = true;
      say("looking");
      await video.play();
      await watch(await reader(), collector());
    } catch (error) {
      close();
      say(trouble(error));
    }
  }

  async function watch(read, heap) {
    while (stream) {
      const texts = video.videoWidth ? await read(video).catch(() => []) : [];
      for (const text of texts) if (await take(heap.take(text))) return;
      await new Promise((resolve) => { setTimeout(resolve, LOOK); });
    }
  }

  /** Whether all is there, and on its way. */
  async function take(said) {
    if (said.kind === "none") return false;
    progress.max = said.count;
    progress.value = said.count - said.missing.length;
    if (said.kind === "broken") { say("broken"); return false; }
    if (!said.bytes) {
      if (said.kind === "part") tell(said);
      return false;
    }
    try {
      form.elements.document.value = await unpack(said.bytes, said.packed);
    } catch {
      close();
      say("old");
      return true;
    }
    close();
    say("whole");
    form.submit();
    return true;
  }

  function tell({ count, missing }) {
    say("got", { n: count - missing.length, count });
    if (missing.length <= count / 2) part("says").append(" ", form.dataset.missing.replace("%(list)s", listed(missing)));
  }

  start.addEventListener("click", open);
  stop.addEventListener("click", () => { close(); part("says").textContent = ""; });
  addEventListener("pagehide", close);
}

const form = globalThis.document?.querySelector("[data-scan]");
if (form) scanner(form);
