"""The listening socket, bound before the server starts so that a port in use is known at once."""

import socket


def listen(host: str = "127.0.0.1", port: int = 0) -> socket.socket:
    """A bound TCP socket; port 0 takes a free one. Raises OSError where the port is taken.

    The protocol is named because asyncio switches Nagle's delay off only for sockets that say they are TCP: without
    it every answer waits 40 ms.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    return listener
