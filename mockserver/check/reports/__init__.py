"""What a run of the kit tells: on the terminal, to other tools, as a page, and as scripts that repeat what was found."""
