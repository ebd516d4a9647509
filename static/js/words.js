// Counts words while one writes. The server counts the same way: runs of non-space.
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, key) => values[key])

for (const counter of document.querySelectorAll("[data-words-for]")) {
  const field = document.getElementById(counter.dataset.wordsFor)
  const bar = counter.querySelector("svg")
  const text = counter.querySelector("p")
  const limit = Number(counter.dataset.limit)

  const count = () => {
    const used = (field.value.match(/\S+/g) || []).length
    const over = used - limit
    bar.classList.toggle("full", over > 0)
    bar.lastElementChild.setAttribute("width", `${Math.min(100, (100 * used) / limit)}%`)
    text.classList.toggle("muted", over <= 0)
    text.textContent = fill(counter.dataset.count, { used, limit })
    if (over > 0) text.textContent += `. ${fill(counter.dataset.over, { over })}`
  }
  field?.addEventListener("input", count)
}
