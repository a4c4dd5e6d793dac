"""What is measured, each as a process of its own.

    python -m bench.wecom.servers intake PORT     the product's API without workers, on the data folder of the environment
    python -m bench.wecom.servers bare PORT       the least that can be done: verify, decrypt, insert one row, answer

Both under the same server with the same options.
"""

from __future__ import annotations

import os
import sys
from urllib.parse import parse_qs

import orjson
import uvicorn
from defusedxml import ElementTree as SafeXml
from psycopg_pool import AsyncConnectionPool

from wellspring.app.api import create_app
from wellspring.platform.runtime import Platform
from wellspring.platform.settings import Settings
from wellspring.wecom.crypto import CallbackCipher


class Bare:
    """One row per request, each its own commit."""

    def __init__(self) -> None:
        environment = os.environ
        self._cipher = CallbackCipher(
            token=environment["BENCH_TOKEN"], aes_key=environment["BENCH_AES_KEY"], receive_id=environment["BENCH_CORP"]
        )
        self._pool = AsyncConnectionPool(
            environment["WELLSPRING_DATABASE_URL"],
            min_size=20,
            max_size=20,
            open=False,
            kwargs={"autocommit": True},
        )

    async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
        if scope["type"] == "lifespan":
            await receive()
            await self._pool.open()
            async with self._pool.connection() as connection:
                await connection.execute("create table if not exists bench_bare (id bigserial primary key, body jsonb)")
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await self._pool.close()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        if scope["method"] == "POST":
            query = {name: values[0] for name, values in parse_qs(scope["query_string"].decode()).items()}
            encrypted = SafeXml.fromstring(body, forbid_dtd=True).findtext("Encrypt") or ""
            self._cipher.verify(query["msg_signature"], query["timestamp"], query["nonce"], encrypted)
            fields = {one.tag: one.text for one in SafeXml.fromstring(self._cipher.decrypt(encrypted), forbid_dtd=True)}
            async with self._pool.connection() as connection:
                await connection.execute(
                    "insert into bench_bare (body) values (%s::jsonb)", [orjson.dumps(fields).decode()]
                )
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body", "body": b""})


def main(kind: str, port: int) -> None:
    platform = None
    if kind == "intake":
        platform = Platform.open(Settings())
        app = create_app(platform)
    else:
        app = Bare()  # type: ignore[assignment]
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning", access_log=False, proxy_headers=False)
    if platform is not None:
        platform.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
