// Shows a button that copies a text, such as the number of a receipt.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue
  button.hidden = false
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy)
    button.querySelector("[data-label]").textContent = button.dataset.done
  })
}
