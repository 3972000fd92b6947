"""FreezeSchedules: dates, recurrences, public holidays and calendars, read as they are meant."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.calendar import Almanac
from bot.decide.schedule import Schedule
from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.errors import SpecError
from bot.spec import Watched, load, load_texts
from tests.unit.specs.kit import KINDS, SOURCE, faults, read, slo, team

HEAD = "apiVersion: burnban/v1\nkind: FreezeSchedule\nmetadata: {name: year-end}\nspec:\n"
CALENDAR = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
BEGIN:VEVENT
SUMMARY:Company holidays
DTSTART;VALUE=DATE:20261224
DTEND;VALUE=DATE:20270102
END:VEVENT
END:VCALENDAR
"""


def document(*lines: str, scopes: str = "[all]") -> str:
    body = [f"scopes: {scopes}", "reason: few are at work", *lines]
    return HEAD + "".join(f"  {line}\n" for line in body)


def schedule(*lines: str, scopes: str = "[all]") -> Schedule:
    found = read(slo(), team("ranking"), document(*lines, scopes=scopes))
    return found.schedules["year-end"]


def begins(found: Schedule, since: str = "2026-10-01", days: int = 120) -> list[str]:
    first = datetime.fromisoformat(since).replace(tzinfo=UTC)
    seen = Almanac().occurrences(found, first, first + timedelta(days=days))
    return [f"{one.start:%m-%d %H} to {one.end:%m-%d %H}" for one in seen]


BERLIN = "timeZone: Europe/Berlin"


def test_one_off_dates_have_an_end_or_a_length() -> None:
    found = schedule(
        BERLIN,
        "dates:",
        "  - {start: 2026-12-19 18:00, end: 2027-01-04 08:00}",
        "  - {start: 2026-10-24 12:00, duration: 1d, reason: Audit}",
        "  - {start: 2026-11-02 08:00, duration: 8h}",
    )
    assert begins(found) == ["10-24 10 to 10-25 11", "11-02 07 to 11-02 15", "12-19 17 to 01-04 07"]
    assert [one.reason for one in found.dates] == ["", "Audit", ""]


def test_one_date_need_not_be_a_list() -> None:
    assert begins(schedule(BERLIN, "dates: {start: 2026-11-02 08:00, duration: 8h}"))


def test_a_recurrence_has_exceptions() -> None:
    found = schedule(
        BERLIN,
        "recurrences:",
        "  start: 2026-10-16 18:00",
        "  end: 2026-10-19 08:00",
        "  rule: FREQ=WEEKLY;BYDAY=FR;UNTIL=20261120",
        "  except: [2026-10-30, 2026-11-06 18:00]",
    )
    assert begins(found) == [
        "10-16 16 to 10-19 06",
        "10-23 16 to 10-26 07",
        "11-13 17 to 11-16 07",
        "11-20 17 to 11-23 07",
    ]


def test_public_holidays_are_those_of_the_place() -> None:
    found = schedule(
        BERLIN, "holidays: {country: DE, subdivision: BE, daysBefore: 1, except: [2026-10-03]}"
    )
    assert begins(found) == ["12-23 23 to 12-26 23", "12-30 23 to 01-01 23"]


def test_a_country_may_be_called_no() -> None:
    assert begins(schedule(BERLIN, "holidays: {country: NO}"))


def test_scopes_are_words_as_in_the_commands() -> None:
    found = schedule(BERLIN, "holidays: {country: DE}", scopes="[team:ranking, ranker]")
    assert found.scopes == (Scope(Reach.TEAM, "ranking"), Scope(Reach.SERVICE, "ranker"))
    alone = schedule(BERLIN, "holidays: {country: DE}", scopes="all")
    assert alone.scopes == (EVERYTHING,)


@pytest.mark.parametrize(
    ("line", "notice"),
    [
        ("", timedelta(days=1)),
        ("notice: 2h", timedelta(hours=2)),
        ("notice: 0d", timedelta()),
        ("notice: 0", timedelta()),
    ],
)
def test_people_are_told_a_day_before_unless_it_says_otherwise(
    line: str, notice: timedelta
) -> None:
    lines = [BERLIN, "holidays: {country: DE}", *([line] if line else [])]
    assert schedule(*lines).notice == notice


def whole(folder: str, line: str, calendar: str = CALENDAR) -> dict[str, str]:
    spec = "---\n".join([SOURCE, slo(), document(BERLIN, line)])
    return {f"{folder}a.yaml": spec, f"{folder}dates/company.ics": calendar}


@pytest.mark.parametrize("folder", ["", "specs/", "/srv/specs/"])
@pytest.mark.parametrize("named", ["dates/company.ics", "./dates/../dates/company.ics"])
def test_a_calendar_lies_beside_the_spec(folder: str, named: str) -> None:
    found = load_texts(whole(folder, f"calendar: {named}"), source_kinds=KINDS)
    assert begins(found.schedules["year-end"]) == ["12-23 23 to 01-01 23"]


def test_a_fault_in_a_calendar_names_its_file_and_line() -> None:
    faulty = CALENDAR.replace("20270102", "20250102")
    with pytest.raises(SpecError) as caught:
        load_texts(whole("", "calendar: dates/company.ics", faulty), source_kinds=KINDS)
    (fault,) = caught.value.faults
    assert (fault.where, fault.path) == ("dates/company.ics:4", "event “Company holidays”")
    assert "ends no later than it begins" in fault.problem


def test_a_misspelt_calendar_gets_the_nearest() -> None:
    with pytest.raises(SpecError, match=r"Did you mean `dates/company.ics`\?"):
        load_texts(whole("", "calendar: dates/compny.ics"), source_kinds=KINDS)


def test_a_calendar_is_part_of_the_version_and_is_watched(tmp_path: Path) -> None:
    def write(texts: dict[str, str]) -> None:
        for name, text in texts.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text)

    write(whole("", "calendar: dates/company.ics"))
    watched = Watched(tmp_path)
    before = load(tmp_path, source_kinds=KINDS)
    write({"dates/company.ics": CALENDAR.replace("20270102", "20270111")})
    assert watched.changed()
    after = load(tmp_path, source_kinds=KINDS)
    assert after.version != before.version
    assert begins(after.schedules["year-end"]) == ["12-23 23 to 01-10 23"]


def test_a_single_spec_file_has_the_calendars_beside_it(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(whole("", "calendar: company.ics")["a.yaml"])
    (tmp_path / "company.ics").write_text(CALENDAR)
    assert load(tmp_path / "a.yaml", source_kinds=KINDS).schedules["year-end"].dates


def test_a_folder_of_calendars_alone_has_no_specs(tmp_path: Path) -> None:
    (tmp_path / "company.ics").write_text(CALENDAR)
    with pytest.raises(SpecError, match="There are no spec files here"):
        load(tmp_path, source_kinds=KINDS)


def test_a_calendar_that_no_schedule_names_does_no_harm() -> None:
    texts = whole("", "calendar: dates/company.ics") | {"other.ics": "not a calendar"}
    assert load_texts(texts, source_kinds=KINDS).schedules


def test_the_scope_of_a_faulty_team_is_told_once() -> None:
    broken = "apiVersion: burnban/v1\nkind: Team\nmetadata: {name: search}\nspec: {channel: x}\n"
    found = faults(slo(), broken, document(BERLIN, "holidays: {country: DE}", scopes="[search]"))
    assert all("scopes" not in fault.path for fault in found)
    assert found


@pytest.mark.parametrize("word", ["list", "preview", "edit"])
def test_words_of_the_commands_name_no_service(word: str) -> None:
    assert any("is a word of the commands" in fault.problem for fault in faults(slo(service=word)))
