// While a section is written: asks before typed text is left behind, and adds up the weights.
const form = document.querySelector("main form[novalidate] [name=revision]").form
let changed = false
form.addEventListener("input", () => (changed = true))
form.addEventListener("submit", () => (changed = false))
addEventListener("beforeunload", (event) => {
  if (changed) event.preventDefault()
})

const sum = document.getElementById("sum")
if (sum) {
  const weights = form.querySelectorAll("[name$=-weight]")
  form.addEventListener("input", () => {
    const made = [...weights].reduce((all, one) => all + (Number(one.value) || 0), 0)
    const words = made === 100 ? sum.dataset.whole : sum.dataset.sum
    sum.firstElementChild.textContent = words.replace("{sum}", made)
  })
}
