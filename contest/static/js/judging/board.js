// The board of an open round is drawn anew every minute, but never under the hands of somebody at work on it.
const MINUTE = 60000;

function atWork() {
  const focused = document.activeElement;
  return document.hidden || (focused && focused !== document.body) || document.querySelector("details[open], dialog[open]");
}

setInterval(() => { if (!atWork()) location.reload(); }, MINUTE);
