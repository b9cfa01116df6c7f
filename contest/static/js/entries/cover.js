// Selecting text in the judge's copy fills the field of what is to be covered.
const form = document.querySelector("[data-cover]");
const copy = document.querySelector("[data-copy-text] .typed");
if (form && copy) {
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed || !copy.contains(selection.anchorNode) || !copy.contains(selection.focusNode)) return;
    const passage = selection.toString().trim();
    if (passage) form.elements.passage.value = passage.replace(/\s+/gu, " ").slice(0, 2000);
  });
}
