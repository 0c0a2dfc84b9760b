"""The `newsfold` command: one file per group of commands.

Heavy libraries are imported inside the commands that need them, so that help is there at once.
"""
