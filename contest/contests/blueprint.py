"""The one blueprint of the room; its views stand in several files."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("contests", __name__)
