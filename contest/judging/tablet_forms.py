"""The file a tablet makes when no line will come, read strictly. Its format: contest/cli/FORMATS.md."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, NoReturn

from contest.judging.forms import MOST_DEVICE, BadChange, read_change
from contest.judging.tablet_actions import Brought, Packet
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.text import clean_line

FORMAT = "contest-tablet/1"
MOST_BYTES = 2_000_000
MOST_ITEMS = 1_000
_KEYS = {"format", "owner", "device", "made_at", "items", "sha256"}
_SEAL_KEYS = {"sign_in", "seal"}  # both, or neither: what a page of before the seal saved is still read, to be told so
_ITEM_KEYS = {
    "sheet", "uuid", "kind", "based_on", "marks", "comment", "reason", "device", "client_at", "refused",
}  # fmt: skip


class BadPacket(Exception):
    """What was brought is no such file. code: empty, too_large, not_json, format, sha256, too_many, item."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_packet(data: bytes) -> Packet:
    """The bytes of the file. Raises BadPacket."""
    if not data.strip():
        raise BadPacket("empty")
    if len(data) > MOST_BYTES:
        raise BadPacket("too_large")
    try:
        document = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise BadPacket("not_json") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise BadPacket("format")
    if set(document) not in (_KEYS, _KEYS | _SEAL_KEYS):
        raise BadPacket("format")
    items = document["items"]
    if not isinstance(items, list) or not items:
        raise BadPacket("format")
    if len(items) > MOST_ITEMS:
        raise BadPacket("too_many")
    return _checked(document, items)


def _checked(document: dict[str, Any], items: list[Any]) -> Packet:
    said = {key: value for key, value in document.items() if key != "seal"}
    try:
        true, said_bytes = sha256_hex(canonical_bytes(items)), canonical_bytes(said)
    except (ValueError, RecursionError):
        raise BadPacket("item") from None
    if document["sha256"] != true:
        raise BadPacket("sha256")
    sealed = "seal" in document
    device = clean_line(_text(document["device"], MOST_DEVICE, "format"))
    if not device:
        raise BadPacket("format")
    brought = [_item(item) for item in items]
    if len({one.change.uuid for one in brought}) < len(brought):
        raise BadPacket("item")
    return Packet(
        _id(document["owner"]), device, _instant(document["made_at"]), sha256=true, items=brought, said=said_bytes,
        sign_in=_id(document["sign_in"]) if sealed else None,
        seal=_text(document["seal"], 64, "format") if sealed else None,
    )  # fmt: skip


def _id(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 2**31:
        raise BadPacket("format")
    return value


def _item(item: Any) -> Brought:
    if not isinstance(item, dict) or not set(item) <= _ITEM_KEYS:
        raise BadPacket("item")
    sheet = _text(item.get("sheet"), 40, "item")
    _text(item.get("refused", ""), 40, "item")
    try:
        return Brought(sheet, read_change(item), was_refused="refused" in item)
    except BadChange:
        raise BadPacket("item") from None


def _text(value: Any, most: int, fault: str) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise BadPacket(fault)
    return value


def _instant(value: Any) -> datetime:
    try:
        return datetime.fromisoformat(_text(value, 40, "format")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise BadPacket("format") from None


def _refuse(_constant: str) -> NoReturn:
    raise ValueError("NaN is no JSON")
