// Marks the section one is reading in the list of contents.
const links = new Map(
  [...document.querySelectorAll(".toc a[href^='#']")].map((link) => [link.hash.slice(1), link]),
)
const mark = (id) => {
  for (const [key, link] of links) {
    if (key === id) link.setAttribute("aria-current", "true")
    else link.removeAttribute("aria-current")
  }
}
const watcher = new IntersectionObserver(
  (entries) => {
    const here = entries.find((entry) => entry.isIntersecting)
    if (here) mark(here.target.id)
  },
  { rootMargin: "0px 0px -70% 0px" },
)
for (const id of links.keys()) {
  const heading = document.getElementById(id)
  if (heading) watcher.observe(heading)
}
