"""The rules of the field as pure functions over frozen dataclasses; time is an argument, nothing is read or written."""
