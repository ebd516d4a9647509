from .articles import Article, ArticleImage, Attachment, Audience
from .theme_week_mails import ThemeWeekMail
from .theme_weeks import Phase, ThemeDay, ThemeQuestion, ThemeWeek

__all__ = [
    "Article",
    "ArticleImage",
    "Attachment",
    "Audience",
    "Phase",
    "ThemeDay",
    "ThemeQuestion",
    "ThemeWeek",
    "ThemeWeekMail",
]
