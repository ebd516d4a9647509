from .articles import ArticleAdmin
from .pictures import ArticleImageAdmin
from .theme_week_mails import ThemeWeekMailAdmin
from .theme_weeks import ThemeWeekAdmin

__all__ = ["ArticleAdmin", "ArticleImageAdmin", "ThemeWeekAdmin", "ThemeWeekMailAdmin"]
