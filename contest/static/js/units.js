// Suggests units while one types. Without it the name is typed in full and matched on the server.
for (const box of document.querySelectorAll("[data-unit-picker]")) {
  const input = box.querySelector("input:not([type=hidden])");
  const hidden = box.querySelector("input[type=hidden]");
  const list = document.createElement("datalist");
  list.id = `${input.id}-list`;
  input.setAttribute("list", list.id);
  box.append(list);
  const known = new Map();
  let timer = 0;

  const label = (unit) => (unit.parent ? `${unit.name}, ${unit.parent}` : unit.name);

  input.addEventListener("input", () => {
    const unit = known.get(input.value);
    hidden.value = unit ? unit.id : "";
    if (unit) {
      input.value = unit.name;
      return;
    }
    clearTimeout(timer);
    timer = setTimeout(async () => {
      if (input.value.trim().length < 2) return;
      try {
        const answer = await (await fetch(`${box.dataset.unitPicker}?q=${encodeURIComponent(input.value)}`)).json();
        list.replaceChildren(...answer.units.map((unit) => {
          known.set(label(unit), unit);
          return Object.assign(document.createElement("option"), { value: label(unit) });
        }));
      } catch {
        /* the name can be typed in full */
      }
    }, 250);
  });
}
