"""Starts PostgreSQL, Valkey, the web server, a worker, the opener and the clock for `make demo`;
what dies is started again.

Data, logs and throw-away secrets lie in `.demo/`, or in the folder that AFORI_DEMO_DIR names.
Django is imported only by the child process that prepares the database.

`__main__` reads the command, `commands` carries it out with `folder`, `ports`, `content` and
`programs`.
"""
