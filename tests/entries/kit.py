"""What several tests of this room share: real files, a walk through the steps, a count of statements."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from docx import Document
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import event, func

from contest.accounts.models import Account
from contest.contests.models import Contest
from contest.db import db
from contest.entries.copy_actions import copy_sha256
from contest.entries.models import Entry, JudgeCopy, Screening
from contest.entries.own_queries import slip_of
from contest.entries.submit_actions import fingerprint

BODY = "Bản nhỏ bên sông Gâm đổi thay từ ngày có tổ dân vận.\n\nBà con cùng nhau làm đường."


class Statements:
    """Counts what is sent to the database inside `with`."""

    def __init__(self) -> None:
        self.count = 0

    def __enter__(self) -> Statements:
        event.listen(db.engine, "before_cursor_execute", self._one)
        return self

    def __exit__(self, *_: Any) -> None:
        event.remove(db.engine, "before_cursor_execute", self._one)

    def _one(self, *_: Any) -> None:
        self.count += 1


def docx(text: str = BODY, *, header: str = "", author: str = "") -> bytes:
    document = Document()
    document.core_properties.author = author
    if header:
        document.sections[0].header.paragraphs[0].text = header
    for paragraph in text.split("\n\n"):
        document.add_paragraph(paragraph)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def jpeg(width: int = 60, height: int = 80) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(out, "JPEG")
    return out.getvalue()


def pdf(pages: int = 2) -> bytes:
    out = io.BytesIO()
    sheets = [Image.new("RGB", (300, 400), "white") for _ in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


def bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "wordprocessingml")
        archive.writestr("word/document.xml", b"0" * 60_000_000)
    return out.getvalue()


def encrypted() -> bytes:
    """The container Word puts around a file with a password."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)


def begin(client: FlaskClient, contest: Contest, **fields: str) -> Entry:
    """Start an entry through its page; the new row."""
    answer = client.post(f"/cuoc-thi/{contest.slug}/du-thi", data=fields)
    assert answer.status_code == 302, answer.text
    public_id = answer.headers["Location"].split("/")[2]
    return db.session.query(Entry).filter_by(public_id=public_id).one()


def draft_number(entry: Entry) -> str:
    db.session.expire_all()
    return str(max(version.draft_revision for version in entry.versions if version.submitted_at is None))


def write(
    client: FlaskClient, entry: Entry, *, title: str = "Chuyện bên sông Gâm", text: str = BODY, **more: Any
) -> Any:
    data = {
        "title": title, "text": text, "category_id": str(entry.contest.categories[0].id),
        "revision": draft_number(entry), "act": "next", **more,
    }  # fmt: skip
    return client.post(f"/bai/{entry.public_id}/tac-pham", data=data)


def sign(client: FlaskClient, entry: Entry, name: str = "Hoàng Văn Páo", **more: str) -> Any:
    data = {"people-0-full_name": name, "act": "next", "unit_name": "", **more}
    return client.post(f"/bai/{entry.public_id}/tac-gia", data=data)


def promise(client: FlaskClient, entry: Entry) -> Any:
    return client.post(f"/bai/{entry.public_id}/cam-ket", data={"pledge": "y", "ai_pledge": "y"})


def hidden(page: str, name: str) -> str:
    return page.split(f'name="{name}" value="')[1].split('"')[0]


def _forced(entry: Entry) -> dict[str, str]:
    """What a hand-made request would send where the page offers no button."""
    db.session.expire_all()
    version = max(entry.versions, key=lambda item: item.number)
    return {"number": str(version.number), "seen": fingerprint(entry, version, slip_of(entry, version))}


def hand_in(client: FlaskClient, entry: Entry) -> Any:
    page = client.get(f"/bai/{entry.public_id}/kiem-tra").text
    data = {"number": hidden(page, "number"), "seen": hidden(page, "seen")} if 'name="seen"' in page else _forced(entry)
    return client.post(f"/bai/{entry.public_id}/nop", data=data)


def submitted(client: FlaskClient, contest: Contest, account: Account, **work: Any) -> Entry:
    """An entry handed in through the pages."""
    entry = begin(client, contest)
    write(client, entry, **work)
    sign(client, entry, account.full_name)
    promise(client, entry)
    answer = hand_in(client, entry)
    assert answer.status_code == 302, answer.text
    db.session.expire_all()
    return entry


def at(contest: Contest, entry: Entry, tail: str = "") -> str:
    return f"/cuoc-thi/{contest.slug}/tiep-nhan/{entry.public_id}{tail}"


def decide(desk: FlaskClient, contest: Contest, entry: Entry, verdict: str, **more: Any) -> Any:
    version = max(entry.versions, key=lambda item: item.number)
    after = db.session.query(func.max(Screening.id)).filter_by(entry_id=entry.id).scalar() or ""
    data = {"verdict": verdict, "version_id": str(version.id), "after": str(after), **more}
    return desk.post(at(contest, entry, "/ket-luan"), data=data)


def copy_of(entry: Entry) -> JudgeCopy:
    db.session.expire_all()
    return db.session.query(JudgeCopy).filter_by(entry_id=entry.id).one()


def seen(entry: Entry) -> dict[str, str]:
    """What the page of the copy, as it is, sends along."""
    return {"seen": copy_sha256(copy_of(entry))}
