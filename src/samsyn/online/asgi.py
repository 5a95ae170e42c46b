"""The service as an ASGI application, for `samsyn online serve` or any ASGI server."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

from samsyn.online.home import home, prepare

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samsyn.online.settings")
prepare(home())
application = get_asgi_application()
