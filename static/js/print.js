// Shows a button that prints the page. Without this file, the browser's own menu does.
for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false
  button.addEventListener("click", () => window.print())
}
