from .articles import archive, publish, schedule, send_to_review, take_back, tell_of_articles
from .theme_weeks import (
    cancel_mail,
    close_finished,
    moved_dates,
    plan_again,
    plan_mails,
    reschedule_mail,
    send_due,
    send_test,
    start_mail,
)

__all__ = [
    "archive",
    "cancel_mail",
    "close_finished",
    "moved_dates",
    "plan_again",
    "plan_mails",
    "publish",
    "reschedule_mail",
    "schedule",
    "send_due",
    "send_test",
    "send_to_review",
    "start_mail",
    "take_back",
    "tell_of_articles",
]
