from afori.common.admin import ModelAdmin

from .actions import tell_all


class NewsAdmin(ModelAdmin):
    """The page of something whose publishing is news: followers are told when what is saved has
    become what it was not before.
    """

    def news_of(self, obj):
        """The kinds of news that hold of it as it is."""
        raise NotImplementedError

    def save_model(self, request, obj, form, change):
        before = self.model._default_manager.filter(pk=obj.pk).first() if change else None
        request.no_news = self.news_of(before) if before else []
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        """When its topics are stored as well."""
        super().save_related(request, form, formsets, change)
        for kind in self.news_of(form.instance):
            if kind not in request.no_news:
                tell_all(kind, form.instance)
