"""A package, so that its conftest's fixtures may live as long as its tests."""
