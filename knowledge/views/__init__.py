from .articles import (
    ArticleDetail,
    ArticleList,
    Glossary,
    article_attachment,
    article_image,
    article_preview,
)
from .theme_weeks import (
    ThemeWeekDetail,
    ThemeWeekList,
    theme_week_calendar,
    theme_week_preview,
)

__all__ = [
    "ArticleDetail",
    "ArticleList",
    "Glossary",
    "ThemeWeekDetail",
    "ThemeWeekList",
    "article_attachment",
    "article_image",
    "article_preview",
    "theme_week_calendar",
    "theme_week_preview",
]
