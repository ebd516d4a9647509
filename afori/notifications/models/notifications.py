from django.conf import settings
from django.db import models
from django.db.models import Q

from afori.common.models import Timestamped, new_token


class NotificationQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user_id=user.pk)

    def unread(self):
        return self.filter(read_at=None)

    def unread_first(self):
        return self.alias(is_read=Q(read_at__isnull=False)).order_by(
            "is_read", "-created_at", "-pk"
        )


class Notification(Timestamped):
    """Something one person should know. `kind` names its texts, `subject_id` what it is about."""

    key = models.CharField(max_length=200, unique=True)
    token = models.CharField(max_length=16, unique=True, default=new_token, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notification_of_user"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
        ]

    def __str__(self):
        return self.kind
