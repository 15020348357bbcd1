"""Helpers shared by every floor: tables, random streams, weight passing."""
