// Hands the chosen picture, with its words in the text's language, to the editor that asked.
const asked = new URLSearchParams(location.search)
const words = asked.get("language") === "en" ? "altEn" : "altSv"

for (const button of document.querySelectorAll("[data-address]")) {
  button.addEventListener("click", () => {
    window.opener?.CKEDITOR?.tools.callFunction(asked.get("CKEditorFuncNum"), button.dataset.address, {
      alternative_text: button.dataset[words],
    })
    window.close()
  })
}
