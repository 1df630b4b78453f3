"""`fieldapp --help`: every command with what it does, without importing any of them."""

import subprocess
import sys
from importlib import import_module

import click

from fieldapp.cli import fieldapp

SHOW_HELP = """
import sys
from fieldapp.cli import fieldapp
fieldapp(["--help"], standalone_mode=False)
print("imported:", [name for name in ("sqlalchemy", "flask", "structlog") if name in sys.modules])
"""


def test_help_imports_no_command() -> None:
    shown = subprocess.run([sys.executable, "-c", SHOW_HELP], capture_output=True, text=True, check=True, timeout=60)
    assert "imported: []" in shown.stdout


def test_help_says_of_each_command_what_the_command_says() -> None:
    page = " ".join(fieldapp.get_help(click.Context(fieldapp)).split())
    for name in fieldapp.list_commands(click.Context(fieldapp)):
        said = " ".join((import_module(f"fieldapp.cli.{name.replace('-', '_')}").command.help or "").split())
        assert said.split(". ")[0].rstrip(".") in page, name
