"""`python -m bot` is `geying`."""

from bot.cli import main

main()
