"""E-mail: a constant subject and a link, over SMTP with TLS where the server has it.

`smtps://` is TLS from the start; with `smtp://` STARTTLS is used when offered. A password goes only to a server whose
certificate holds, or to this machine. What the server says in words is never kept: it likes to repeat the address.
"""

import datetime as dt
import hashlib
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from fieldapp.channels.contract import TIMEOUT_SECONDS, Delivered, Gone, Message, OurFault, Outcome, Retry, ToMailbox
from fieldapp.channels.deadline import WHOLE_SECONDS, connect, hung_up_after
from fieldapp.services.notify.hosts import is_loopback
from fieldapp.services.notify.messages import TITLES

_PORTS = {"smtp": 25, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """Where and how to hand e-mail over."""

    host: str
    port: int
    tls: bool
    username: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""
    """From `?from=`; empty when not given."""

    @classmethod
    def of(cls, url: str) -> "Server":
        """Read `smtp[s]://user:password@host:port?from=address`, checked before by the settings."""
        parts = urlsplit(url)
        return cls(
            host=parts.hostname or "",
            port=parts.port or _PORTS[parts.scheme],
            tls=parts.scheme == "smtps",
            username=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=parse_qs(parts.query).get("from", [""])[0],
        )


class NoSafeWay(Exception):
    """The server wants a password over a connection that anybody may read."""


class Email:
    """Hands messages over to one mail server, one connection each. Safe to share between threads."""

    def __init__(self, server: Server, sender: str, public_url: str) -> None:
        self._server = server
        self._sender = server.sender or sender
        self._public_url = public_url

    def send(self, message: Message, now: dt.datetime) -> Outcome:
        """Send it once; what the mail server answered, in the words of the contract."""
        assert isinstance(message.to, ToMailbox)
        mail = mail_of(message, message.to.address, self._sender, self._public_url, now)
        try:
            with connected(self._server) as smtp:
                smtp.send_message(mail, self._sender, [message.to.address])
                return Delivered(250)
        except smtplib.SMTPRecipientsRefused as refused:
            status = refused.recipients[message.to.address][0]
            return Gone(status) if status >= 500 else Retry(status, "RCPT")
        except smtplib.SMTPResponseException as error:
            status, what = error.smtp_code, type(error).__name__
            return OurFault(status, what) if status >= 500 else Retry(status, what)
        except (NoSafeWay, smtplib.SMTPNotSupportedError) as error:
            return OurFault(None, type(error).__name__)
        except smtplib.SMTPServerDisconnected as error:
            return Retry(None, type(error).__name__)
        except smtplib.SMTPException as error:  # it knows no way of signing in that we know
            return OurFault(None, type(error).__name__)
        except OSError as error:  # a server that hangs up is one, too; so is TLS that does not hold
            return Retry(None, type(error).__name__, waited=isinstance(error, TimeoutError))
        except ValueError as error:
            return OurFault(None, type(error).__name__)


@contextmanager
def connected(server: Server) -> Iterator[smtplib.SMTP]:
    """A greeted and, where there is a password, signed-in connection. What goes wrong while saying good-bye is over."""
    smtp = _client(server)
    with closing(smtp), hung_up_after(WHOLE_SECONDS, lambda: smtp.sock):
        code, _ = smtp.connect(server.host, server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, "")
        smtp.ehlo_or_helo_if_needed()
        _make_safe(smtp, server)
        if server.username:
            smtp.login(server.username, server.password)
        yield smtp
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()


class _Client(smtplib.SMTP):
    """One that connects in time: smtplib's own gives each address of a name the whole time-out."""

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, timeout)


class _SafeClient(smtplib.SMTP_SSL, _Client):
    """TLS over what `_Client` connected."""


def _client(server: Server) -> smtplib.SMTP:
    if server.tls:
        client: smtplib.SMTP = _SafeClient(timeout=TIMEOUT_SECONDS, context=ssl.create_default_context())
    else:
        client = _Client(timeout=TIMEOUT_SECONDS)
    client._host = server.host  # type: ignore[attr-defined]  # what TLS checks the certificate against
    return client


def _make_safe(smtp: smtplib.SMTP, server: Server) -> None:
    """TLS when offered. Its certificate must hold where a password follows; else any TLS is better than none."""
    if server.tls:
        return
    if smtp.has_extn("starttls"):
        context = ssl.create_default_context()
        if not server.username:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
    elif server.username and not is_loopback(server.host):
        raise NoSafeWay


def mail_of(message: Message, address: str, sender: str, public_url: str, now: dt.datetime) -> EmailMessage:
    """A mail that says no more than a push does. Sent twice it has one Message-ID; an alert's mails share a thread."""
    mail = EmailMessage()
    title = TITLES[message.kind]
    at_our_host = sender.rpartition("@")[2]
    mail["Subject"] = title
    mail["From"] = f"Sett <{sender}>"
    mail["To"] = address
    mail["Date"] = format_datetime(now)
    # Not the delivery's id: that one is the secret by which a phone says it has shown a message.
    mail["Message-ID"] = f"<{hashlib.sha256(message.delivery_id.encode()).hexdigest()[:32]}@{at_our_host}>"
    mail["References"] = f"<{message.topic}@{at_our_host}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["Content-Language"] = "nb"
    mail.set_content(f"{title}\n\nÅpne Sett: {public_url}{message.path}\n")
    return mail
