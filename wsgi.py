"""The web application, for any WSGI server. `fieldapp web` is the one it is tested with."""

import os

from fieldapp.app import create_app
from fieldapp.config import Settings

app = create_app(Settings.from_env(os.environ))
