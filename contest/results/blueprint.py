"""The one blueprint of this room; its pages stand in several files."""

from flask import Blueprint

bp = Blueprint("results", __name__)
