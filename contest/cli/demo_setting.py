"""Where the demo plays: units, people and their roles, three campaigns and their contests.

Three years stand side by side. 2024 is the year of the source documents and stays what it was: its contest
closed on 31/8/2024 and is being judged, whatever the day is today. 2023 is over: results, prizes,
certificates. The present year has a contest that takes entries around today, so that a visitor can enter one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from contest.accounts import actions as accounts
from contest.accounts import words as account_words
from contest.accounts.models import Account
from contest.accounts.person import Person
from contest.audit import SYSTEM
from contest.campaigns.actions import Document, Draft, Remembered, create_campaign
from contest.campaigns.models import Campaign
from contest.cli.demo_cast import JUDGES, STAFF, WRITERS, Staff
from contest.cli.demo_similar import hand_out_advice
from contest.contests import actions as contests
from contest.contests.models import Contest
from contest.contests.templates_data import template_by_key
from contest.db import db
from contest.rules.deadlines import HANOI, Kind, first_instant, last_instant
from contest.rules.permissions import CONTEST_ROLES, Role
from contest.units.actions import load_units
from contest.units.models import Unit
from contest.units.queries import unit_by_code

CHIEM_HOA = "02287"
PHONES = 84_500_000_100  # 0500 000 1…: no operator has them


def at(year: int, month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """An instant given by the clock of Hà Nội; in UTC, as every `now` is: hashes cover how it is written."""
    return datetime(year, month, day, hour, minute, tzinfo=HANOI).astimezone(UTC)


@dataclass
class Scene:
    """What the steps of the demo hand on. people: by the keys of the cast. rng: the same for every filling."""

    password_hash: str
    rng: Random = field(default_factory=lambda: Random(2024))  # noqa: S311 (a demo has no secrets)
    people: dict[str, Account] = field(default_factory=dict)

    def unit(self, code: str) -> Unit:
        unit = unit_by_code(code)
        assert unit is not None, code
        return unit


def load_people(scene: Scene) -> None:
    """Units, and an account for everybody in the cast."""
    start = at(2023, 1, 9)
    load_units(actor=SYSTEM, now=start)
    for number, member in enumerate(STAFF):
        # Judges have neither e-mail nor phone here: they sign in by their code, or by a card.
        phone = None if member in JUDGES else str(PHONES + number)
        email = f"{member.email}@example.com" if member.email else None
        unit_id = scene.unit(member.unit).id
        scene.people[member.key] = _account(scene, Person(member.full_name, phone, email, unit_id, member.post))
    for number, writer in enumerate(WRITERS, len(STAFF)):
        unit_id = scene.unit(writer.unit).id
        account = _account(scene, Person(writer.full_name, str(PHONES + number), None, unit_id, writer.work))
        version, text = account_words.CONSENT_VERSION, account_words.CONSENT.text
        accounts.agree(account, version=version, text=text, channel="web", now=start)
        scene.people[writer.key] = account
    accounts.give_role(scene.people["admin"], Role.ADMIN, actor=SYSTEM, now=start)


def _account(scene: Scene, person: Person) -> Account:
    return accounts.create_account(
        person, password_hash=scene.password_hash, must_change=False, actor=SYSTEM, now=at(2023, 1, 9)
    )


_FIELDS = (
    "Phát triển kinh tế",
    "Văn hóa - xã hội",
    "Quốc phòng - an ninh, trật tự an toàn xã hội",
    "Xây dựng Đảng và hệ thống chính trị",
    "Xây dựng nông thôn mới, đô thị văn minh",
    "Đạo đức công vụ",
)
# Hướng dẫn 02-HD/BCĐ, section 2.
_FOCUSES = (
    "“Dân vận khéo” trong tuyên truyền, vận động Nhân dân thực hiện giải phóng mặt bằng phục vụ các công trình, dự án "
    "về phát triển kinh tế - xã hội trên địa bàn tỉnh.",
    "“Dân vận khéo” trong tuyên truyền, vận động Nhân dân thực hiện nếp sống văn minh trong việc cưới, việc tang.",
    "“Dân vận khéo” trong xây dựng gia đình ấm no, tiến bộ, hạnh phúc.",
    "“Dân vận khéo” trong vận động Nhân dân tích cực tham gia các hoạt động “Ba cùng” ở cơ sở; giữ gìn đường làng, ngõ "
    "xóm, môi trường sạch, xanh, sáng, đẹp.",
    "Duy trì, nâng cao chất lượng và nhân rộng các mô hình “Dân vận khéo” trên các lĩnh vực; thực hiện đạo đức công vụ "
    "của đội ngũ cán bộ, công chức trong tiếp xúc và làm việc với Nhân dân.",
)
# As far as the source documents give number, issuer, day and title.
_DOCUMENTS = (
    Document(
        "02-HD/BCĐ",
        "Ban Chỉ đạo Phong trào thi đua “Dân vận khéo” tỉnh Tuyên Quang",
        None,
        "Hướng dẫn một số nhiệm vụ trọng tâm thực hiện Phong trào thi đua “Dân vận khéo” năm 2024",
    ),
    Document(
        "915-TB/TU",
        "Tỉnh ủy Tuyên Quang",
        date(2023, 11, 22),
        "Thông báo ý kiến của Thường trực Tỉnh ủy về Chương trình công tác năm 2024 của Ban Dân vận Tỉnh ủy",
    ),
    Document(
        "25-NQ/TW",
        "Ban Chấp hành Trung ương Đảng (khóa XI)",
        None,
        "Nghị quyết về tăng cường và đổi mới sự lãnh đạo của Đảng đối với công tác dân vận trong tình hình mới",
    ),
)
_ANNIVERSARIES = (
    Remembered("Ngày truyền thống công tác dân vận của Đảng", date(1930, 10, 15)),
    Remembered("Chủ tịch Hồ Chí Minh viết bài báo “Dân vận”", date(1949, 10, 15)),
    Remembered("Ngày Dân vận cả nước", date(1999, 10, 15)),
)


def open_campaign(scene: Scene, year: int, now: datetime, **texts: Any) -> Campaign:
    """A year of the movement, with its organiser, unit's contact and committee member."""
    body = "tq-ban-dan-van" if year <= 2024 else "tq-ban-tuyen-giao-dan-van"
    draft = Draft(
        name=f"Phong trào thi đua “Dân vận khéo” năm {year}",
        year=year,
        organiser=scene.unit(body),
        superior_name="TỈNH ỦY TUYÊN QUANG",
        issuer_name="BAN CHỈ ĐẠO PHONG TRÀO THI ĐUA\n“DÂN VẬN KHÉO”",
        place_name="Tuyên Quang",
        is_public=True,
        fields_of_work=_FIELDS,
        anniversaries=_ANNIVERSARIES,
        **texts,
    )
    campaign = create_campaign(draft, actor=scene.people["admin"], now=now)
    admin = scene.people["admin"]
    accounts.give_role(scene.people["organiser"], Role.ORGANISER, campaign_id=campaign.id, actor=admin, now=now)
    accounts.give_role(scene.people["committee"], Role.COMMITTEE_MEMBER, campaign_id=campaign.id, actor=admin, now=now)
    # The district is no more since 1/7/2025; its seat became part of a new commune.
    unit = scene.unit("073-2024" if now < at(2025, 7, 1) else CHIEM_HOA)
    contact = scene.people["contact"]
    accounts.give_role(contact, Role.UNIT_CONTACT, campaign_id=campaign.id, unit_id=unit.id, actor=admin, now=now)
    return campaign


def campaign_2024(scene: Scene) -> Campaign:
    return open_campaign(
        scene,
        2024,
        at(2024, 1, 15),
        period="giai đoạn 2021 - 2025",
        theme="Gần dân, hiểu dân, vì dân: việc khó dân bàn, việc hay dân kể",
        focuses=_FOCUSES,
        documents=_DOCUMENTS,
    )


def announce(
    scene: Scene, campaign: Campaign, *, name: str, template: str, opens: date, closes: date, now: datetime,
    staff: tuple[Staff, ...], **columns: Any,
) -> Contest:  # fmt: skip
    """A contest from a ready template, with its staff, made public."""
    organiser = scene.people["organiser"]
    shape = template_by_key(template)
    assert shape is not None
    dates: Mapping[str, Any] = {
        "opens_at": first_instant(opens),
        "closes_at": last_instant(Kind.BY, closes),
        "closes_kind": Kind.BY,
        "closes_wording": f"chậm nhất ngày {closes.day}/{closes.month}/{closes.year}",
        "results_on": closes + timedelta(days=40),
        "awards_on": closes + timedelta(days=45),
    }
    contest = contests.create_contest(
        campaign, shape, name=name, level_name="cấp tỉnh", contact=_CONTACT, dates=dates, actor=organiser, now=now
    )
    contests.change_contest(contest, columns, part="limits", actor=organiser, now=now + timedelta(hours=1))
    give_staff(scene, contest, staff, now + timedelta(hours=2))
    last = contest.rounds[-1]
    days = {row.key: closes + timedelta(days=38 if row is last else 25) for row in contest.rounds}
    due = {key: last_instant(Kind.BY, day) for key, day in days.items()}
    contests.set_marks_due(contest, due, actor=organiser, now=now + timedelta(hours=3))
    contests.announce(contest, actor=organiser, now=now + timedelta(days=3))
    hand_out_advice(contest, account=organiser, now=now + timedelta(days=3))
    return contest


def give_staff(scene: Scene, contest: Contest, staff: tuple[Staff, ...], now: datetime) -> None:
    """The roles that mean something only inside one contest."""
    for person in staff:
        if person.role in CONTEST_ROLES:
            accounts.give_role(
                scene.people[person.key], person.role, contest_id=contest.id,
                campaign_of={contest.id: contest.campaign_id}, actor=scene.people["organiser"], now=now,
            )  # fmt: skip
    db.session.flush()


_CONTACT = (
    "Ban Tổ chức Cuộc thi, Ban Dân vận Tỉnh ủy Tuyên Quang\n"
    "Điện thoại: 0500 000 101 (giờ hành chính)\nThư điện tử: btc@example.com"
)
