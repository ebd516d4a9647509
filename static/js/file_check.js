// Works out the SHA-256 of a file in the browser and compares it: with what is typed as checksum,
// or with those of a receipt on the page. The file is sent nowhere. Without this file, or without
// WebCrypto, the page says how to work the checksum out oneself.
const hex = (bytes) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("")

const grouped = (sum) => sum.match(/.{4}/g).join(" ")

const squeezed = (text) => text.replace(/[\s:-]+/g, "").toLowerCase()

const element = (tag, textContent, className = "") =>
  Object.assign(document.createElement(tag), { textContent, className })

const compared = (sum, words, typed) => {
  if (typed) {
    const given = squeezed(typed.value)
    if (!given) typed.value = grouped(sum)
    if (!given) return ""
    return given === sum ? words.same : words.other
  }
  const row = document.querySelector(`[data-sha256="${sum}"]`)
  return row ? `${words.found} ${row.dataset.name}` : words.unknown
}

for (const box of document.querySelectorAll("[data-file-check]")) {
  if (!globalThis.crypto?.subtle) continue
  const words = box.dataset
  const say = box.querySelector("[role=status]")
  const typed = document.querySelector("form [name=checksum]")
  box.hidden = false
  box.querySelector("input").addEventListener("change", async (event) => {
    const [file] = event.target.files
    if (!file) return
    say.textContent = words.working
    try {
      const sum = hex(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()))
      const result = compared(sum, words, typed)
      const shown = element("span", grouped(sum), "mono")
      say.replaceChildren(`${words.sum} `, shown, element("br"), element("strong", result))
    } catch {
      say.textContent = words.failed
    }
  })
}
