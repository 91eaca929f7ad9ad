"""The anchor: a bare aiosmtpd handler that takes every mail and forgets it."""

import asyncio

from aiosmtpd.smtp import SMTP


class Discard:
    """Take everything."""

    async def handle_DATA(self, _server: object, _session: object, _envelope: object) -> str:  # noqa: N802
        """Forget it."""
        return "250 OK"


async def main() -> None:
    """Listen, and print the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Discard(), loop=loop), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], "nobody@example.net", flush=True)
    await asyncio.Event().wait()


asyncio.run(main())
