"""The `fieldapp` command. Each command lives in the module of its own name here, as `command`; nothing else is listed.

A command is imported when it is called, so that one needs not wait for what another uses; `--help` imports none.
"""

import ast
import errno
import faulthandler
import gc
import os
import pkgutil
import sqlite3
import sys
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path

import click

from fieldapp.errors import CannotDo


class _Commands(click.Group):
    """Finds `fieldapp NAME` in fieldapp/cli/NAME.py; `setup-code` in setup_code.py."""

    def list_commands(self, _: click.Context) -> list[str]:
        modules = (module.name for module in pkgutil.iter_modules(__path__))
        return sorted(name.replace("_", "-") for name in modules if not name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{_module_of(cmd_name)}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with what each does, read from their source: importing them all takes a second."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, _first_sentence(name)) for name in self.list_commands(ctx)])


def _module_of(name: str) -> str:
    return name.replace("-", "_")


def _first_sentence(name: str) -> str:
    tree = ast.parse(Path(__path__[0], f"{_module_of(name)}.py").read_text(encoding="utf-8"))
    command = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "command")
    return (ast.get_docstring(command) or "").split("\n\n")[0].replace("\n", " ").split(". ")[0].rstrip(".") + "."


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def fieldapp(context: click.Context) -> None:
    """Sett: felles verktøy for drift av én kommune."""
    from fieldapp import logs
    from fieldapp.config import Settings

    gc.freeze()  # what was imported stays
    gc.enable()
    settings = context.obj = Settings.from_env(os.environ)
    logs.configure(settings.log_format)


def main() -> None:
    """Run the command line; a wrong setting, an impossible wish or no database ends with one sentence and status 2."""
    faulthandler.enable(2)  # a crash of the process itself says in the log where it was
    gc.disable()  # until a command starts: importing makes much and throws little away
    plainly(partial(fieldapp, prog_name="fieldapp"))


def plainly(work: Callable[[], object]) -> None:
    """Do `work`; an error that is no fault of the program ends the process with one sentence and status 2."""
    try:
        work()
    except Exception as error:
        sentence = _said_plainly(error)
        if sentence is None:
            raise
        print(f"fieldapp: {sentence}", file=sys.stderr)
        sys.exit(2)


def _said_plainly(error: Exception) -> str | None:
    """The sentence for an error that isn't a fault of the program; None for one that is."""
    from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

    from fieldapp import driver_errors
    from fieldapp.config import ConfigError

    if isinstance(error, ConfigError | CannotDo):
        return str(error)
    if isinstance(error, OperationalError | ProgrammingError | InterfaceError):
        return driver_errors.said_plainly(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return _FULL_DISK
    if isinstance(error, OSError) and error.errno in (errno.EROFS, errno.EACCES, errno.EPERM) and error.filename:
        return f"Får ikke lest eller skrevet {error.filename}: {error.strerror}. Kjør som den brukeren som eier den."
    if isinstance(error, sqlite3.Error) and driver_errors.code_of(error).startswith(("SQLITE_FULL", "SQLITE_IOERR")):
        return _FULL_DISK
    return None


_FULL_DISK = "Disken er full. Gjør plass og prøv igjen; ingenting av dette er gjort."
