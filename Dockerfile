FROM python:3.11-slim AS build
ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.8
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-dev
COPY . .
# The settings want values; none of these is kept in the image.
RUN export SECRET_KEY=only-while-the-image-is-built-0123456789 AFORI_DATA_KEYS=unused ALLOWED_HOSTS=localhost \
        AFORI_BASE_URL=https://localhost DATABASE_URL=postgres://unused REDIS_URL=redis://unused \
    && .venv/bin/pybabel --quiet compile --use-fuzzy --directory locale --domain django \
    && .venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && uv sync --frozen --no-default-groups

FROM python:3.11-slim
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent afori \
    && install -d -o afori /srv/media
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 AFORI_MEDIA_ROOT=/srv/media \
    GRANIAN_INTERFACE=wsgi GRANIAN_HOST=0.0.0.0 GRANIAN_PORT=8000 GRANIAN_WEBSOCKETS=false \
    GRANIAN_WORKERS=2 GRANIAN_BLOCKING_THREADS=8 GRANIAN_RESPAWN_FAILED_WORKERS=true
USER afori
EXPOSE 8000
CMD ["granian", "afori.wsgi:application"]
