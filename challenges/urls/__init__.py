from . import answering, evaluating, outcomes, public, publishing, questions, writing

app_name = "challenges"
# `new`, `review` and `follow-up` are words of the portal's: they come before the addresses of
# challenges.
urlpatterns = [
    *writing.patterns,
    *publishing.patterns,
    *outcomes.patterns,
    *public.patterns,
    *answering.patterns,
    *evaluating.patterns,
    *questions.patterns,
]
