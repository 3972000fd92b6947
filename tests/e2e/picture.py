"""Makes docs/warning.png again: `python -m tests.e2e.picture`, half a minute with a Chromium."""

import signal
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.components import chromium_path
from tests.conftest import QUIET_BROWSER
from tests.e2e.demo_visit import WARNING_BY, address, demo
from tests.e2e.process import ROOT

PICTURE = ROOT / "docs" / "warning.png"
WIDTH, SIDEBAR = 900, 232


def main() -> None:
    """Run the demo until it warns, and take the warning with its channel's header."""
    browser = chromium_path()
    if browser is None:
        sys.exit("needs Chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=list(QUIET_BROWSER))
        with demo(Path(folder)) as process:
            page = chromium.new_page(viewport={"width": WIDTH + SIDEBAR, "height": 800})
            take(page, address(process), PICTURE)
            process.end(signal.SIGINT)
        chromium.close()


def take(page: Page, url: str, picture: Path) -> None:
    """The first warning, as it stands when the page has come to rest."""
    page.emulate_media(reduced_motion="reduce")
    page.goto(url)
    warning = page.get_by_test_id("message").filter(has_text="is burning fast")
    warning.wait_for(timeout=WARNING_BY)
    warning.evaluate("node => Promise.all(node.getAnimations().map(one => one.finished))")
    head, body = page.locator("#main header").bounding_box(), warning.bounding_box()
    assert head is not None
    assert body is not None
    height = body["y"] + body["height"] + 8 - head["y"]
    page.screenshot(path=picture, clip={**head, "height": height})


if __name__ == "__main__":
    main()
