"""users.*, usergroups.*, auth.test and the other small ones."""

from __future__ import annotations

from bot.playground import shapes
from bot.playground.arguments import Args
from bot.playground.method import Method, method
from bot.playground.model import Json, SlackError, User
from bot.playground.rules.report import Report
from bot.playground.rules.surfaces import message_report, view_report
from bot.playground.workspace import Workspace


def auth_test(workspace: Workspace, _args: Args) -> Json:
    return {
        "url": f"https://{workspace.team.domain}.slack.com/",
        "team": workspace.team.name,
        "user": workspace.bot.name,
        "team_id": workspace.team.id,
        "user_id": workspace.bot.user_id,
        "bot_id": workspace.bot.bot_id,
        "is_enterprise_install": False,
    }


def bot_info(workspace: Workspace, args: Args) -> Json:
    bot = workspace.bot
    if args.text("bot") != bot.bot_id:
        raise SlackError("bot_not_found")
    known = {"id": bot.bot_id, "deleted": False, "name": bot.name}
    return {"bot": known | {"user_id": bot.user_id, "app_id": bot.app_id}}


def api_test(_workspace: Workspace, args: Args) -> Json:
    if args.has("error"):
        raise SlackError(args.text("error"), args=args.values)
    return {"args": args.values}


def user_info(workspace: Workspace, args: Args) -> Json:
    return {"user": _shape(workspace, workspace.user(args.text("user")))}


def user_list(workspace: Workspace, _args: Args) -> Json:
    people = [_shape(workspace, person) for person in workspace.users]
    return {"members": people, "response_metadata": {"next_cursor": ""}}


def lookup_by_email(workspace: Workspace, args: Args) -> Json:
    wanted = args.text("email").lower()
    for person in workspace.users:
        if person.email.lower() == wanted and not person.deleted:
            return {"user": _shape(workspace, person)}
    raise SlackError("users_not_found")


def group_list(workspace: Workspace, args: Args) -> Json:
    groups = [g for g in workspace.groups if args.flag("include_disabled") or not g.disabled]
    bodies = [shapes.group(g, workspace.team) for g in groups]
    if args.flag("include_users"):
        for body, group in zip(bodies, groups, strict=True):
            body["users"] = list(group.users)
    return {"usergroups": bodies}


def group_users(workspace: Workspace, args: Args) -> Json:
    group = workspace.group(args.text("usergroup"))
    hidden = group.disabled and not args.flag("include_disabled")
    return {"users": [] if hidden else list(group.users)}


def validate(_workspace: Workspace, args: Args) -> Json:
    given = [name for name in ("blocks", "message", "view") if args.has(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments", messages=["provide one of blocks, message, view"])
    kind = given[0]
    payload = args.structure(kind, "invalid_arguments")
    report = _report(kind, payload)
    if report.flaws:
        flaws = [
            {"pointer": flaw.pointer, "code": flaw.code, "message": flaw.message}
            for flaw in report.flaws
        ]
        raise SlackError(f"invalid_{kind}", errors=flaws)
    return {}


def _report(kind: str, payload: object) -> Report:
    if kind == "blocks":
        return message_report(payload, "")
    if not isinstance(payload, dict):
        report = Report()
        report.is_object("", payload)
        return report
    return view_report(payload, at="") if kind == "view" else message_report(payload.get("blocks"))


def _shape(workspace: Workspace, person: User) -> Json:
    with_email = "users:read.email" in workspace.bot.scopes
    return shapes.user(person, workspace.team, with_email=with_email)


METHODS: dict[str, Method] = {
    "auth.test": method(auth_test, tier=0),
    "api.test": method(api_test, "", "error foo", tier=0, caller="anyone"),
    "bots.info": method(bot_info, "", "bot team_id", scope="users:read", tier=3),
    "users.info": method(user_info, "user", "include_locale", scope="users:read", tier=4),
    "users.list": method(user_list, "", "cursor limit include_locale", scope="users:read", tier=2),
    "users.lookupByEmail": method(lookup_by_email, "email", scope="users:read.email"),
    "usergroups.list": method(
        group_list,
        "",
        "include_count include_disabled include_users",
        scope="usergroups:read",
        tier=2,
    ),
    "usergroups.users.list": method(
        group_users, "usergroup", "include_disabled", scope="usergroups:read", tier=2
    ),
    "blocks.validate": method(validate, "", "blocks message view"),
}
