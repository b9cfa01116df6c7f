"""The secretariat's part of the demo: copies looked through, a name covered, verdicts, codes, names joined again."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from contest import jobs
from contest.accounts.models import Account
from contest.cli import demo_works
from contest.cli.demo_cast import Handed
from contest.cli.demo_entries import full_name, story_of
from contest.cli.demo_setting import Scene
from contest.contests.models import Contest
from contest.db import db
from contest.entries import codes_actions, own_actions, own_queries
from contest.entries.copies import spans_of, write_text
from contest.entries.copy_actions import confirm_copy, copy_of, copy_sha256, cover_text, source_of
from contest.entries.intake_actions import Decision, screen
from contest.entries.models import Entry, EntryVersion
from contest.entries.receive import receive
from contest.entries.submit_actions import fingerprint, submit

_EACH = timedelta(minutes=7)
# fate → verdict, reasons, note.
_VERDICTS: dict[str, tuple[str, tuple[str, ...], str]] = {
    "valid": ("valid", (), ""),
    "late": ("valid", (), "Nộp quá hạn một ngày do mất điện; Ban Tổ chức đồng ý nhận, ghi chú nộp muộn."),
    "named": ("valid", (), "Đã che họ tên tác giả ở cuối bài."),
    "invalid": ("invalid", ("wrong_form",), "Cuộc thi nhận văn xuôi; bài dự thi là thơ."),
    "returned": ("returned", ("unreadable",), "Ảnh chụp bị mờ và nghiêng; đề nghị gửi lại bản Word hoặc chụp lại."),
}


def screen_all(scene: Scene, contest: Contest, entered: list[tuple[Handed, Entry]], *, now: datetime) -> None:
    """A verdict on every entry handed in; what was given back is mended, and then found valid."""
    secretary = scene.people["intake"]
    mended = []
    for turn, (work, entry) in enumerate(entered):
        if entry.state != "submitted" or work.fate == "pending":
            continue
        at = now + _EACH * turn
        _look_through(entry, work, secretary, at)
        fate = "returned" if work.fate == "mended" else work.fate
        _decide(entry, fate, secretary, at, until=at + timedelta(days=10))
        if work.fate == "mended":
            _mend(scene, entry, work, at + timedelta(hours=20))
            mended.append((work, entry))
    work_off()
    for work, entry in mended:
        _look_through(entry, work, secretary, now + timedelta(days=2))
        _decide(entry, "valid", secretary, now + timedelta(days=2), until=None)
    db.session.commit()


def _decide(entry: Entry, fate: str, secretary: Account, now: datetime, *, until: datetime | None) -> None:
    verdict, reasons, note = _VERDICTS[fate]
    last = own_queries.last_screening(entry)
    decision = Decision(
        verdict, _version(entry).id, reasons, note, until if verdict == "returned" else None, last.id if last else None
    )
    screen(entry, decision, account=secretary, now=now)


def _version(entry: Entry) -> EntryVersion:
    version = own_queries.submitted_version(entry)
    assert version is not None
    return version


def _look_through(entry: Entry, work: Handed, secretary: Account, now: datetime) -> None:
    """Check the judges' copy; an author's name in it is covered first."""
    version, copy = _version(entry), copy_of(entry)
    assert copy is not None
    if work.fate == "named":
        spans = spans_of(full_name(work), copy.plain)
        made = write_text(source_of(version), spans)
        cover_text(entry, copy, made, spans, account=secretary, now=now)
    if work.fate not in ("invalid", "returned"):
        confirm_copy(entry, copy_sha256(copy), account=secretary, now=now)


def _mend(scene: Scene, entry: Entry, work: Handed, now: datetime) -> None:
    """The author sends the same text again, as a Word file."""
    account = scene.people[work.by or work.writer]
    version = own_actions.revise(entry, account=account, now=now)
    for file in list(version.files):
        own_actions.remove_file(entry, version, file.public_id, now=now)
    data = demo_works.docx(story_of(work), author=full_name(work))
    contest = entry.contest
    limit = contest.max_file_mb * 1_000_000
    received = receive(io.BytesIO(data), "Bài dự thi (gửi lại).docx", kinds=contest.file_kinds, limit=limit)
    own_actions.attach(entry, version, received, uuid=None, now=now)
    own_actions.pledge(entry, version, now=now)
    seen = fingerprint(entry, version, own_queries.slip_of(entry, version))
    submit(entry, account=account, now=now, rng=scene.rng, number=version.number, seen=seen)


def draw_codes(scene: Scene, contest: Contest, *, now: datetime) -> None:
    codes_actions.draw(contest, account=scene.people["intake"], now=now, rng=scene.rng)
    db.session.commit()


def join_codes(scene: Scene, contest: Contest, *, now: datetime) -> None:
    """Khớp phách: the keeper asks, the organiser agrees, the keeper opens the list."""
    keeper, organiser = scene.people["keeper"], scene.people["organiser"]
    reason = "Khớp phách để xét giải, sau khi Trưởng Ban Giám khảo xác nhận và kết quả đã khóa."
    row = codes_actions.ask(contest, code="", reason=reason, account=keeper, now=now)
    codes_actions.approve(contest, row, account=organiser, now=now + timedelta(hours=1))
    codes_actions.record_opening(row, account=keeper, now=now + timedelta(hours=2))
    db.session.commit()


def work_off() -> None:
    """Do what has been asked for: judges' copies first of all."""
    db.session.commit()
    while jobs.run_due():
        pass
