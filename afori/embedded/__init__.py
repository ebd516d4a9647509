"""Real PostgreSQL and Valkey from two Python packages, for the demo and the tests.

Not for production: docs/operations.md says how to run the real thing. Only the standard library
and the packages' binaries are used, never their Python layers.

`services` starts both, with `postgres` and `valkey`, which are each a `server`; `processes`,
`accounts` and `binaries` are what these stand on.
"""


class Unavailable(Exception):
    """Something cannot start. The message is one line for the person at the keyboard."""
