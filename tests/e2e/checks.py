"""What holds for every page: axe in both themes, no sideways scroll, sound markup."""

from axe_playwright_python.base import AXE_SCRIPT

from . import markup

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {
    "runOnly": {"type": "tag", "values": [*WCAG, "best-practice"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
# Colours are the same in all languages.
COLOURLESS_AXE = {**AXE, "rules": {**AXE["rules"], "color-contrast": {"enabled": False}}}
# Django's admin follows WCAG; some of its markup is not as we would write it.
ADMIN_AXE = {**AXE, "runOnly": {"type": "tag", "values": WCAG}}
COLOURS_AXE = {**AXE, "runOnly": ["color-contrast", "link-in-text-block"], "rules": {}}
# Select2, which Django's admin brings, gives its search field no name.
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 800}
FOUND = """async options => {
    const found = await axe.run({exclude: [".select2"]}, options)
    return found.violations.flatMap(rule => rule.nodes.map(
        node => `${rule.id}: ${node.target} ${node.failureSummary}`))
}"""
TRANSITIONS = "() => Promise.all(document.getAnimations().map(one => one.finished)).then(() => {})"
SIDEWAYS = """() => {
    const width = document.documentElement.clientWidth
    if (document.documentElement.scrollWidth <= width) return []
    return [...document.querySelectorAll("body *")]
        .filter(one => one.getBoundingClientRect().right > width + 1)
        .map(one => one.outerHTML.slice(0, 120)).slice(0, 5)
        .concat("wider than " + width)
}"""


def faults(page, html, options=AXE, *, both=True):
    """What is wrong with the page that the browser shows, by kind of check; {} when all is well.

    Everything is checked in the theme that the window happens to have; the colours in both.
    """
    found = {
        "markup": markup.problems(html),
        "axe": axe(page, options),
        "axe in the other theme": axe_in_the_other_theme(page) if both else [],
        "at 320 px": sideways(page, NARROW),
        "with text at 200 %": sideways_with_large_text(page),
    }
    return {check: problems for check, problems in found.items() if problems}


def axe(page, options):
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return page.evaluate(FOUND, options)


def axe_in_the_other_theme(page):
    is_dark = page.evaluate("() => matchMedia('(prefers-color-scheme: dark)').matches")
    page.emulate_media(color_scheme="light" if is_dark else "dark")
    page.evaluate(TRANSITIONS)
    return axe(page, COLOURS_AXE)


def sideways(page, size):
    page.set_viewport_size(size)
    return page.evaluate(SIDEWAYS)


def sideways_with_large_text(page):
    page.evaluate("() => { document.documentElement.style.fontSize = '200%' }")
    return sideways(page, WIDE)
