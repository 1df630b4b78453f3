"""The `fieldapp` command. Each command lives in the module of its own name here, as `command`; nothing else is listed.

A command is imported when it is called, so that one needs not wait for what another uses.
"""

import errno
import faulthandler
import os
import pkgutil
import sqlite3
import sys
from importlib import import_module

import click
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

from fieldapp import driver_errors, logs
from fieldapp.config import ConfigError, Settings
from fieldapp.errors import CannotDo


class _Commands(click.Group):
    """Finds `fieldapp NAME` in fieldapp/cli/NAME.py."""

    def list_commands(self, _: click.Context) -> list[str]:
        return sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command
        return command


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def fieldapp(context: click.Context) -> None:
    """Sett: felles verktøy for drift av én kommune."""
    settings = context.obj = Settings.from_env(os.environ)
    logs.configure(settings.log_format)


def main() -> None:
    """Run the command line; a wrong setting, an impossible wish or no database ends with one sentence and status 2."""
    faulthandler.enable(2)  # a crash of the process itself says in the log where it was
    try:
        fieldapp(prog_name="fieldapp")
    except (ConfigError, CannotDo) as refusal:
        print(f"fieldapp: {refusal}", file=sys.stderr)
    except (OperationalError, ProgrammingError, InterfaceError) as error:
        print(f"fieldapp: {driver_errors.said_plainly(error)}", file=sys.stderr)
    except (sqlite3.Error, OSError) as error:
        if not _is_full_disk(error):
            raise
        print("fieldapp: Disken er full. Gjør plass og prøv igjen; ingenting av dette er gjort.", file=sys.stderr)
    else:
        return
    sys.exit(2)


def _is_full_disk(error: sqlite3.Error | OSError) -> bool:
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
    return driver_errors.code_of(error).startswith(("SQLITE_FULL", "SQLITE_IOERR"))
