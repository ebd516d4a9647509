from . import answering, public, publishing, questions, writing

app_name = "challenges"
# `new` and `review` are words of the portal's: they come before the addresses of challenges.
urlpatterns = [
    *writing.patterns,
    *publishing.patterns,
    *public.patterns,
    *answering.patterns,
    *questions.patterns,
]
