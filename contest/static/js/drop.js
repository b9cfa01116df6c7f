// Shows what was chosen; the input covers the whole area, so dropping works by itself.
function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  const step = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** step).toLocaleString("vi-VN", { maximumFractionDigits: 1 })} ${units[step]}`;
}

export function start(area) {
  const input = area.querySelector("input[type=file]");
  const list = area.querySelector("[data-drop-list]");
  if (!input || !list) return;

  area.classList.add("is-live");
  for (const name of ["dragenter", "dragover"]) area.addEventListener(name, () => area.classList.add("is-over"));
  for (const name of ["dragleave", "drop"]) area.addEventListener(name, () => area.classList.remove("is-over"));
  input.addEventListener("change", () => {
    list.replaceChildren(...[...input.files].map((file) => {
      const line = document.createElement("li");
      const amount = document.createElement("span");
      amount.className = "muted num";
      amount.textContent = size(file.size);
      line.append(file.name.normalize("NFC"), " ", amount);
      return line;
    }));
  });
}
