"""A real browser: Debian's Chromium driven by Playwright, phone-sized or wide, with a profile that lasts."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Of two such lists the last one counts: what Playwright turns off itself, and two pages that the address field,
    # which nobody sees here, keeps loaded in a process of their own.
    "--disable-features="
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,"
    "LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch,"
    "WebUIOmniboxPopup,WebUIOmniboxAimPopup",
]
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "locale": "nb-NO",
    "timezone_id": "Europe/Oslo",
}
WIDE: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "nb-NO", "timezone_id": "Europe/Oslo"}
_PATIENCE_MS = 60_000


@contextmanager
def browser(profile: Path, device: dict[str, Any] | None = None, **options: Any) -> Iterator[BrowserContext]:
    """Open the browser on this profile folder; the same folder again is the same phone after a restart.

    A persistent context, because push and storage that lasts are off in any other kind.
    """
    with sync_playwright() as playwright:
        context = launch(playwright, profile, device, **options)
        try:
            yield context
        finally:
            context.close()


def launch(
    playwright: Playwright, profile: Path, device: dict[str, Any] | None = None, **options: Any
) -> BrowserContext:
    """Start it inside a Playwright that the caller ends."""
    context = playwright.chromium.launch_persistent_context(
        str(profile),
        executable_path=shutil.which("chromium") or "/usr/bin/chromium",
        headless=True,
        args=ARGUMENTS,
        **((device or PHONE) | options),
    )
    context.set_default_timeout(_PATIENCE_MS)
    return context
