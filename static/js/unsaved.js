// Asks before what was typed and not saved is left behind.
for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let changed = form.dataset.unsaved === "yes"
  form.addEventListener("input", () => (changed = true))
  form.addEventListener("submit", () => (changed = false))
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault()
  })
}
