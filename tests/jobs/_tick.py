"""The channel of the worker under test, and what `tick` is."""

import datetime as dt
from collections.abc import Callable

from fieldapp.channels.webpush import WebPush
from tests._scene import Scene

Tick = Callable[[dt.datetime], bool]


def channel(scene: Scene) -> WebPush:
    return WebPush("https://sett.example", "mailto:drift@sett.example", scene.vapid_key)
