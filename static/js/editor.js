// Starts the rich-text editor without inline styles, which our policy forbids, and in our words.
import * as kit from "django-prose-editor/editor"

const MARKER = "data-django-prose-editor-afori"

function extensions(config, language) {
  const figure = config.extensions.Figure
  if (figure?.pickerUrl) figure.pickerUrl += `?language=${language}`
  return Object.entries(config.extensions)
    .filter(([name]) => kit[name])
    .map(([name, options]) => (typeof options === "object" ? kit[name].configure(options) : kit[name]))
}

function withoutEmpty(html) {
  return /^<(\w+)(\s[^>]*)?><\/\1>$/.test(html) ? "" : html
}

function inOurWords(element) {
  for (const button of element.querySelectorAll(".prose-menubar [title]")) {
    button.title = kit.gettext(button.title)
    button.setAttribute("aria-label", button.title)
  }
}

function create(textarea) {
  if (textarea.closest(".prose-editor")) return
  const element = kit.crel("div", { className: "prose-editor" })
  const language = textarea.name.endsWith("_en") ? "en" : "sv"
  const label = document.querySelector(`label[for="${textarea.id}"]`)
  textarea.before(element)
  element.append(textarea)
  new kit.Editor({
    element,
    extensions: extensions(JSON.parse(textarea.getAttribute(MARKER)), language),
    content: textarea.value,
    editable: !textarea.disabled,
    injectCSS: false,
    editorProps: {
      attributes: {
        role: "textbox",
        "aria-multiline": "true",
        "aria-label": label ? label.textContent.replace(/:$/, "").trim() : "",
        lang: language,
      },
    },
    onCreate() {
      inOurWords(element)
    },
    onUpdate({ editor }) {
      textarea.value = withoutEmpty(editor.getHTML())
      textarea.dispatchEvent(new Event("input", { bubbles: true }))
    },
  })
}

kit.initializeEditors(create, `[${MARKER}]`)
