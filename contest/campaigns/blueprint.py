"""The one blueprint of the room. Its public page is added by home, the room that may read every other."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("campaigns", __name__)
