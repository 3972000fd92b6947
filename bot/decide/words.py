"""From the words people use to scopes, and back."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches

from bot.decide.scope import EVERYTHING, Reach, Scope
from bot.decide.service import Service
from bot.errors import Unplaced, UserError

PREFIXES = {
    "service": Reach.SERVICE,
    "team": Reach.TEAM,
    "model": Reach.MODEL,
    "environment": Reach.ENVIRONMENT,
    "env": Reach.ENVIRONMENT,
    "label": Reach.LABELS,
}
"""What may stand before a colon to say which is meant."""

_BARE: tuple[tuple[Reach, ...], ...] = (
    (Reach.SERVICE, Reach.TEAM),
    (Reach.MODEL, Reach.ENVIRONMENT),
)
"""A bare word is a service or a team; only if it is neither, a model or an environment: a model
often bears the name of its service, which is then the narrower of the two."""


def read_scope(word: str, services: Mapping[str, Service], teams: Mapping[str, object]) -> Scope:
    """What people mean by `all`, a team, a service, a model, an environment, or by one of these
    with its kind before it (`team:x`, `env:prod`, `label:tier=critical,zone=eu`).

    Raises UserError for an unknown or ambiguous word, naming the nearest ones.
    """
    if word.lower() == "all":
        return EVERYTHING
    prefix, colon, name = word.partition(":")
    reach = PREFIXES.get(prefix.lower()) if colon else None
    names = _names(services, teams)
    if reach is Reach.LABELS:
        return _labels(name, services)
    if reach is not None:
        if name not in names[reach]:
            raise _unknown(name, names[reach], [reach])
        return Scope(reach, name)
    for reaches in _BARE:
        hits = [one for one in reaches if word in names[one]]
        if len(hits) == 1:
            return Scope(hits[0], word)
        if hits:
            sentence = f"`{word}` is both a {hits[0]} and {_a(hits[1])}."
            raise Unplaced(sentence, f"{hits[0]}:{word}", word)
    raise _unknown(word, [name for found in names.values() for name in found], _BARE[0])


def write_scope(scope: Scope, read: Callable[[str], Scope]) -> str:
    """The shortest word that `read` takes for just this scope."""
    if scope.reach in (Reach.ALL, Reach.LABELS):
        return str(scope)
    try:
        found = read(scope.name)
    except UserError:
        return str(scope)
    return scope.name if found == scope else str(scope)


def _a(reach: Reach) -> str:
    return f"an {reach}" if reach is Reach.ENVIRONMENT else f"a {reach}"


def _names(
    services: Mapping[str, Service], teams: Mapping[str, object]
) -> dict[Reach, Sequence[str]]:
    known = services.values()
    return {
        Reach.SERVICE: list(services),
        Reach.TEAM: list(teams),
        Reach.MODEL: sorted({one.model for one in known} - {""}),
        Reach.ENVIRONMENT: sorted({one.environment for one in known} - {""}),
    }


def _labels(text: str, services: Mapping[str, Service]) -> Scope:
    pairs = [pair.partition("=") for pair in text.split(",")]
    if not all(key and equals and value for key, equals, value in pairs):
        sentence, example = f"`{text}` is not a list of labels.", "label:tier=critical,zone=eu"
        raise Unplaced(sentence, example, f"label:{text}", near=False)
    scope = Scope.of_labels(frozenset((key, value) for key, _, value in pairs))
    if not any(scope.covers(service) for service in services.values()):
        known = sorted({f"{k}={v}" for one in services.values() for k, v in one.labels})
        near = get_close_matches(text, known, n=1)
        example = next((f"label:{one}" for one in [*near, *known]), "all")
        sentence, word = f"No service bears the labels `{text}`.", f"label:{text}"
        raise Unplaced(sentence, example, word, near=bool(near))
    return scope


def _unknown(word: str, names: Sequence[str], reaches: Sequence[Reach]) -> Unplaced:
    near = get_close_matches(word, list(dict.fromkeys(names)))
    hint = f" Did you mean {' or '.join(f'`{n}`' for n in near)}?" if near else ""
    kind = " or ".join(reaches)
    example = near[0] if near else next(iter(names), "all")
    return Unplaced(f"There is no {kind} `{word}`.{hint}", example, word, near=bool(near))
