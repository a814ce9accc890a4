"""`python -m mockserver` does what the `mockserver` command does."""

from mockserver.cli import main

main()
