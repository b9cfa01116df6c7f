"""What a person will know their device by."""

from __future__ import annotations

from flask import request

_SYSTEMS = (("iPad", "iPad"), ("iPhone", "iPhone"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS", "Mac"))
_BROWSERS = (("Zalo", "Zalo"), ("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))


def device_name() -> str:
    """ "Chrome · Android", from what the browser says of itself; empty when it says nothing known."""
    agent = request.user_agent.string
    browser = next((name for key, name in _BROWSERS if key in agent), "")
    system = next((name for key, name in _SYSTEMS if key in agent), "Linux" if "Linux" in agent else "")
    return " · ".join(part for part in (browser, system) if part)
