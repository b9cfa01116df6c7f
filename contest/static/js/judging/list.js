// The judge's list: sends what still waits on this device, and says how much that is.
import * as queue from "./queue.js";
import { freshToken, post, sender } from "./sender.js";
import { store } from "./store.js";

const note = document.querySelector("[data-unsent]");
const keep = store(note.dataset.unsent, localStorage);
let signedOut = false;
let sent = 0;

function draw() {
  const count = queue.waiting(keep.items()).length;
  const refused = keep.items().length - count;
  const text = signedOut ? note.dataset.signedOut : count ? note.dataset.one : refused ? note.dataset.kept : "";
  note.textContent = text.replace("%(n)s", count || refused);
  note.hidden = text === "";
}

const line = sender({
  keep, post, token: document.querySelector("meta[name=csrf-token]").content,
  fresh: () => freshToken(location.href),
  tell: {
    stored() { sent += 1; draw(); },
    refused: draw,
    signOut() { signedOut = true; draw(); },
    later: draw,
  },
});

async function flush() {
  await line.flush();
  // The list was drawn before these arrived.
  if (sent && !queue.waiting(keep.items()).length) location.reload();
}
draw();
addEventListener("online", flush);
flush();
