"""Settings, read from the environment. docs/operations.md explains each variable."""

from pathlib import Path

import pghistory
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.forms import Script
from django.utils.translation import gettext_lazy as _
from environs import Env, validate

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

DEBUG = env.bool("DEBUG", False)
AFORI_DEMO = env.bool("AFORI_DEMO", False)
SECRET_KEY = env.str("SECRET_KEY", validate=validate.Length(min=32))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS")
AFORI_BASE_URL = env.str("AFORI_BASE_URL", validate=validate.URL(require_tld=False)).rstrip("/")
SECURE = AFORI_BASE_URL.startswith("https://")

AFORI_SITE_NAME = env.str("AFORI_SITE_NAME", "Afori")
AFORI_OPERATOR = env.str("AFORI_OPERATOR", "Upphandlingsmyndigheten")
AFORI_CONTACT_EMAIL = env.str("AFORI_CONTACT_EMAIL", "afori@example.org")
AFORI_LOGO = env.str("AFORI_LOGO", "")
AFORI_DATA_KEYS = env.list("AFORI_DATA_KEYS")
AFORI_OPENER_VERIFY_KEY = env.str("AFORI_OPENER_VERIFY_KEY", "")
AFORI_REQUIRE_MFA = env.bool("AFORI_REQUIRE_MFA", not AFORI_DEMO)
AFORI_TRUSTED_PROXIES = env.int("AFORI_TRUSTED_PROXIES", 0)
AFORI_PAGE_SECONDS = env.int("AFORI_PAGE_SECONDS", 0 if DEBUG else 10)

INSTALLED_APPS = [
    "afori.common.admin_site.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.sitemaps",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_prose_editor",
    "import_export",
    "pgtrigger",
    "pghistory",
    "rules.apps.AutodiscoverRulesConfig",
    "afori.common",
    "afori.taxonomy",
    "afori.accounts",
    "afori.notifications",
    "networks",
    "challenges",
    "funding",
    "afori.events",
    "knowledge",
    "afori.search",
    "afori.home",
]

MIDDLEWARE = [
    "afori.common.page_cache.PageCache",
    "afori.common.middleware.RefuseBadInput",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "afori.common.middleware.CachePolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "afori.common.middleware.LanguageFromAddress",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "afori.common.middleware.StrangersWithoutSession",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "afori.accounts.middleware.ActingFor",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "afori.accounts.mfa.RequireMFA",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "pghistory.middleware.HistoryMiddleware",
]

ROOT_URLCONF = "afori.urls"
WSGI_APPLICATION = "afori.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "afori.common.context.site",
            ],
        },
    },
]

DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL"),
        "CONN_HEALTH_CHECKS": True,
        "CONN_MAX_AGE": 60,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Rate limits live in the database: they are shared by all processes and outlive Redis.
CACHES = {
    "default": {
        "BACKEND": "afori.common.shared_cache.SharedCache",
        "LOCATION": "cache",
    },
    "process": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}

LANGUAGE_CODE = "sv"
LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True
TIME_ZONE = "Europe/Stockholm"

STATIC_URL = "/static/"
STATIC_ROOT = env.path("AFORI_STATIC_ROOT", BASE_DIR / "staticfiles")
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = env.path("AFORI_MEDIA_ROOT", BASE_DIR / "media")
MEDIA_URL = "/never-served/"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
AFORI_UPLOAD_BYTES = 20 * 1024 * 1024
AFORI_UPLOAD_FILES = 10
AFORI_ANSWER_BYTES = 4 * 1024**3
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "rules.permissions.ObjectPermissionBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "my_pages"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "afori.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_FORMS = {
    "login": "afori.accounts.account_forms.LoginForm",
    "signup": "afori.accounts.account_forms.SignupForm",
    "add_email": "afori.accounts.account_forms.AddEmailForm",
    "change_password": "afori.accounts.account_forms.ChangePasswordForm",
    "confirm_email_verification_code": "afori.accounts.account_forms.ConfirmEmailForm",
    "confirm_login_code": "afori.accounts.account_forms.ConfirmLoginForm",
    "confirm_password_reset_code": "afori.accounts.account_forms.ConfirmResetForm",
    "reauthenticate": "afori.accounts.account_forms.ReauthenticateForm",
    "request_login_code": "afori.accounts.account_forms.RequestLoginCodeForm",
    "reset_password": "afori.accounts.account_forms.ResetPasswordForm",
    "reset_password_from_key": "afori.accounts.account_forms.NewPasswordForm",
    "set_password": "afori.accounts.account_forms.SetPasswordForm",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {
    # allauth counts attempts on one account from one network; we, those from everywhere.
    "login_failed": "10/m/ip,5/5m/key,20/h/key",
    "login_failed_anywhere": "20/5m/key",
    # Mails that strangers can make us send to one address: from one network, from everywhere.
    "mail_from_network": "10/h/key",
    "confirm_email": "1/10s/key,40/h/key",
    "request_login_code": "20/m/ip,3/m/key,40/h/key",
    "reset_password": "20/m/ip,5/m/key,40/h/key",
    "confirm_code": "20/m/ip",
    "organisation_request": "20/h/user",
    "invitation": "20/h/user,40/h/key",
    "data_download": "10/h/user",
    "organisation_alike": "120/m/user",
    "subscription": "20/h/ip,5/h/key",
    "receipt_check": "30/m/ip",
    "bounce_report": "600/m/ip",
    "file_upload": "60/h/user",
    "person_name": "30/h/user",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_PASSKEY_SIGNUP_ENABLED = True
MFA_TOTP_ISSUER = AFORI_SITE_NAME
MFA_ADAPTER = "afori.accounts.adapter.MFAAdapter"
MFA_FORMS = {
    "authenticate": "afori.accounts.account_forms.AuthenticateForm",
    "reauthenticate": "afori.accounts.account_forms.ReauthenticateByCodeForm",
    "activate_totp": "afori.accounts.account_forms.ActivateTOTPForm",
    "add_webauthn": "afori.accounts.passkey_forms.AddPasskeyForm",
    "authenticate_webauthn": "afori.accounts.passkey_forms.AuthenticateForm",
    "edit_webauthn": "afori.accounts.passkey_forms.RenamePasskeyForm",
    "login_webauthn": "afori.accounts.passkey_forms.LoginForm",
    "reauthenticate_webauthn": "afori.accounts.passkey_forms.ReauthenticateForm",
    "signup_webauthn": "afori.accounts.passkey_forms.SignupForm",
}
SOCIALACCOUNT_ADAPTER = "afori.accounts.providers.ProviderAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_FORMS = {
    "disconnect": "afori.accounts.account_forms.DisconnectForm",
    "signup": "afori.accounts.account_forms.ProviderSignupForm",
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True}}
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5  # seconds
AFORI_ACCOUNT_MAIL = "afori.notifications.account_mail.queue_account_mail"
AFORI_TELL = "afori.notifications.telling.tell"
AFORI_WRITE_TO = "afori.notifications.telling.write_to"

# Mail
vars().update(env.dj_email_url("EMAIL_URL", "smtp://localhost:25"))
if AFORI_DEMO:
    EMAIL_BACKEND = "afori.notifications.mailbox.EmailBackend"
AFORI_MAILBOX_DIR = env.path("AFORI_MAILBOX_DIR", MEDIA_ROOT / "mailbox")
EMAIL_TIMEOUT = 20
AFORI_BOUNCE_SECRET = env.str(
    "AFORI_BOUNCE_SECRET", "", validate=validate.Regexp(r"(.{32,})?$", error="At least 32 letters.")
)
AFORI_BOUNCE_MAILBOX = env.str(
    "AFORI_BOUNCE_MAILBOX",
    "",
    validate=validate.Regexp(r"((imaps|imap\+tls|imap)://\S+)?$", error="Not an IMAP address."),
)
DEFAULT_FROM_EMAIL = env.str("AFORI_FROM_EMAIL", f"{AFORI_SITE_NAME} <{AFORI_CONTACT_EMAIL}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Workers
CELERY_BROKER_URL = env.str("REDIS_URL")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_ACKS_LATE = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "socket_timeout": 2,
    "visibility_timeout": 3600,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = {"challenges.tasks.work_as_opener": {"queue": "opener"}}
CELERY_BEAT_SCHEDULE = {
    "send-mail": {"task": "afori.notifications.tasks.send_mail", "schedule": 5},
    "send-theme-weeks": {"task": "knowledge.tasks.send_theme_weeks", "schedule": 60},
    "tell-of-articles": {"task": "knowledge.tasks.tell_of_articles", "schedule": 60},
    "read-bounces": {"task": "afori.notifications.tasks.read_bounces", "schedule": 300},
    "plan-digests": {"task": "afori.notifications.tasks.plan_digests", "schedule": 60},
    "work-as-opener": {
        "task": "challenges.tasks.work_as_opener",
        "schedule": 5,
        "options": {"queue": "opener"},
    },
    "publish-challenges": {"task": "challenges.tasks.publish_challenges", "schedule": 10},
    "close-days": {"task": "challenges.tasks.close_days", "schedule": crontab(hour=0, minute=5)},
    "publish-outcomes": {"task": "challenges.tasks.publish_outcomes", "schedule": 60},
    "remind-openers": {"task": "challenges.tasks.remind_openers", "schedule": 60},
    "remind-teams": {
        "task": "challenges.tasks.remind_teams",
        "schedule": crontab(hour=6, minute=20),
    },
    "tell-of-questions": {
        "task": "challenges.tasks.tell_of_questions",
        "schedule": crontab(hour=7, minute=0),
    },
    "apply-retention": {
        "task": "afori.common.tasks.apply_retention",
        "schedule": crontab(hour=3, minute=10),
    },
}

# Security
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_SECURE = SECURE
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [AFORI_BASE_URL]
CSRF_FAILURE_VIEW = "afori.common.errors.csrf_failure"
MESSAGE_STORAGE = "afori.common.messages.CookieStorage"
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if SECURE and AFORI_TRUSTED_PROXIES else None
)
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# Rich text
DJANGO_PROSE_EDITOR_PRESETS = {"afori": [Script("js/editor.js", type="module")]}

# History
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_APPEND_ONLY = True
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="history")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "afori.common.logs.JSONFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": env.str("AFORI_LOG_LEVEL", "INFO")},
    "loggers": {"django": {"handlers": [], "propagate": True}},
}
