from . import answering, public

app_name = "challenges"
urlpatterns = [*public.patterns, *answering.patterns]
