from . import answering, public, questions, writing

app_name = "challenges"
# `new` is a word of the portal's: it comes before the addresses of challenges.
urlpatterns = [
    *writing.patterns,
    *public.patterns,
    *answering.patterns,
    *questions.patterns,
]
