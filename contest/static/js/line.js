// A form sent while the line is away would give way to the browser's own error page, and what was typed with it.
// Here it stays, and says so. Whoever asks nothing of a network (a service on this very machine) is not held up:
// only a request that failed counts.
let isWatching = false;

// Called for each form of the page; one watch is enough. A page that looks after its own line gives no sentence.
export function start() {
  const sentence = document.body.dataset.noLine;
  if (isWatching || !sentence) return;
  isWatching = true;
  let isAway = false;

  async function ask() {
    isAway = false;
    if (navigator.onLine) return;
    try {
      await fetch("/healthz", { method: "HEAD", cache: "no-store" });
    } catch {
      isAway = !navigator.onLine;
    }
  }

  function say(form) {
    const note = Object.assign(document.createElement("p"), { className: "field-error", textContent: sentence, tabIndex: -1 });
    note.setAttribute("data-line-note", "");
    note.setAttribute("role", "alert");
    const actions = form.querySelector(".actions");
    if (actions) actions.before(note);
    else form.append(note);
    note.focus({ preventScroll: true });
    note.scrollIntoView({ block: "center" });
  }

  const unsay = () => document.querySelectorAll("[data-line-note]").forEach((note) => note.remove());

  // Last of all listeners: a page that looks after its own sending has stopped the event by now.
  document.addEventListener("submit", (event) => {
    if (!isAway || event.defaultPrevented || event.target.getAttribute("method") !== "post") return;
    event.preventDefault();
    unsay();
    say(event.target);
    ask();
  });
  addEventListener("offline", ask);
  addEventListener("online", () => {
    isAway = false;
    unsay();
  });
  ask();
}
