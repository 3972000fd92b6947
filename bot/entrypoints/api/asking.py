"""How the doors that answer many at once ask the gate."""

import asyncio

from fastapi.concurrency import run_in_threadpool

from bot.decide.caller import Caller
from bot.flow.gate.decide import Asking, DecideGate
from bot.flow.gate.sitting import GateAnswer


async def ask(gate: DecideGate, asking: Asking, caller: Caller) -> GateAnswer:
    """As `gate.run`, but nobody's thread waits for the database: to change threads took longer than
    the answer itself. Raises what `run` raises."""
    waiting = gate.begin(asking, caller)
    try:
        async with asyncio.timeout(gate.patience):
            found = await asyncio.wrap_future(waiting.answer)
    except Exception:  # noqa: BLE001 - the gate knows what it means
        found = gate.given(waiting)
    if not gate.advises(found):
        return found
    return await run_in_threadpool(gate.advised, asking, found)
