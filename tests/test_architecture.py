"""The order of imports: each package may import those before it, lazy imports included."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    "afori.common",
    "afori.taxonomy",
    "afori.accounts",
    "afori.notifications",
    "networks",
    "challenges",
    "funding",
    "afori.events",
    "knowledge",
    "afori.discussions",
    "afori.search",
    "afori.statistics",
    "afori.opendata",
    "afori.home",
]
FILE_ORDER = [
    "models",
    "rules",
    "notifications",
    "actions",
    "forms",
    "views",
    "urls",
    "tasks",
    "admin",
]
NEVER_IMPORTED = ("afori.settings", "afori.urls", "afori.celery", "afori.wsgi")


def sources(package):
    folder = ROOT / package.replace(".", "/")
    return [path for path in folder.rglob("*.py") if "migrations" not in path.parts]


def imported_modules(path):
    """Full names of all modules that a file imports, inside functions too."""
    package = ".".join(path.relative_to(ROOT).parent.parts)
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1]
            origin = ".".join([*base, node.module or ""]) if node.level else node.module
            origin = origin.strip(".")
            yield origin
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def package_of(module):
    return next((p for p in ORDER if module == p or module.startswith(f"{p}.")), None)


@pytest.mark.parametrize("package", ORDER)
def test_package_imports_only_those_before_it(package):
    allowed = set(ORDER[: ORDER.index(package) + 1])
    wrong = {
        (str(path.relative_to(ROOT)), module)
        for path in sources(package)
        for module in imported_modules(path)
        if (package_of(module) and package_of(module) not in allowed) or module in NEVER_IMPORTED
    }
    assert wrong == set()


@pytest.mark.parametrize("package", ORDER)
def test_file_imports_only_those_before_it_in_its_package(package):
    wrong = set()
    for path in sources(package):
        own = file_kind(path, package)
        for module in imported_modules(path):
            other = module.removeprefix(f"{package}.").split(".")[0]
            if not module.startswith(f"{package}.") or other not in FILE_ORDER or own is None:
                continue
            if FILE_ORDER.index(other) > FILE_ORDER.index(own):
                wrong.add((str(path.relative_to(ROOT)), module))
    assert wrong == set()


def file_kind(path, package):
    inside = path.relative_to(ROOT / package.replace(".", "/"))
    kind = inside.parts[0].removesuffix(".py")
    return kind if kind in FILE_ORDER else None


def test_every_package_on_disk_is_in_the_order():
    on_disk = {
        ".".join(path.parent.relative_to(ROOT).parts)
        for path in [*ROOT.glob("*/apps.py"), *ROOT.glob("afori/*/apps.py")]
    }
    assert on_disk <= set(ORDER)


def test_top_level_is_as_designed():
    tracked = {path.name for path in ROOT.iterdir() if path.name not in IGNORED}
    assert tracked <= TOP_LEVEL


TOP_LEVEL = {
    ".ci",
    ".dockerignore",
    ".gitignore",
    "CHANGELOG.md",
    "Dockerfile",
    "LICENSE",
    "Makefile",
    "README.md",
    "afori",
    "challenges",
    "docker-compose.yml",
    "docs",
    "funding",
    "knowledge",
    "locale",
    "manage.py",
    "networks",
    "pyproject.toml",
    "static",
    "templates",
    "tests",
    "uv.lock",
}
IGNORED = {
    ".demo",
    ".git",
    ".hypothesis",
    ".mypy_cache",
    ".pytest_cache",
    ".ruff_cache",
    ".test",
    ".venv",
    "media",
    "node_modules",
    "staticfiles",
    "test-results",
}
