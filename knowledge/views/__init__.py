from .articles import (
    ArticleDetail,
    ArticleList,
    Glossary,
    article_attachment,
    article_image,
    article_preview,
)
from .theme_weeks import ThemeWeekDetail, ThemeWeekList

__all__ = [
    "ArticleDetail",
    "ArticleList",
    "Glossary",
    "ThemeWeekDetail",
    "ThemeWeekList",
    "article_attachment",
    "article_image",
    "article_preview",
]
