"""The three contests of the demo, each brought to where it stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from contest.cli.demo_cast import JUDGES, STAFF, WORKS, WORKS_2023, WORKS_NOW
from contest.cli.demo_entries import enter_all
from contest.cli.demo_judging import mark_all, mark_some, seat_panel
from contest.cli.demo_screening import draw_codes, join_codes, screen_all, work_off
from contest.cli.demo_setting import Scene, announce, at, campaign_2024, open_campaign
from contest.cli.demo_similar import ask_about_first
from contest.contests.models import Contest
from contest.db import db
from contest.judging.panel_actions import close_round, confirm_round
from contest.results import actions as results
from contest.results.certificate_actions import issue_certificates
from contest.rules.deadlines import HANOI

_FEW = JUDGES[:4]


def contest_of_2024(scene: Scene) -> Contest:
    """Closed on 31/8/2024; first round open, six sheets in ten sent."""
    contest = announce(
        scene, campaign_2024(scene), name="Cuộc thi viết về “Dân vận khéo” năm 2024", template="viet-hai-vong",
        opens=date(2024, 3, 20), closes=date(2024, 8, 31), now=at(2024, 3, 4), staff=STAFF, accepts_late=True,
    )  # fmt: skip
    moments = [at(2024, *work.day, 18 + i % 4, i * 7 % 60) for i, work in enumerate(WORKS)]
    entered = enter_all(scene, contest, WORKS, moments)
    work_off()
    screen_all(scene, contest, entered, now=at(2024, 9, 4, 8, 30))
    ask_about_first(contest, account=scene.people["intake"], now=at(2024, 9, 5, 9))
    draw_codes(scene, contest, now=at(2024, 9, 9))
    seat_panel(scene, contest, contest.rounds[0], JUDGES, now=at(2024, 9, 10))
    mark_some(scene, contest, contest.rounds[0], JUDGES, now=at(2024, 9, 12))
    return contest


def contest_of_2023(scene: Scene) -> Contest:
    """Over: counted, joined with names, decided, published, certified."""
    campaign = open_campaign(
        scene, 2023, at(2023, 1, 16), period="giai đoạn 2021 - 2025", theme="Việc gì có lợi cho dân thì hết sức làm"
    )
    contest = announce(
        scene, campaign, name="Cuộc thi viết về gương “Dân vận khéo” năm 2023", template="viet-mot-vong",
        opens=date(2023, 4, 1), closes=date(2023, 6, 30), now=at(2023, 3, 6), staff=(*STAFF[:6], *_FEW),
    )  # fmt: skip
    moments = [at(2023, *work.day, 19, i * 11 % 60) for i, work in enumerate(WORKS_2023)]
    entered = enter_all(scene, contest, WORKS_2023, moments)
    work_off()
    screen_all(scene, contest, entered, now=at(2023, 7, 4))
    draw_codes(scene, contest, now=at(2023, 7, 7))
    round_ = contest.rounds[0]
    seat_panel(scene, contest, round_, _FEW, now=at(2023, 7, 10))
    mark_all(scene, contest, round_, _FEW, now=at(2023, 7, 12))
    close_round(contest, round_, actor=scene.people["tally1"], now=at(2023, 7, 20))
    confirm_round(contest, round_, account=scene.people["head"], now=at(2023, 7, 20, 15))
    results.lock_round(contest, round_, actor=scene.people["tally1"], now=at(2023, 7, 21))
    join_codes(scene, contest, now=at(2023, 7, 24))
    _award(scene, contest)
    return contest


def _award(scene: Scene, contest: Contest) -> None:
    organiser = scene.people["organiser"]
    results.decide_prizes(
        contest, {}, number="05-QĐ/BTC", issued_on=date(2023, 8, 2), signer_block=_SIGNER, note="", actor=organiser,
        now=at(2023, 8, 2),
    )  # fmt: skip
    results.publish(contest, actor=organiser, now=at(2023, 8, 9))
    issue_certificates(contest, actor=organiser, now=at(2023, 8, 10))
    db.session.commit()


def contest_of_this_year(scene: Scene, today: datetime) -> Contest:
    """Opened some days before today, open for weeks after it."""
    opens = (today - timedelta(days=18)).astimezone(HANOI).date()
    begun = at(opens.year, opens.month, opens.day) - timedelta(days=20)
    campaign = open_campaign(scene, opens.year, begun, theme="Gần dân, nghe dân nói, làm dân tin")
    contest = announce(
        scene, campaign, name=f"Cuộc thi viết về gương “Dân vận khéo” năm {opens.year}", template="viet-mot-vong",
        opens=opens, closes=opens + timedelta(days=55), now=begun + timedelta(days=5), staff=STAFF[:6],
    )  # fmt: skip
    first = begun + timedelta(days=20)
    moments = [first + timedelta(days=work.day[1], hours=11, minutes=i * 13) for i, work in enumerate(WORKS_NOW)]
    entered = enter_all(scene, contest, WORKS_NOW, moments)
    work_off()
    screen_all(scene, contest, entered, now=today - timedelta(days=2))
    return contest


_SIGNER = "T/M BAN TỔ CHỨC\nTRƯỞNG BAN\n\nĐồng Quang Vĩnh"
