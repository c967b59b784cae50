"""`geying simulate`: days of a whole county in minutes, on a virtual clock."""

import subprocess
import sys

import click


@click.command("simulate", context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def simulate_command(arguments: tuple[str, ...]) -> None:
    """在虚拟时钟上过完若干天:--profile yongtai|jiangsu|town --days N --seed S [--faults]。"""
    # a process of its own: it plays the far side as well, which nothing of ours imports
    raise SystemExit(subprocess.call([sys.executable, "-m", "simulate", *arguments]))  # noqa: S603


commands: tuple[click.Command, ...] = (simulate_command,)
