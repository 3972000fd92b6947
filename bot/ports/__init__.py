"""What the flows need from the world, in their own words. Adapters satisfy it structurally."""

from bot.ports.calendar import Calendar
from bot.ports.chores import Chores
from bot.ports.clock import Clock
from bot.ports.forecasts import Forecasts, Given, Ripe
from bot.ports.gate import Answers, Issuers, Tokens
from bot.ports.history import Checkpoints, History, HistoryFilter, Outside, Seals
from bot.ports.ledger import Account, Ledger
from bot.ports.measure import Ask, Reading, Served, Source, TellsVersions
from bot.ports.outbox import Act, Claim, Delivered, Outbox, Outgoing, Receipts
from bot.ports.overrides import Adjustments, Grants, Reviews
from bot.ports.quality import Fetched, Journal, Observations, Place
from bot.ports.record import Books, Record
from bot.ports.schedules import Coming, Schedules, Tenure, Told
from bot.ports.tell import Directory, Messenger, Rendered, Renderer
from bot.ports.workflow import Episode, Episodes, Freezes, Requests, Standings

__all__ = [
    "Account",
    "Act",
    "Adjustments",
    "Answers",
    "Ask",
    "Books",
    "Calendar",
    "Checkpoints",
    "Chores",
    "Claim",
    "Clock",
    "Coming",
    "Delivered",
    "Directory",
    "Episode",
    "Episodes",
    "Fetched",
    "Forecasts",
    "Freezes",
    "Given",
    "Grants",
    "History",
    "HistoryFilter",
    "Issuers",
    "Journal",
    "Ledger",
    "Messenger",
    "Observations",
    "Outbox",
    "Outgoing",
    "Outside",
    "Place",
    "Reading",
    "Receipts",
    "Record",
    "Rendered",
    "Renderer",
    "Requests",
    "Reviews",
    "Ripe",
    "Schedules",
    "Seals",
    "Served",
    "Source",
    "Standings",
    "TellsVersions",
    "Tenure",
    "Tokens",
    "Told",
]
