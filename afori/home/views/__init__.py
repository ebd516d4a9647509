from .front import front
from .my_pages import my_pages
from .pages import about, accessibility, privacy

__all__ = ["about", "accessibility", "front", "my_pages", "privacy"]
