"""Systems outside: which deployment releases what."""

from bot.decide.outside import CodeHost, Deploys, HostKind, Outside, Registry, Serves

RULES = (
    Deploys("acme/Ranker", "prod", ("ranker", "recs")),
    Deploys("acme/ranker", "staging", ("ranker-staging",)),
    Deploys("acme/other", "prod", ("other", "ranker")),
)
HOST = CodeHost("acme", HostKind.GITHUB, "https://api.github.com", RULES)


def test_an_environment_of_a_repository_releases_its_services() -> None:
    assert HOST.services("acme/ranker", "prod") == ("ranker", "recs")
    assert HOST.services("acme/ranker", "staging") == ("ranker-staging",)
    assert HOST.services("acme/ranker", "Prod") == ()
    assert HOST.services("evil/ranker", "prod") == ()


def test_a_repository_releases_what_any_of_its_environments_does() -> None:
    assert HOST.services("ACME/RANKER") == ("ranker", "recs", "ranker-staging")


def test_repositories_are_named_as_the_specs_write_them() -> None:
    assert HOST.known("ACME/ranker") == "acme/Ranker"
    assert HOST.known("acme/none") == ""
    assert HOST.places == ("acme/Ranker", "acme/ranker", "acme/other")


def test_hosts_are_told_apart_by_their_kind() -> None:
    outside = Outside({"acme": HOST})
    assert outside.of(HostKind.GITHUB) == (HOST,)
    assert outside.of(HostKind.GITLAB) == ()


def test_an_alias_of_a_model_has_its_own_rules() -> None:
    champion = Serves("ranker", ("ranker",), alias="champion")
    staged = Serves("ranker", ("ranker",), stage="Production")
    registry = Registry("main", "https://mlflow.example", (champion, staged))
    assert list(registry.rules_of("ranker", "champion")) == [champion]
    assert list(registry.rules_of("ranker", "challenger")) == []
    assert (champion.mark, staged.mark) == ("@champion", "Production")
