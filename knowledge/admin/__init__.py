from .articles import ArticleAdmin
from .pictures import ArticleImageAdmin
from .theme_weeks import ThemeWeekAdmin

__all__ = ["ArticleAdmin", "ArticleImageAdmin", "ThemeWeekAdmin"]
