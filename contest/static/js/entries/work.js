// The page of the work: ties the draft and the uploads to its form. Without it the form posts as usual.
import { differing } from "./differing.js";
import { Draft, deviceStore } from "./draft.js";
import { left } from "./leaving.js";
import { Uploads } from "./uploads.js";

const form = document.querySelector("[data-work]");
if (form) start(form);

function start(form) {
  const words = JSON.parse(document.getElementById("work-words").textContent);
  const title = form.elements.title;
  const text = form.elements.text;
  const state = form.querySelector("[data-save-state]");
  const notices = document.querySelector("[data-work-notices]");
  const revision = form.elements.revision;
  const token = form.elements.csrf_token;

  async function call(url, options) {
    const response = await fetch(url, { credentials: "same-origin", ...options });
    const isJson = response.headers.get("content-type")?.includes("json");
    return { status: response.status, body: isJson ? await response.json() : null };
  }

  const chosen = (name) => form.elements[name]?.value ?? "";
  const send = (body, keepalive = false) => call(form.dataset.draft, {
    method: "POST",
    keepalive,
    headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token?.value ?? "" },
    body: JSON.stringify({ ...body, category: chosen("category_id"), field_of_work: chosen("field_of_work_id") }),
  });

  // After a new sign-in in another window this page's token is old: fetch a fresh one and go on.
  async function refresh() {
    try {
      const answer = await call(form.dataset.draft, { headers: { Accept: "application/json" } });
      if (answer.status === 200 && token) token.value = answer.body.csrf;
      return answer.status === 200;
    } catch {
      return false;
    }
  }

  function say(words, isLocal = false) {
    state.textContent = words;
    state.classList.toggle("is-local", isLocal);
  }

  function notice(...parts) {
    const box = document.createElement("section");
    box.className = "work-notice";
    box.append(...parts);
    notices.replaceChildren(box);
    box.tabIndex = -1;
    box.focus();
    return box;
  }

  const line = (tag, content, name = "") => Object.assign(document.createElement(tag), { textContent: content, className: name });

  function choice(...buttons) {
    const row = line("div", "", "actions");
    for (const [label, act, kind] of buttons) {
      const button = Object.assign(line("button", label, `btn btn-${kind}`), { type: "button" });
      button.addEventListener("click", async () => {
        notices.replaceChildren();
        await act();
        text.focus();
      });
      row.append(button);
    }
    return row;
  }

  // Each version by where it differs; the whole of it behind one tap.
  function both(mine, theirs) {
    const pair = line("div", "", "two-texts");
    const parts = differing(mine.text, theirs.text);
    for (const [label, value, own] of [[words.mine, mine, parts.mine], [words.theirs, theirs, parts.theirs]]) {
      const part = document.createElement("section");
      part.append(line("h2", label), line("p", value.title || words.untitled));
      if (mine.text !== theirs.text) {
        const excerpt = line("p", "", "kept-text");
        excerpt.tabIndex = 0;
        excerpt.append(parts.before, own ? line("mark", own) : line("em", words.nothing, "muted"), parts.after);
        part.append(excerpt);
      }
      const whole = document.createElement("details");
      const kept = line("pre", value.text, "kept-text");
      kept.tabIndex = 0;
      whole.append(line("summary", words.whole), kept);
      part.append(whole);
      pair.append(part);
    }
    return pair;
  }

  const show = {
    typing: () => say(words.typing),
    saving: () => say(words.saving),
    local: () => say(words.local, true),
    saved(answer) {
      say(answer.saved);
      revision.value = draft.revision;
      if (answer.files !== undefined) redraw(answer);
      if (notices.querySelector("[data-signed-out], [data-not-sent], [data-refused]")) notices.replaceChildren();
    },
    signedOut() {
      say(words.local, true);
      if (notices.querySelector("[data-signed-out]")) return;
      const link = Object.assign(line("a", words.signIn, "btn btn-secondary"), { href: form.dataset.signIn, target: "_blank" });
      const row = line("div", "", "actions");
      row.append(link);
      notice(line("p", words.signedOut), row).dataset.signedOut = "1";
    },
    refused({ message }) {
      say(words.local, true);
      const said = notices.querySelector("[data-refused] p");
      if (said) said.textContent = message; // who is mending it keeps on writing
      else notice(line("p", message)).dataset.refused = "1";
    },
    conflict({ mine, theirs }) {
      say(words.local, true);
      notice(line("p", words.conflict), both(mine, theirs), choice(
        [words.useLocal, () => draft.pick("mine"), "primary"],
        [words.useServer, () => draft.pick("theirs"), "secondary"],
      ));
    },
    offer(kept) {
      const at = new Date(kept.at).toLocaleString(document.documentElement.lang || "vi", { timeZone: "Asia/Ho_Chi_Minh" });
      notice(line("p", words.found.replace("%(at)s", at)), both(kept, draft.stored), choice(
        [words.useLocal, () => draft.settleOffer("mine"), "primary"],
        [words.useServer, () => draft.settleOffer("theirs"), "secondary"],
      ));
    },
  };

  function redraw(answer) {
    const files = form.querySelector("[data-files]");
    if (files) files.innerHTML = answer.files;
    form.querySelector("[data-findings]").innerHTML = answer.findings;
    document.querySelector("[data-closing]").innerHTML = answer.closing;
  }

  const windowId = (sessionStorage["bai-du-thi:cua-so"] ??= crypto.randomUUID?.() ?? String(Math.random()).slice(2));
  const draft = new Draft({
    title: title.defaultValue,
    text: text.defaultValue,
    revision: Number(revision.value),
    send,
    store: deviceStore(localStorage, form.dataset.key, windowId),
    now: Date.now,
    later(act, ms) {
      const timer = setTimeout(act, ms);
      return () => clearTimeout(timer);
    },
    show: (name, facts) => show[name]?.(facts),
    replace(value) {
      title.value = value.title;
      text.value = value.text;
      text.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });

  const read = () => ({ title: title.value, text: text.value });
  for (const field of [title, text]) field.addEventListener("input", () => draft.edit(read()));
  for (const name of ["category_id", "field_of_work_id"]) form.elements[name]?.addEventListener("change", async () => {
    // The texts stand as stored: only the choice is news. Without a line the form itself will bring it.
    if (await draft.save()) send({ ...draft.stored, revision: draft.revision }).catch(() => {});
  });
  addEventListener("online", () => draft.resume().then(() => uploads?.resume()));
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState === "hidden") draft.save();
    else if (notices.querySelector("[data-signed-out]") && (await refresh())) draft.resume();
  });
  // A text written a moment ago may belong to a window that is still open; a browser that was closed and opened
  // again at once finds it a little later, unless somebody has typed on.
  if (!draft.begin()) setTimeout(() => draft.dirtySince === null && draft.begin(), 6000);
  // What was typed before this script came over a weak line.
  if (title.value !== title.defaultValue || text.value !== text.defaultValue) draft.edit(read());

  // Why the step was not left: what is said already (another text, a new sign-in) comes into view again.
  function stay({ text: isText, files }) {
    const said = notices.querySelector(".work-notice:not([data-not-sent])");
    if (isText && said) return said.focus();
    const sentence = isText ? words.notSent : words.filesNotSent.replace("%(names)s", files.join(", "));
    notice(line("p", sentence)).dataset.notSent = "1";
  }

  // Leaving the step: first everything typed is on the server, then the form goes its usual way.
  let going = false;
  let pressed = null; // phones of 2021 know no submitter; a press on Enter presses the first button
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button && button.form === form && button.type === "submit") pressed = button;
  });
  form.addEventListener("submit", async (event) => {
    if (going) return;
    event.preventDefault();
    const button = event.submitter || pressed;
    pressed = null;
    draft.edit(read());
    const waiting = await left(draft, uploads);
    if (waiting.text || waiting.files.length) return stay(waiting);
    going = true;
    revision.value = draft.revision;
    // A form that still fires its submit event ignores requestSubmit: go on in a task of its own.
    setTimeout(() => {
      sendOn(form, button);
      going = false; // the line may have gone this moment (line.js): the next press looks after the text again
    });
  });
  addEventListener("pageshow", () => { going = false; });

  const uploads = files(form, words, redraw, () => token?.value ?? "", () => {
    if (notices.querySelector("[data-not-sent]")) notices.replaceChildren();
  });
}

/** Send the form as if by this button; a phone older than 2022 is handed what the button says in a field. */
function sendOn(form, button) {
  if (form.requestSubmit) {
    form.requestSubmit(button ?? undefined);
    return;
  }
  if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  form.submit();
}

function files(form, words, redraw, token, settled) {
  const input = form.querySelector("input[type=file]");
  const list = form.querySelector("[data-uploads]");
  if (!input || !list) return null;

  const uploads = new Uploads({
    limit: Number(form.dataset.maxBytes),
    words,
    uuid: () => crypto.randomUUID?.() ?? fallbackUuid(),
    later: (act, ms) => setTimeout(act, ms),
    stored: redraw,
    send: (item, onProgress) => new Promise((resolve, reject) => {
      const body = new FormData();
      body.append("uuid", item.uuid);
      body.append("file", item.file, item.name);
      const request = new XMLHttpRequest();
      request.open("POST", form.dataset.upload);
      request.setRequestHeader("X-CSRFToken", token());
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) onProgress(Math.floor((100 * event.loaded) / event.total));
      });
      request.addEventListener("load", () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* an error page */ }
        resolve({ status: request.status, body: answer?.state ? answer : null });
      });
      request.addEventListener("error", reject);
      request.send(body);
    }),
    show(items) {
      list.replaceChildren(...items.map(row));
      if (!uploads.unsent().length) settled();
    },
  });

  function row(item) {
    const line = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { textContent: item.name, className: "file-name" });
    const note = Object.assign(document.createElement("span"), { className: "muted" });
    note.textContent = {
      waiting: words.waiting,
      sending: item.percent < 100 ? words.sending.replace("%(percent)s", item.percent).replace("%%", "%") : words.reading,
      retrying: words.retrying,
      refused: item.message,
    }[item.state] ?? "";
    if (item.state === "refused") note.className = "is-bad";
    name.append(document.createElement("br"), note);
    line.append(name);
    if (item.state === "sending") {
      const bar = Object.assign(document.createElement("progress"), { max: 100, value: item.percent });
      bar.setAttribute("aria-label", item.name);
      line.append(bar);
    }
    const buttons = [];
    if (item.state === "retrying" || item.canRetry) buttons.push([words.retry, () => uploads.retry(item.uuid)]);
    if (item.state !== "sending") buttons.push([words.drop, () => uploads.drop(item.uuid)]);
    for (const [label, act] of buttons) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: label, className: "btn btn-link" });
      button.addEventListener("click", act);
      line.append(button);
    }
    return line;
  }

  function take() {
    const chosen = [...input.files];
    input.value = "";
    form.querySelector("[data-drop-list]")?.replaceChildren();
    uploads.add(chosen);
  }
  input.addEventListener("change", take);
  // On a weak line the page can be used long before this script is here.
  if (input.files.length) take();
  return uploads;
}

// On plain http in a hall there is no randomUUID.
function fallbackUuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
