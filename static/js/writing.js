// While criteria are weighed: adds the weights up.
const sum = document.getElementById("sum")
if (sum) {
  const form = document.querySelector("form[data-unsaved]")
  const weights = form.querySelectorAll("[name$=-weight]")
  form.addEventListener("input", () => {
    const made = [...weights].reduce((all, one) => all + (Number(one.value) || 0), 0)
    const words = made === 100 ? sum.dataset.whole : sum.dataset.sum
    sum.firstElementChild.textContent = words.replace("{sum}", made)
  })
}
