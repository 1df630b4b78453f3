"""`python -m fieldapp.cli`, for where the console script is not on the path."""

from fieldapp.cli import main

main()
