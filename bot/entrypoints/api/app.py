"""The API, mounted at /v1; its description is at /v1/openapi.json."""

from fastapi import FastAPI

from bot.entrypoints.api import decisions, faults, reading, releases, slices
from bot.entrypoints.api.behind import ApiParts
from bot.entrypoints.api.body import READ_WITHIN, BoundedBodies

_ABOUT = (
    "May this release go now? A token of Burnban's, or the identity of a GitHub Actions or GitLab"
    " run, goes into `Authorization: Bearer`. 200 is a decided answer, also when it is no."
)


def build_api(parts: ApiParts, within: float = READ_WITHIN) -> FastAPI:
    """The application. `within`: seconds for a whole body to arrive."""
    api = FastAPI(
        title="Burnban",
        version="1",
        description=_ABOUT,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    api.state.parts = parts
    faults.install(api)
    api.include_router(decisions.router)
    api.include_router(reading.router)
    api.include_router(slices.router)
    api.include_router(releases.router)
    api.add_middleware(BoundedBodies, within=within)
    return api
