from .articles import Article, ArticleImage, Attachment, Audience
from .theme_weeks import ThemeWeek

__all__ = ["Article", "ArticleImage", "Attachment", "Audience", "ThemeWeek"]
