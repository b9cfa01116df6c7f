// Two texts side by side: a click on a shared passage brings its other place into view; forward and back through all.
// Without this the small number before each passage is a link that does the same.
const pair = document.querySelector("[data-pair]");
if (pair) {
  const sides = [...pair.querySelectorAll("[data-side]")];
  const steps = pair.querySelector("[data-steps]");
  const said = pair.querySelector("[data-now]");
  const buttons = [...pair.querySelectorAll("[data-step]")];
  const other = (side) => sides.find((each) => each !== side);
  const begins = (side, number) => side.querySelector(`#${side.dataset.side}-${number}`);
  const numbers = [...sides[0].querySelectorAll("[data-passage][id]")].map((mark) => mark.dataset.passage);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let now = -1;

  // Within its own column only: the page itself stays where the reader has it.
  const bring = (side, mark) => {
    const top = mark.getBoundingClientRect().top - side.getBoundingClientRect().top + side.scrollTop;
    side.scrollTo({ top: top - 48, behavior: calm ? "auto" : "smooth" });
  };

  const light = (side, number) => {
    for (const mark of side.querySelectorAll("[data-passage]")) mark.classList.toggle("is-now", mark.dataset.passage === number);
  };

  // from: the column the reader is in, which is not moved under a finger; null moves both.
  const show = (side, number, from) => {
    const mark = begins(side, number);
    if (!mark) return;
    const there = other(side);
    const target = begins(there, mark.dataset.target);
    light(side, number);
    light(there, mark.dataset.target);
    if (from !== side) bring(side, mark);
    if (target) bring(there, target);
    now = numbers.indexOf(side === sides[0] ? number : mark.dataset.target);
    if (now >= 0) said.textContent = steps.dataset.steps.replace("#", String(now + 1));
  };

  pair.addEventListener("click", (event) => {
    const mark = event.target.closest("[data-passage]");
    if (!mark || !getSelection().isCollapsed) return;
    event.preventDefault();
    const side = mark.closest("[data-side]");
    show(side, mark.dataset.passage, side);
  });

  for (const button of buttons) {
    button.hidden = numbers.length === 0;
    button.addEventListener("click", () => {
      const next = now < 0 ? (button.dataset.step === "1" ? 0 : numbers.length - 1) : now + Number(button.dataset.step);
      // On a phone the texts may lie below the window, or above it.
      const { top, bottom } = pair.getBoundingClientRect();
      if (top > innerHeight / 3 || bottom < innerHeight / 2) pair.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
      show(sides[0], numbers[(next + numbers.length) % numbers.length], null);
    });
  }
}
