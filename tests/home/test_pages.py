"""The front page, the overview, the desk and the language switch, as each person sees them."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from typing import Any

import pytest

from contest.db import db, utcnow
from contest.home import overview, queries
from contest.judging.queries import blockers
from contest.rules.permissions import Role
from tests.fixtures.makers import NOW, RULES

RED = re.compile(r'class="btn btn-primary"[^>]*>(?:<svg.*?</svg>)?([^<]*)<')


def test_an_empty_installation_says_so(client: Any) -> None:
    page = client.get("/").get_data(as_text=True)

    assert "Chưa có năm nào được công khai" in page and "Đăng nhập" in page


def test_the_front_page_shows_the_newest_public_year(client: Any, make_campaign: Any, make_contest: Any) -> None:
    past = make_campaign(name="Năm cũ", year=2023)
    make_campaign(name="Năm chưa công khai", year=2026, is_public=False)
    contest = make_contest(campaign=make_campaign(name="Năm nay", year=2024))
    make_contest(campaign=contest.campaign, name="Đang soạn", state="draft")

    page = client.get("/").get_data(as_text=True)

    assert "Năm nay" in page and contest.name in page and "Đang nhận bài" in page
    assert "Năm chưa công khai" not in page and "Đang soạn</a>" not in page
    assert re.findall(r'<ul class="years"><li><a href="([^"]*)">([^<]*)</a></li></ul>', page) == [
        (f"/nam/{past.slug}", "Năm cũ")
    ]
    assert RED.findall(page) == ["Nộp bài dự thi"]


def test_the_front_page_is_kept_for_visitors_and_drawn_again_when_something_changes(
    client: Any, make_contest: Any, count_queries: Any
) -> None:
    contest = make_contest()
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.headers["Cache-Control"], again.status_code) == ("public, no-cache", 304)

    contest.name, contest.version = "Tên mới của cuộc thi", contest.version + 1
    db.session.commit()

    assert "Tên mới của cuộc thi" in client.get("/").get_data(as_text=True)
    with count_queries() as statements:
        client.get("/")
    assert len(statements) == 3  # campaign, contests, rounds: to know that nothing changed


def test_the_front_page_is_small(client: Any, make_contest: Any) -> None:
    campaign = make_contest().campaign
    for _number in range(10):
        make_contest(campaign=campaign)

    assert len(client.get("/").get_data()) < 30_000


@pytest.mark.parametrize(
    ("role", "said", "unsaid"),
    [
        (Role.ORGANISER, "Mở bàn làm việc", "Chấm bài"),
        (Role.INTAKE_SECRETARY, "Việc của tôi", "Quản trị"),
        (Role.JUDGE, "Chấm bài", "Mở danh sách tài khoản"),
        (Role.ADMIN, "Quản trị", "Chấm bài"),
    ],
)
def test_staff_see_their_own_work_first(
    role: Role, said: str, unsaid: str, sign_in: Any, make_account: Any, make_contest: Any
) -> None:
    contest = make_contest()
    client = sign_in(make_account("Người làm việc", role, contest=None if role is Role.ADMIN else contest))

    page = client.get("/").get_data(as_text=True)

    main = page.split("<main")[1]
    assert "Việc của tôi" in main and said in main and unsaid not in main.split('id="cuoc-thi"')[0]


def test_a_contestant_has_no_work_list(sign_in: Any, make_account: Any, make_contest: Any) -> None:
    make_contest()

    page = sign_in(make_account()).get("/").get_data(as_text=True)

    assert "Việc của tôi" not in page and "Bài của tôi" in page


def test_a_judge_is_told_how_many_sheets_wait(
    sign_in: Any, make_contest: Any, make_panel: Any, make_entry: Any, make_assignment: Any
) -> None:
    contest = make_contest()
    head, judge = make_panel(contest)
    for state in ("empty", "begun", "sent"):
        make_assignment(make_entry(contest), judge, state=state)
    make_assignment(make_entry(contest), head)

    assert "Còn 2 phiếu chưa gửi." in sign_in(judge.account).get("/").get_data(as_text=True)


def test_the_overview_lists_what_is_due_late_and_clashing(
    sign_in: Any, make_account: Any, make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any
) -> None:
    now = utcnow()
    contest = make_contest(closes_at=now - timedelta(days=2), results_on=(now - timedelta(days=1)).date())
    contest.rounds[0].marks_due_at = now + timedelta(days=3)
    make_entry(contest, screening="pending")
    _head, judge = make_panel(contest)
    make_assignment(make_entry(contest), judge, has_conflict=True)
    lists = overview.lists_of([contest], queries.figures_of([contest]), thirds={}, now=now)

    assert [line.text for line in lists.due] == ["Chấm xong sơ khảo"]
    assert [line.text for line in lists.late] == ["1 bài chưa được kiểm tra", "Công bố kết quả"]
    assert [line.text for line in lists.clashing] == [
        "1 phiếu có hai bản khác nhau", "Ngày công bố kết quả đứng trước hạn chấm sơ khảo",
    ] or [line.text for line in lists.clashing] == [
        "Ngày công bố kết quả đứng trước hạn chấm sơ khảo", "1 phiếu có hai bản khác nhau",
    ]  # fmt: skip
    assert [line.text for line in lists.running] == ["Chấm sơ khảo"]
    page = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=contest)).get("/tong-quan")
    text = page.get_data(as_text=True)
    assert page.status_code == 200 and "1 bài chưa được kiểm tra" in text and "<rect" in text


def test_who_may_see_the_overview(client: Any, sign_in: Any, make_account: Any, make_contest: Any) -> None:
    contest, other = make_contest(), make_contest(name="Cuộc thi của nơi khác")
    assert client.get("/tong-quan").headers["Location"].startswith("/dang-nhap")
    for role in (Role.JUDGE, Role.HEAD_JUDGE, Role.CODE_KEEPER, Role.UNIT_CONTACT):
        assert sign_in(make_account("Người khác", role, contest=contest)).get("/tong-quan").status_code == 403
    assert sign_in(make_account()).get("/tong-quan").status_code == 403

    page = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=contest)).get("/tong-quan")

    assert contest.name in page.get_data(as_text=True) and other.name not in page.get_data(as_text=True)


def test_who_may_open_a_desk(client: Any, sign_in: Any, make_account: Any, make_contest: Any) -> None:
    contest, other = make_contest(), make_contest()
    address = f"/cuoc-thi/{contest.slug}/ban-lam-viec"
    assert client.get(address).headers["Location"].startswith("/dang-nhap")
    assert sign_in(make_account()).get(address).status_code == 403
    assert sign_in(make_account("Khác", Role.ORGANISER, contest=other)).get(address).status_code == 403
    assert sign_in(make_account("Quản trị", Role.ADMIN)).get(address).status_code == 403
    for role in (Role.ORGANISER, Role.INTAKE_SECRETARY, Role.CODE_KEEPER, Role.JUDGE, Role.TALLY_SECRETARY):
        assert sign_in(make_account("Của cuộc thi", role, contest=contest)).get(address).status_code == 200
    assert sign_in(make_account()).get("/cuoc-thi/khong-co/ban-lam-viec").status_code == 404


def test_a_desk_has_at_most_one_red_button_and_tells_a_judge_no_counts(
    sign_in: Any, make_account: Any, make_contest: Any, make_entry: Any
) -> None:
    contest = make_contest(closes_at=NOW)
    contest.rounds[0].state = "waiting"
    make_entry(contest, screening="pending")
    address = f"/cuoc-thi/{contest.slug}/ban-lam-viec"
    db.session.commit()

    pages = {
        role: sign_in(make_account("Người", role, contest=contest)).get(address).get_data(as_text=True)
        for role in (Role.ORGANISER, Role.INTAKE_SECRETARY, Role.JUDGE)
    }

    assert all(len(RED.findall(page)) <= 1 for page in pages.values())
    assert "Cuộc thi đang ở bước: Kiểm tra bài." in pages[Role.ORGANISER]
    assert "Chờ kiểm tra" in pages[Role.ORGANISER] and "Chờ kiểm tra" not in pages[Role.JUDGE]


@pytest.mark.parametrize("path", ["/", "/tong-quan", "/cuoc-thi/{}/ban-lam-viec"])
def test_pages_ask_as_much_for_few_as_for_many(
    path: str, sign_in: Any, make_account: Any, make_contest: Any, make_entry: Any, make_panel: Any,
    make_assignment: Any, count_queries: Any,
) -> None:  # fmt: skip
    contest = make_contest()
    client = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, campaign=contest.campaign))

    def fill(one: Any) -> None:
        members = make_panel(one)
        for _number in range(3):
            entry = make_entry(one)
            for member in members:
                make_assignment(entry, member)

    fill(contest)
    address = path.format(contest.slug)
    with count_queries() as few:
        client.get(address)
    for _number in range(6):
        fill(make_contest(campaign=contest.campaign))
        make_entry(contest)

    with count_queries() as many:
        assert client.get(address).status_code == 200

    assert len(few) == len(many), "\n".join(many)
    assert len(many) <= 16


def test_the_frame_asks_nothing_for_visitors(app: Any, client: Any, count_queries: Any) -> None:
    with count_queries() as statements:
        assert client.get("/khong-co-trang-nay").status_code == 404

    assert statements == []


def test_the_language_is_remembered_and_leads_back(client: Any) -> None:
    answer = client.get("/ngon-ngu/en?next=/nam/mot-nam%3Fq%3D1")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/nam/mot-nam?q=1")
    assert "lang=en" in answer.headers["Set-Cookie"] and "SameSite=Lax" in answer.headers["Set-Cookie"]
    assert 'lang="en"' in client.get("/").get_data(as_text=True)
    client.get("/ngon-ngu/vi")
    assert '<html lang="vi"' in client.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    "target", ["https://example.com", "//example.com", "/\\example.com", "javascript:alert(1)", "\t//example.com", ""]
)
def test_the_language_switch_leads_nowhere_else(client: Any, target: str) -> None:
    answer = client.get("/ngon-ngu/en", query_string={"next": target})

    assert answer.headers["Location"] == "/"
    assert client.get("/ngon-ngu/fr").status_code == 404


def test_the_other_language_leads_back_to_the_same_page(client: Any, make_contest: Any) -> None:
    make_contest()

    assert 'href="/ngon-ngu/en?next=/"' in client.get("/").get_data(as_text=True)


def test_arrivals_are_counted_by_the_day_of_ha_noi(make_contest: Any, make_entry: Any) -> None:
    contest = make_contest()
    evening = NOW.replace(hour=17, minute=30)  # half past midnight of the next day in Hà Nội
    for at in (NOW, NOW, evening):
        make_entry(contest, submitted_at=at)
    make_entry(contest, state="draft", submitted_at=None)

    assert queries.arrivals([contest]) == [(date(2024, 9, 10), 2), (date(2024, 9, 11), 1)]


def test_the_overview_names_what_judging_waits_for(
    sign_in: Any, make_account: Any, make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any
) -> None:
    rules = copy.deepcopy(RULES)
    rules["rounds"][0]["third_marker"] = {"gap": "20", "stands": "third"}
    contest = make_contest(closes_at=utcnow() - timedelta(days=2), rules=rules)
    head, judge = make_panel(contest)
    apart, asked = make_entry(contest), make_entry(contest)
    for member, most in ((head, "60"), (judge, "20")):
        make_assignment(apart, member, state="sent", marks={"noi-dung": most, "hinh-thuc": "20", "sang-tao": "5"})
    make_assignment(asked, judge, state="asked_again")
    client = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=contest))
    blocked = {item.code: item.facts["count"] for item in blockers(contest.rounds[0]) if item.facts}
    assert queries.third_markers([contest]) == {contest.rounds[0].id: blocked["third_marker"]}

    clashing = client.get("/tong-quan").get_data(as_text=True).split("Vướng</h2>")[1].split("</section>")[0]

    assert re.findall(r"<a [^>]*>([^<]*)</a>", clashing) == [
        "1 bài lệch nhau nhiều, cần giám khảo thứ ba", "1 phiếu được đề nghị xem lại, chờ giám khảo trả lời",
    ]  # fmt: skip


def test_the_overview_draws_this_year_alone(
    sign_in: Any, make_account: Any, make_campaign: Any, make_contest: Any, make_entry: Any
) -> None:
    for year in (2023, 2024):
        campaign = make_campaign(year=year)
        make_entry(make_contest(campaign=campaign), submitted_at=NOW.replace(year=year))
    client = sign_in(make_account("Quản trị năm", Role.ORGANISER))

    page = client.get("/tong-quan").get_data(as_text=True)

    assert "Bài dự thi theo ngày, năm 2024" in page
    assert re.findall(r'class="chart-days num">.*?</p>', page, re.S)[0].count("2023") == 0


@pytest.mark.parametrize(("role", "offered"), [(Role.ORGANISER, 0), (Role.JUDGE, 0), (Role.UNIT_CONTACT, 1), (None, 1)])
def test_who_is_barred_from_entering_is_not_asked_to(
    role: Role | None, offered: int, sign_in: Any, make_account: Any, make_contest: Any
) -> None:
    contest = make_contest()
    client = sign_in(make_account("Người này", role, contest=contest) if role else make_account())

    for address in ("/", f"/nam/{contest.campaign.slug}", f"/cuoc-thi/{contest.slug}"):
        assert client.get(address).get_data(as_text=True).count(">Nộp bài dự thi<") == offered, address


def test_a_judge_who_sent_every_sheet_is_not_asked_to_mark(
    make_contest: Any, make_entry: Any, make_panel: Any, make_assignment: Any, sign_in: Any, make_account: Any
) -> None:
    contest = make_contest()
    contest.closes_at = utcnow() - timedelta(days=1)
    first, second = make_panel(contest)
    contest.rounds[0].state = "open"
    entry = make_entry(contest)
    make_assignment(entry, first, code="0417", state="sent", sent_at=NOW)
    make_assignment(entry, second, code="0417")
    db.session.commit()

    done, busy = (sign_in(who.account).get(f"/cuoc-thi/{contest.slug}/ban-lam-viec").text for who in (first, second))

    assert "Chấm bài sơ khảo" in RED.findall(busy)
    assert "Chấm bài sơ khảo" not in RED.findall(done)
