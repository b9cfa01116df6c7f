"""Entries of the demo: written, attached, pledged and handed in through the same actions as in the browser."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from contest.accounts.models import Account
from contest.cli import demo_works
from contest.cli.demo_cast import POEM, WRITERS, Handed, Writer, place
from contest.cli.demo_setting import Scene
from contest.cli.demo_works import Story
from contest.contests.models import Contest
from contest.db import db
from contest.entries import own_actions, own_queries
from contest.entries.models import Entry, EntryVersion
from contest.entries.receive import Received, receive
from contest.entries.slip import Person, Slip
from contest.entries.submit_actions import fingerprint, submit, withdraw
from contest.units.models import Unit
from contest.units.queries import successors_of

_BY_KEY = {writer.key: writer for writer in WRITERS}
BEGUN = 3  # paragraphs of a draft
# The field of the year (in demo_setting's order) that each written story, each prepared subject and the poem is about.
_FIELDS_WRITTEN = (4, 4, 1, 4, 3, 2, 3, 3, 1, 5, 0, 1, 2, 2, 1)
_FIELDS_COMPOSED = (4, 4, 0, 1, 4, 0, 1, 4, 2, 3, 0, 1, 1, 0, 1, 1)
_FIELD_POEM = 1


def full_name(work: Handed) -> str:
    return _BY_KEY[work.writer].full_name


def story_of(work: Handed) -> Story:
    """The work's text; a "named" one ends as people end letters, with their name."""
    if work.story == POEM:
        return demo_works.poem()
    if work.story >= 100:
        story = demo_works.composed(work.story - 100, place(work.story - 100))
    else:
        story = demo_works.written()[work.story]
    if work.copies is not None:
        story = story.with_middle(demo_works.written()[work.copies])
    if work.fate == "draft":
        return story.shortened(BEGUN)
    if work.fate == "named":
        author = full_name(work)
        return story.with_last(f"Người viết: {author}. Xin cảm ơn bà con và Ban Tổ chức đã đọc bài của {author}.")
    return story


def files_of(work: Handed, story: Story) -> list[tuple[str, bytes]]:
    """(name, bytes) of the files as they are sent: named after their author, as files are."""
    author = full_name(work)
    match work.form:
        case "pdf":
            return [(f"{story.title} - {author}.pdf", demo_works.pdf(story, author=author))]
        case "photos":
            pages = demo_works.photos(story, author=author)
            return [(f"IMG_2024{work.day[0]:02d}{work.day[1]:02d}_{i}.jpg", page) for i, page in enumerate(pages, 1)]
        case "docx" | "named" | "header":
            header = f"Bài dự thi của {author}" if work.form == "header" else ""
            helper = "Thầy Minh" if work.form == "header" else ""
            made = demo_works.docx(story, author=author, header=header, comment_by=helper)
            return [(f"Bài dự thi {author}.docx", made)]
        case _:
            return []


def enter(scene: Scene, contest: Contest, work: Handed, *, now: datetime) -> Entry:
    """One work from the first draft to its receipt; a "draft" stays one, a "withdrawn" is taken back."""
    account = scene.people[work.by or work.writer]
    writer = _BY_KEY[work.writer]
    unit = _unit_then(scene.unit(writer.unit), now)
    story = story_of(work)
    received = [
        receive(io.BytesIO(data), name, kinds=contest.file_kinds, limit=contest.max_file_mb * 1_000_000)
        for name, data in files_of(work, story)
    ]
    entry = own_actions.start(contest, account=account, unit=unit if work.by else None, now=now)
    version = own_actions.the_draft(entry)
    _write(entry, version, story, received, now=now + timedelta(minutes=12))
    if work.fate == "draft":
        return entry
    own_actions.save_slip(entry, version, _slip(scene, contest, work, unit), now=now + timedelta(minutes=20))
    own_actions.pledge(entry, version, now=now + timedelta(minutes=22))
    seen = fingerprint(entry, version, own_queries.slip_of(entry, version))
    submit(
        entry, account=account, now=now + timedelta(minutes=25), rng=scene.rng, number=version.number, seen=seen
    )  # fmt: skip
    if work.fate == "withdrawn":
        reason = "Tác giả xin rút để bổ sung tư liệu, gửi cuộc thi khác."
        withdraw(entry, reason=reason, account=account, now=now + timedelta(days=3))
    return entry


def _unit_then(unit: Unit, now: datetime) -> Unit:
    """The unit, or what became of it by then: the cast lives in the communes of 2024."""
    if unit.existed_on(now.date()):
        return unit
    return successors_of([unit.id])[unit.id][0].after


def _write(entry: Entry, version: EntryVersion, story: Story, received: list[Received], *, now: datetime) -> None:
    text = "" if received else story.text
    own_actions.save_work(entry, version, title=story.title, text=text, revision=version.draft_revision, now=now)
    for file in received:
        own_actions.attach(entry, version, file, uuid=None, now=now)


def _slip(scene: Scene, contest: Contest, work: Handed, unit: Unit) -> Slip:
    people = [_person(_BY_KEY[key], scene.people[key], work) for key in (work.writer, work.second) if key]
    category, field = contest.categories[work.category], contest.campaign.fields_of_work[_field_of(work)]
    return Slip(
        people=tuple(people), category_id=category.id, field_of_work_id=field.id, unit_id=unit.id, unit_name=unit.name
    )


def _field_of(work: Handed) -> int:
    if work.story == POEM:
        return _FIELD_POEM
    composed = (work.story - 100) % len(_FIELDS_COMPOSED)
    return _FIELDS_COMPOSED[composed] if work.story >= 100 else _FIELDS_WRITTEN[work.story]


def _person(writer: Writer, account: Account, work: Handed) -> Person:
    mine = account.id if not work.by and writer.key == work.writer else None
    return Person(writer.full_name, writer.born, writer.work, "", account.phone or "", account_id=mine)


def enter_all(
    scene: Scene, contest: Contest, works: tuple[Handed, ...], moments: list[datetime]
) -> list[tuple[Handed, Entry]]:
    """All works in the order they came."""
    pairs = sorted(zip(moments, works, strict=True), key=lambda pair: pair[0])
    entered = [(work, enter(scene, contest, work, now=moment)) for moment, work in pairs]
    db.session.commit()
    return entered
