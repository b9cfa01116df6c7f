// Drawing boxes over a page of the judge's copy: by finger, mouse or keys. Without it the page's edges and the
// whole page can be covered by buttons.
import { between, isBox, moved, pointOn, sized, written } from "./boxes.js";

const STEP = 10; // a press of an arrow key, in thousandths
const ARROWS = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
const FIRST = [300, 460, 700, 540];

for (const page of document.querySelectorAll("[data-cover-page]")) start(page);

function start(page) {
  const sheet = page.querySelector("[data-cover-sheet]");
  const tools = page.querySelector("[data-cover-tools]");
  const begin = page.querySelector("[data-cover-begin]");
  const form = tools.querySelector("form");
  const words = tools.dataset;
  let drawn = []; // {box, node}
  let pull = null; // {from, item} while a finger is down

  tools.remove();
  begin.hidden = false;

  function place({ box: [left, top, right, bottom], node }) {
    Object.assign(node.style, {
      left: `${left / 10}%`, top: `${top / 10}%`, width: `${(right - left) / 10}%`, height: `${(bottom - top) / 10}%`,
    });
  }

  function tell() {
    form.elements.boxes.value = written(drawn.map((item) => item.box));
    drawn.forEach(({ node }, index) => node.setAttribute("aria-label", words.box.replace("%(n)s", index + 1)));
    form.querySelector("[type=submit]").disabled = !drawn.length;
    tools.querySelector("[data-cover-undo]").disabled = !drawn.length;
  }

  function add(box) {
    const item = { box, node: Object.assign(document.createElement("button"), { type: "button", className: "cover-box" }) };
    item.node.setAttribute("aria-describedby", tools.querySelector("[data-cover-help]").id);
    item.node.addEventListener("keydown", (event) => press(item, event));
    sheet.append(item.node);
    drawn.push(item);
    place(item);
    tell();
    return item;
  }

  function remove(item) {
    item.node.remove();
    drawn = drawn.filter((other) => other !== item);
    tell();
  }

  function press(item, event) {
    if (ARROWS[event.key]) {
      item.box = (event.shiftKey ? sized : moved)(item.box, ...ARROWS[event.key]);
      place(item);
      tell();
    } else if (event.key === "Delete" || event.key === "Backspace") {
      remove(item);
      (drawn[drawn.length - 1]?.node ?? tools.querySelector("[data-cover-add]")).focus();
    } else return;
    event.preventDefault();
  }

  const at = (event) => pointOn(sheet.getBoundingClientRect(), event.clientX, event.clientY);

  function down(event) {
    if (!event.isPrimary || event.button) return;
    event.preventDefault();
    sheet.setPointerCapture(event.pointerId);
    const held = drawn.find(({ node }) => node === event.target);
    pull = { from: at(event), item: held ?? add([...at(event), ...at(event)]), box: held?.box };
  }

  function move(event) {
    if (!pull || !event.isPrimary) return;
    const [x, y] = at(event);
    pull.item.box = pull.box ? moved(pull.box, x - pull.from[0], y - pull.from[1]) : between(pull.from, [x, y]);
    place(pull.item);
  }

  function up() {
    if (!pull) return;
    if (isBox(pull.item.box)) tell();
    else remove(pull.item);
    pull = null;
  }

  // A second finger wants to zoom: what the first one began is no box.
  function cancel() {
    if (pull && !pull.box) remove(pull.item);
    pull = null;
  }

  const listeners = { pointerdown: down, pointermove: move, pointerup: up, pointercancel: cancel };

  begin.addEventListener("click", () => {
    begin.hidden = true;
    page.append(tools);
    tools.hidden = false;
    sheet.classList.add("is-drawing");
    for (const [name, act] of Object.entries(listeners)) sheet.addEventListener(name, act);
    tell();
    tools.querySelector("[data-cover-add]").focus({ preventScroll: true });
  });
  tools.querySelector("[data-cover-add]").addEventListener("click", () => add(FIRST).node.focus());
  tools.querySelector("[data-cover-undo]").addEventListener("click", () => remove(drawn[drawn.length - 1]));
  tools.querySelector("[data-cover-stop]").addEventListener("click", () => {
    for (const item of [...drawn]) remove(item);
    for (const [name, act] of Object.entries(listeners)) sheet.removeEventListener(name, act);
    sheet.classList.remove("is-drawing");
    tools.remove();
    begin.hidden = false;
    begin.focus();
  });
}
