"""One web process: waitress around the application, with what Sett needs of it beside.

Invariant: nobody on the network holds a thread. A request reaches one only when it has come in whole, and an answer
leaves it as soon as it is written; who sends or reads slowly costs a place among the connections and some memory
(docs/adr/0013). Leaves processes to `_group` and the application to `fieldapp.app`.
"""

import os
import socket
import sys
import time
from wsgiref.types import WSGIApplication

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from fieldapp.security import LARGEST_BODY

THREADS = 64
"""Most of them wait for the database: see MOST_WAITING in fieldapp/turns.py, which leaves some for those who read."""
_MOST_CONNECTIONS = 4_000
_LARGEST_HEAD = 32 * 1024
_MOST_TO_DRAIN = 16 * 1024 * 1024
_IN_MEMORY = 256 * 1024
"""Of an answer that is read slowly; the rest waits in a file."""
_WHOLE_WITHIN_S = 300
"""256 KiB at 1 kB a second: slower than any phone that gets anything through."""
_IDLE_S = 120
_LOOK_EVERY_S = 1.0
_FINISH_WITHIN_S = 3.0


class _UpToTheLimit(OverflowableBuffer):
    """Keeps one byte more than a request may have, so that it is seen to be too large, and lets go of the rest."""

    def append(self, part: bytes) -> None:
        room = LARGEST_BODY + 1 - len(self)
        if room > 0:
            super().append(part[:room])


class _Request(HTTPRequestParser):
    """Refuses what two servers in a row could understand differently. Too large a body is taken in as far as it must be
    for its sender to read the answer, which the application gives."""

    completed: bool

    def __init__(self, adj: Adjustments) -> None:
        super().__init__(adj)
        self.began_at = time.monotonic()

    def parse_header(self, header_plus: bytes) -> None:
        super().parse_header(header_plus)
        if self.chunked and "CONTENT_LENGTH" in self.headers:
            raise ParsingError("Both Content-Length and Transfer-Encoding")
        if "TRANSFER_ENCODING" in self.headers:  # taken out where it is understood: in HTTP/1.1
            raise ParsingError("Transfer-Encoding in HTTP/1.0")
        if self.body_rcv is not None:
            self.body_rcv.buf = _UpToTheLimit(_IN_MEMORY)

    def received(self, data: bytes) -> int:
        consumed: int = super().received(data)
        if self.body_bytes_received >= _MOST_TO_DRAIN and not self.completed:
            self.completed = True
            self.headers |= {"CONTENT_LENGTH": str(self.body_bytes_received), "CONNECTION": "close"}
        return consumed


class _Connection(HTTPChannel):
    """Times by the steady clock: the other one may be set while a request is under way."""

    parser_class = _Request

    def __init__(self, *args: object, **more: object) -> None:
        self.proven_at = time.monotonic()
        """When it came, or last had a whole request answered."""
        super().__init__(*args, **more)

    @property
    def last_activity(self) -> float:
        return self._active_at

    @last_activity.setter
    def last_activity(self, _: float) -> None:
        self._active_at = time.monotonic()

    def service(self) -> None:
        super().service()
        self.proven_at = time.monotonic()

    @property
    def is_waited_for(self) -> bool:
        """A whole request is being answered, or the answer is on its way."""
        return bool(self.requests or self.total_outbufs_len)

    def is_overdue(self, now: float) -> bool:
        if self.requests:
            return False
        began_at = self.request.began_at if self.request is not None else now
        return now - began_at > _WHOLE_WITHIN_S or now - self.last_activity > _IDLE_S


class HttpServer(TcpWSGIServer):
    """Serves `app` on a socket that already listens, until it is stopped or the process that started it is gone."""

    channel_class = _Connection
    next_channel_cleanup = float("inf")  # `_tidy` does that, by the steady clock

    def __init__(self, app: WSGIApplication, listener: socket.socket) -> None:
        adj = Adjustments(
            sockets=[listener],
            threads=THREADS,
            connection_limit=_MOST_CONNECTIONS + 100,  # `_make_room` keeps below it: nobody is kept out
            max_request_header_size=_LARGEST_HEAD,
            max_request_body_size=sys.maxsize,  # `_Request` knows better
            outbuf_overflow=_IN_MEMORY,
            clear_untrusted_proxy_headers=False,  # security/proxies.py decides whom to believe
            expose_tracebacks=False,
            ident="",
            backlog=2048,
        )
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(THREADS)
        address = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(app, _sock=listener, dispatcher=dispatcher, adj=adj, sockinfo=address, bind_socket=False)
        self._parent = os.getppid()
        self._stopping = False
        self._finish_within_s = _FINISH_WITHIN_S
        self._tidied_at = time.monotonic()

    def run(self) -> None:
        """Serve; once told to stop let what is being answered finish, for some seconds."""
        while not self._stopping and os.getppid() == self._parent:
            self._look()
        wasyncore.dispatcher.close(self)  # who comes now is refused at once
        give_up_at = time.monotonic() + self._finish_within_s
        while any(one.is_waited_for for one in self.active_channels.values()) and time.monotonic() < give_up_at:
            self._look()

    def stop(self, *_: object) -> None:
        """End `run` (also a signal handler)."""
        self._stopping = True
        self.pull_trigger()

    def stop_at_once(self, *_: object) -> None:
        """End `run` without waiting for anybody."""
        self._finish_within_s = 0
        self.stop()

    def handle_accept(self) -> None:
        self._make_room()
        super().handle_accept()

    def _look(self) -> None:
        wasyncore.poll2(_LOOK_EVERY_S, self._map)
        now = time.monotonic()
        if now - self._tidied_at >= _LOOK_EVERY_S:
            self._tidied_at = now
            for one in self.active_channels.values():
                one.will_close = one.will_close or one.is_overdue(now)

    def _make_room(self) -> None:
        """Where all places are taken, whoever has shown no whole request for longest goes: newcomers are let in."""
        if len(self.active_channels) >= _MOST_CONNECTIONS:
            idle = [one for one in self.active_channels.values() if not one.requests]
            if idle:
                min(idle, key=lambda one: one.proven_at).handle_close()
