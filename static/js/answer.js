// Saves an answer while one writes. Whatever goes wrong, the text stays in the window and in the
// browser until the server has it. Without this file the form saves by its buttons.
const PAUSE = 1500
const AGAIN = 15000
const BEAT = 120000

const form = document.querySelector("form[data-answer]")
const field = form.elements.text
const say = form.dataset
const notice = document.createElement("div")
notice.className = "cluster small"
notice.setAttribute("role", "status")
field.closest(".ds-field").after(notice)

const kept = `answer:${location.pathname}`
let stored = field.value
let saving = null
let timer = 0

const unsaved = () => field.value !== stored

const tell = (message, action) => {
  document.getElementById("saved").textContent = message
  notice.replaceChildren(message)
  if (action) notice.append(action)
}

const link = (text, href, tab) => {
  const a = document.createElement("a")
  Object.assign(a, { textContent: text, href })
  if (tab) Object.assign(a, { target: "_blank", rel: "noopener" })
  return a
}

const keep = () => {
  try {
    if (unsaved()) localStorage.setItem(kept, field.value)
    else localStorage.removeItem(kept)
  } catch {
    // Private windows may have no storage; the text is still in the field.
  }
}

// A token that is valid again after the person has logged in in another tab.
const freshToken = async () => {
  const page = await fetch(location.pathname, { redirect: "manual" })
  if (!page.ok) return null
  const html = new DOMParser().parseFromString(await page.text(), "text/html")
  return html.querySelector("form[data-answer] [name=csrfmiddlewaretoken]")?.value
}

const post = (text) =>
  fetch(say.autosave, {
    method: "POST",
    redirect: "manual",
    headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: new URLSearchParams({ text, revision: form.elements.revision.value }),
  })

const isJSON = (answer) => answer.headers.get("content-type")?.includes("json")

const send = async (text) => {
  let answer = await post(text)
  if (!isJSON(answer) && (answer.status === 403 || answer.type === "opaqueredirect")) {
    const token = await freshToken()
    if (!token) return { state: "out" }
    form.elements.csrfmiddlewaretoken.value = token
    answer = await post(text)
  }
  return isJSON(answer) ? answer.json() : { state: "failed" }
}

const after = (result, text) => {
  if (result.state === "saved") {
    stored = text
    form.elements.revision.value = result.revision
    tell(result.message)
  } else if (result.state === "conflict" || result.state === "taken") {
    stored = text
    tell(result.message, link(say.compare, location.pathname))
  } else if (result.state === "refused") {
    tell(result.message)
  } else if (result.state === "out") {
    tell(say.out, link(say.login, say.loginUrl, true))
  } else {
    tell(say.unsaved)
  }
  if (result.state === "out" || result.state === "failed") plan(AGAIN)
  keep()
}

// `beat` saves an unchanged text too: it tells that one is still here.
const save = async (beat = false) => {
  clearTimeout(timer)
  if (saving || !(unsaved() || beat) || !say.autosave) return saving
  const text = field.value
  if (!beat) tell(say.saving)
  saving = send(text)
    .catch(() => ({ state: "failed" }))
    .then((result) => (beat && result.state === "failed" ? null : after(result, text)))
  await saving
  saving = null
  if (unsaved() && !timer) plan(PAUSE)
}

const plan = (pause) => {
  clearTimeout(timer)
  timer = setTimeout(() => {
    timer = 0
    save()
  }, pause)
}

field.addEventListener("input", () => {
  keep()
  plan(PAUSE)
})

// The button waits for a save under way, so that the form starts from its revision.
form.addEventListener("submit", async (event) => {
  clearTimeout(timer)
  if (saving) {
    event.preventDefault()
    await saving
    form.requestSubmit(event.submitter)
    return
  }
  stored = field.value
  keep()
})

addEventListener("beforeunload", (event) => {
  if (unsaved()) event.preventDefault()
})

const earlier = (() => {
  try {
    return localStorage.getItem(kept)
  } catch {
    return null
  }
})()
if (earlier !== null && earlier !== field.value) {
  const button = document.createElement("button")
  Object.assign(button, { type: "button", className: "ds-button", textContent: say.restore })
  button.dataset.size = "sm"
  button.dataset.variant = "secondary"
  button.addEventListener("click", () => {
    field.value = earlier
    field.dispatchEvent(new Event("input"))
  })
  tell(say.found, button)
}

setInterval(() => {
  if (document.visibilityState === "visible") save(true)
}, BEAT)

// Gives the part back to colleagues. If this is lost, the server does so after a while.
addEventListener("pagehide", () => {
  const body = new FormData()
  body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value)
  body.append("since", say.since)
  navigator.sendBeacon(say.leave, body)
})
