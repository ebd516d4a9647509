// Makes and uses passkeys. What the device answers goes with the form, in its field `credential`.
const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0))
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "")
const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }))

const make = ({ publicKey }) =>
  navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: known(publicKey.excludeCredentials),
      authenticatorSelection: {
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      },
    },
  })

const use = ({ publicKey }) =>
  navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: known(publicKey.allowCredentials),
    },
  })

const asJSON = (credential) => {
  const response = {}
  for (const name of [
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
  ])
    if (credential.response[name]) response[name] = text(credential.response[name])
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  })
}

const optionsOf = async (form) => {
  if (form.dataset.options) return JSON.parse(form.dataset.options)
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } })
  if (!answer.ok) throw new Error(answer.status)
  return (await answer.json()).request_options
}

const canDo = window.isSecureContext && "PublicKeyCredential" in window

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.querySelector(canDo ? "[data-can]" : "[data-cannot]").hidden = false
  form.addEventListener("submit", async (event) => {
    event.preventDefault()
    const failed = form.querySelector("[data-failed]")
    failed.hidden = true
    try {
      const ask = form.dataset.passkey === "make" ? make : use
      form.elements.credential.value = asJSON(await ask(await optionsOf(form)))
      form.submit()
    } catch {
      failed.hidden = false
    }
  })
}
