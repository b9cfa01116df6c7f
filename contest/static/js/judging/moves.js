// Where a script leads on by itself: a reload, the next page. Never against the judge: of two navigations under way a
// browser drops the older one, so that a tap on a link would be swallowed by a reload that comes a moment later.

const GRACE = 30000; // how long a page that is being left is waited for, in ms: as long as for an answer
const PATIENCE = 3000; // how long what must be written first is waited for, in ms

/** Whether a click leads to another page, here. */
function leads(event) {
  const link = event.target.closest && event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return false;
  return !link.target && !link.hasAttribute("download") && !link.getAttribute("href").startsWith("#");
}

/**
 * move(act): act, unless the judge is on the way to another page; then only if that does not come. page: the window;
 * before() -> a promise of what must be written first: a page that goes takes what it has not written with it.
 */
export function mover(page, before = async () => {}, timer = setTimeout) {
  let leaving = null;
  let wanted = null;

  function leave() {
    const mine = leaving = {};
    timer(() => {
      if (leaving !== mine) return;
      leaving = null;
      const act = wanted;
      wanted = null;
      if (act) act();
    }, GRACE);
  }

  // iPads do not tell beforeunload; the address bar and the form are told by it alone.
  page.addEventListener("beforeunload", leave);
  page.addEventListener("click", (event) => { if (leads(event)) leave(); });
  return async (act) => {
    await Promise.race([before(), new Promise((resolve) => { timer(resolve, PATIENCE); })]);
    if (leaving) wanted = act;
    else act();
  };
}
