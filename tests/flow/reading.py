"""What a message says."""

from tests.fakes import Posted


def read(posted: Posted) -> str:
    """What a message says, with plain spaces."""
    return str(posted.message.blocks).replace("\\xa0", " ").replace("\xa0", " ")
