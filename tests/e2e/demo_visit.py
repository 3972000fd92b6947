"""A newcomer's visit to the demo: what they click, and what they are shown."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bot.playground.seed import GUEST, LEAD, ONCALL, SCIENTIST, User
from tests.e2e.process import Process
from tests.e2e.waiting import until

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

SOON = 15_000
"""Milliseconds for an answer."""
WARNING_BY, REQUEST_BY = 60_000, 90_000
"""Milliseconds until the day has come to its warning (19 s of it) and to the request (54 s)."""


def demo(folder: Path, *words: str) -> Process:
    """`burnban demo` on a free port, its day kept in `folder`."""
    name = f"demo {len(list(folder.glob('*.log'))) + 1}"
    return Process(["demo", "--port", "0", *words], {}, folder, name)


def address(process: Process) -> str:
    """The one address that it prints."""

    def printed() -> str:
        assert process.alive, process.log
        found = re.search(r"Open (http://\S+)", process.log)
        return found[1] if found else ""

    return until(printed, "address", 30, lambda: process.log)


def plain(text: str) -> str:
    """With common spaces between figures and units."""
    return text.replace("\u00a0", " ")


@dataclass
class Seen:
    """Texts, by what was looked at."""

    texts: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    """Of the browser's console."""

    def __getitem__(self, name: str) -> str:
        return self.texts[name]


class Visit:
    """The page in a browser, used as people use it."""

    def __init__(self, browser: "Browser", url: str) -> None:
        self.seen = Seen()
        self.page: Page = browser.new_page(viewport={"width": 1280, "height": 800})
        self.page.set_default_timeout(SOON)
        self.page.on("pageerror", lambda error: self.seen.errors.append(str(error)))
        self.page.on(
            "console",
            lambda note: self.seen.errors.append(note.text) if note.type == "error" else None,
        )
        self.page.goto(url)
        self.page.get_by_test_id("composer").wait_for()

    def text(self) -> str:
        """All that can be read now."""
        return plain(self.page.locator("body").inner_text())

    def close(self) -> None:
        """Leave."""
        self.page.close()

    def act_as(self, who: User) -> None:
        """The switch above the page."""
        self.page.get_by_test_id(f"act-as-{who.id}").check(force=True)
        self.page.locator(f"[data-testid=act-as-{who.id}]:checked").wait_for(state="attached")

    def write(self, text: str) -> None:
        """Type into the composer and press Enter."""
        self.page.get_by_test_id("composer").fill(text)
        self.page.get_by_test_id("composer").press("Enter")

    def told(self, name: str, saying: str) -> None:
        """Wait for a private answer; keep it, and dismiss it."""
        whisper = self.page.get_by_test_id("ephemeral").filter(has_text=saying).last
        whisper.wait_for()
        self.seen.texts[name] = plain(whisper.inner_text())
        whisper.get_by_test_id("dismiss").click()
        whisper.wait_for(state="detached")

    def message(self, saying: str) -> "Locator":
        """The newest message of the channel that says so."""
        shown = self.page.get_by_test_id("messages").get_by_test_id("message")
        return shown.filter(has_text=saying).last

    def keep(self, name: str, found: "Locator", timeout: float = SOON) -> None:
        """Wait for it, and keep what it says."""
        found.wait_for(timeout=timeout)
        self.seen.texts[name] = plain(found.inner_text())

    def click(self, message: "Locator", action: str) -> None:
        """A button of a message."""
        message.get_by_test_id(f"action-{action}").click()

    def fill(self, **fields: str) -> None:
        """The fields of the open form."""
        dialog = self.page.locator("#modal")
        for name, value in fields.items():
            entry = dialog.get_by_test_id(f"action-{name}")
            if entry.evaluate("node => node.tagName") == "SELECT":
                entry.select_option(value)
            else:
                entry.fill(value)

    def send(self) -> None:
        """Submit the open form."""
        self.page.get_by_test_id("modal-submit").click()

    def form_closes(self) -> None:
        """It has been taken."""
        self.page.get_by_test_id("modal-title").wait_for(state="hidden")


def calm(visit: Visit) -> None:
    """The first seconds: the budgets, a guest, a form filled in wrongly and then rightly."""
    visit.write("/budget status")
    visit.told("calm", "Error budgets")
    visit.write("/budget stats")
    visit.told("unknown word", "does not know")
    visit.act_as(GUEST)
    visit.write("/freeze recs because")
    visit.told("guest", "You cannot")
    visit.act_as(SCIENTIST)
    visit.write("/freeze")
    visit.page.get_by_test_id("modal-title").wait_for()
    visit.fill(scope="service:recs", until="for ever", reason="a risky migration")
    visit.send()
    visit.keep("mistake", visit.page.locator("#modal .note").first)
    visit.fill(until="for 2h")
    visit.send()
    visit.form_closes()
    visit.told("asked", "Asked to freeze")
    asked = visit.message("Freeze releases of service recs?")
    visit.act_as(ONCALL)
    visit.click(asked, "deny")
    visit.told("you denied", "denied")
    visit.keep("denied", visit.message("Denied: freeze releases of service recs"))


def warned(visit: Visit) -> None:
    """The warning: its details, who looks after it, the table."""
    visit.act_as(SCIENTIST)
    warning = visit.message("ranker: the budget of “Requests that succeed”")
    visit.keep("warning", warning, WARNING_BY)
    visit.click(warning, "details")
    details = visit.page.locator("#modal").filter(has_text="How fast it burns")
    visit.keep("details", details)
    visit.page.get_by_test_id("modal-close").click()
    visit.form_closes()
    visit.click(warning, "acknowledge")
    visit.told("acknowledged", "Acknowledged")
    visit.keep("looked after", visit.message("acknowledged by @mira"))
    visit.write("/budget status")
    visit.told("status", "Error budgets")
    visit.write("/budget show ranker")
    visit.told("show", "Good first hits")


def frozen(visit: Visit) -> None:
    """The budget is gone: a request, a vote that does not count, one that does."""
    request = visit.message("Freeze releases of service ranker?")
    visit.keep("request", request, REQUEST_BY)
    visit.keep("worse", visit.message("It got worse"))
    visit.click(request, "approve")
    visit.told("not an approver", "not counted")
    visit.act_as(ONCALL)
    visit.click(request, "approve")
    visit.told("you approved", "takes effect")
    visit.keep("approved", visit.message("Approved: freeze releases of service ranker"))
    visit.keep("frozen", visit.message("Releases of service ranker are frozen"))


def lifted(visit: Visit) -> None:
    """Mira asks for it to be lifted; somebody else approves; all of it is on record."""
    visit.act_as(SCIENTIST)
    visit.write("/unfreeze ranker v38 is rolled back")
    visit.told("asked to lift", "Asked to lift")
    request = visit.message("Lift the freeze of service ranker?")
    visit.keep("lift request", request)
    visit.click(request, "approve")
    visit.told("own request", "somebody else")
    visit.act_as(LEAD)
    visit.click(request, "approve")
    visit.told("lead approved", "takes effect")
    visit.keep("lifted", visit.message("is lifted"))
    visit.write("/budget history")
    visit.told("history", "What was decided")
    visit.message("It got worse").get_by_test_id("to-thread").click()
    worse = visit.page.get_by_test_id("thread").locator("article").filter(has_text="It got worse")
    visit.keep("thread", worse)


def whole(browser: "Browser", url: str) -> Seen:
    """The visit from end to end."""
    visit = Visit(browser, url)
    try:
        for part in (calm, warned, frozen, lifted):
            part(visit)
    except Exception as error:
        error.add_note(f"seen so far: {list(visit.seen.texts)}\nthe page: {visit.text()}")
        raise
    finally:
        visit.close()
    return visit.seen
