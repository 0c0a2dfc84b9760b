"""What a run did, for people: read the records of `etl.accounts`, write text."""
