"""A campaign: its setup without JavaScript, its anniversaries (R43), its public page."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from contest.audit import AuditEvent
from contest.campaigns import days
from contest.campaigns.models import Anniversary, Campaign
from contest.db import db
from contest.rules.dates import short_date
from contest.rules.permissions import Role

R43 = (
    ("Ngày truyền thống công tác dân vận của Đảng", date(1930, 10, 15)),
    ("Ngày Dân vận của cả nước", date(1999, 10, 15)),
    ("Bài báo “Dân vận” của Chủ tịch Hồ Chí Minh", date(1949, 10, 15)),
)
TEXTS = {"name": "Phong trào năm 2024", "year": "2024", "organiser": "Ban Dân vận Tỉnh ủy"}


@pytest.fixture
def organiser(make_account: Any, make_unit: Any, sign_in: Any) -> Any:
    make_unit("Ban Dân vận Tỉnh ủy")
    db.session.commit()
    return sign_in(make_account("Ban Tổ chức", Role.ORGANISER))


def _remember(campaign: Campaign) -> None:
    for position, (name, origin) in enumerate(R43, 1):
        db.session.add(Anniversary(campaign_id=campaign.id, position=position, name=name, origin=origin))
    db.session.commit()


def _form(campaign: Campaign, **more: Any) -> dict[str, Any]:
    return {"name": campaign.name, "year": "2024", "organiser": campaign.organiser.code, "is_public": "y", **more}


def test_2024_keeps_the_94th_the_25th_and_the_75th(make_campaign: Any) -> None:
    campaign = make_campaign()
    _remember(campaign)

    kept = [(day.years, day.roundness.value, day.day) for day in days.anniversaries_in(campaign)]

    the_day = date(2024, 10, 15)
    assert kept == [(94, "other", the_day), (25, "five", the_day), (75, "five", the_day)]


def test_a_day_that_had_not_come_yet_is_left_out(make_campaign: Any) -> None:
    campaign = make_campaign(year=1990)
    _remember(campaign)

    assert [day.years for day in days.anniversaries_in(campaign)] == [60, 41]


def test_the_public_page_shows_what_the_year_is_about(client: Any, make_campaign: Any, make_contest: Any) -> None:
    campaign = make_campaign(theme="Dân vận khéo, việc gì cũng thành công")
    _remember(campaign)
    contest = make_contest(campaign=campaign)
    make_contest(campaign=campaign, name="Cuộc thi còn đang soạn", state="draft")

    page = client.get(f"/nam/{campaign.slug}").get_data(as_text=True)

    for shown in ("94 năm", "25 năm", "75 năm", "năm chẵn", "việc gì cũng thành công", contest.name, "Đang nhận bài"):
        assert shown in page
    assert "Cuộc thi còn đang soạn" not in page


def test_a_year_that_is_not_public_is_not_there(
    client: Any, make_campaign: Any, make_account: Any, sign_in: Any
) -> None:
    campaign = make_campaign(is_public=False)
    db.session.commit()
    other = make_campaign()
    staff = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, campaign=campaign))
    stranger = sign_in(make_account("Tổ chức năm khác", Role.ORGANISER, campaign=other))

    statuses = [who.get(f"/nam/{campaign.slug}").status_code for who in (client, stranger, staff)]

    assert statuses == [404, 404, 200]


def test_a_new_year_starts_with_the_usual_days(organiser: Any) -> None:
    page = organiser.get("/nam-moi").get_data(as_text=True)
    for name, origin in R43:
        assert name in page and short_date(origin) in page

    data = {**TEXTS, "focuses-0": "Giải phóng mặt bằng", "fields_of_work-0": "Kinh tế", "fields_of_work-1": ""}
    data |= {"anniversaries-0-name": R43[0][0], "anniversaries-0-origin": "1930-10-15"}
    data |= {"documents-0-number": "915-TB/TU", "documents-0-issued_on": "2023-11-22"}
    assert organiser.post("/nam-moi", data=data).headers["Location"] == "/nam/phong-trao-nam-2024"

    campaign = db.session.scalars(select(Campaign)).one()
    assert [row.text for row in campaign.focuses] == ["Giải phóng mặt bằng"]
    assert [(row.key, row.name) for row in campaign.fields_of_work] == [("kinh-te", "Kinh tế")]
    assert [(row.number, row.issued_on) for row in campaign.documents] == [("915-TB/TU", date(2023, 11, 22))]
    assert [(row.name, row.origin) for row in campaign.anniversaries] == [R43[0]]
    assert [event.action for event in db.session.scalars(select(AuditEvent))] == ["campaigns.create"]


def test_rows_come_and_go_by_buttons_and_keep_what_was_typed(organiser: Any) -> None:
    data = {**TEXTS, "focuses-0": "Việc một", "focuses-1": "Việc hai", "act": "drop:focuses:0"}

    dropped = organiser.post("/nam-moi", data=data)
    added = organiser.post("/nam-moi", data={**data, "act": "add:documents"})

    assert dropped.status_code == added.status_code == 200
    text = dropped.get_data(as_text=True)
    assert "Việc một" not in text and "Việc hai" in text and TEXTS["name"] in text
    assert 'name="documents-0-number"' in added.get_data(as_text=True)
    assert db.session.scalars(select(Campaign)).all() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Cần điền mục này."),
        ({"organiser": "Cơ quan nào đó"}, "Chưa có đơn vị nào tên như vậy."),
        ({"anniversaries-0-name": "Ngày gì đó"}, "Cần ngày gốc của sự kiện"),
        ({"anniversaries-0-name": "Mai sau", "anniversaries-0-origin": "2030-01-01"}, "Ngày gốc phải trước năm 2024"),
        ({"year": "hai nghìn"}, "Hãy nhập một số nguyên."),
        (
            {"documents-0-issued_on": "hôm qua", "documents-0-number": "1"},
            "Hãy nhập ngày, tháng, năm, ví dụ 05/9/1990.",
        ),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(organiser: Any, change: dict[str, str], said: str) -> None:
    answer = organiser.post("/nam-moi", data={**TEXTS, "theme": "Chủ đề đã gõ", **change})

    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page and "Chủ đề đã gõ" in page


def test_a_year_is_made_once_also_when_pressed_twice(organiser: Any) -> None:
    organiser.post("/nam-moi", data=TEXTS)

    again = organiser.post("/nam-moi", data={**TEXTS, "name": TEXTS["name"].upper()})
    next_year = organiser.post("/nam-moi", data={**TEXTS, "year": "2031"})

    assert (again.status_code, next_year.status_code) == (422, 302)
    assert "Năm 2024 đã có phong trào mang tên này." in again.get_data(as_text=True)
    assert db.session.query(Campaign).count() == 2


def test_who_makes_a_year_is_told_who_goes_on_with_it(sign_in: Any, make_account: Any, make_campaign: Any) -> None:
    """An administrator sets up no contest: the new year's page was a dead end."""
    campaign = make_campaign()
    admin = sign_in(make_account("Quản trị", Role.ADMIN))
    staff = sign_in(make_account("Tổ chức", Role.ORGANISER, campaign=campaign))

    pages = [who.get(f"/nam/{campaign.slug}").get_data(as_text=True) for who in (admin, staff)]

    assert ["giao vai trò Ban Tổ chức của năm này" in page for page in pages] == [True, False]
    assert ["Lập cuộc thi mới" in page for page in pages] == [False, True]


def test_the_summary_of_faults_names_a_list_as_the_page_does(organiser: Any) -> None:
    late = {"anniversaries-0-name": "Mai sau", "anniversaries-0-origin": "2030-01-01"}

    page = organiser.post("/nam-moi", data={**TEXTS, **late}).get_data(as_text=True)

    assert ">Ngày kỷ niệm</a>: Ngày gốc phải trước năm 2024" in page


def test_a_change_raises_the_version_and_stands_in_the_trail(organiser: Any, make_campaign: Any) -> None:
    campaign = make_campaign()
    _remember(campaign)
    days_sent = {f"anniversaries-{at}-name": name for at, (name, _) in enumerate(R43)}
    days_sent |= {f"anniversaries-{at}-origin": origin.isoformat() for at, (_, origin) in enumerate(R43)}
    ids = [row.id for row in campaign.anniversaries]

    for _time in range(2):  # the second, the same again, changes nothing
        answer = organiser.post(
            f"/nam/{campaign.slug}/thiet-lap", data=_form(campaign, theme="Chủ đề mới", **days_sent)
        )
        assert answer.status_code == 302

    db.session.expire_all()
    assert (campaign.version, campaign.theme, [row.id for row in campaign.anniversaries]) == (2, "Chủ đề mới", ids)
    trail = db.session.scalars(select(AuditEvent)).all()
    assert [event.action for event in trail] == ["campaigns.update"]
    assert trail[0].details == {"theme": {"from": "", "to": "Chủ đề mới"}}


def test_a_reworded_field_stays_the_same_row(organiser: Any, make_campaign: Any) -> None:
    campaign = make_campaign()
    db.session.commit()
    address = f"/nam/{campaign.slug}/thiet-lap"
    organiser.post(address, data=_form(campaign, **{"fields_of_work-0": "Kinh tế", "fields_of_work-1": "Văn hóa"}))
    before = {row.name: (row.id, row.key) for row in campaign.fields_of_work}

    organiser.post(address, data=_form(campaign, **{"fields_of_work-0": "Văn hóa", "fields_of_work-1": "Kinh tế số"}))

    db.session.expire_all()
    after = {row.name: (row.id, row.key) for row in campaign.fields_of_work}
    assert after == {"Văn hóa": before["Văn hóa"], "Kinh tế số": before["Kinh tế"]}


def test_only_the_years_own_organiser_sets_it_up(
    client: Any, make_campaign: Any, make_account: Any, sign_in: Any
) -> None:
    campaign, other = make_campaign(), make_campaign()
    db.session.commit()
    address = f"/nam/{campaign.slug}/thiet-lap"
    assert client.get(address).headers["Location"].startswith("/dang-nhap")
    for account in (
        make_account("Người dân"),
        make_account("Giám khảo", Role.JUDGE, campaign=campaign),
        make_account("Tổ chức năm khác", Role.ORGANISER, campaign=other),
    ):
        assert sign_in(account).post(address, data=_form(campaign, theme="x")).status_code == 403
    # A new year belongs to no campaign yet: only a grant for the whole installation makes one.
    assert sign_in(make_account("Tổ chức", Role.ORGANISER, campaign=campaign)).get("/nam-moi").status_code == 403
    assert client.get("/nam/khong-co/thiet-lap").status_code == 404


@pytest.mark.parametrize("path", ["/nam/{}", "/nam/{}/thiet-lap"])
def test_pages_ask_as_much_for_few_as_for_many(
    path: str, organiser: Any, make_campaign: Any, make_contest: Any, count_queries: Any
) -> None:
    campaign = make_campaign()
    _remember(campaign)
    make_contest(campaign=campaign)
    address = path.format(campaign.slug)
    with count_queries() as few:
        organiser.get(address)
    for _number in range(8):
        _remember(campaign)
        make_contest(campaign=campaign)

    with count_queries() as many:
        assert organiser.get(address).status_code == 200

    assert len(few) == len(many)


def test_the_picker_says_which_of_two_units_of_one_name_is_meant(organiser: Any, make_unit: Any) -> None:
    second = make_unit("Ban Dân vận Tỉnh ủy")
    db.session.commit()

    vague = organiser.post("/nam-moi", data=TEXTS)
    exact = organiser.post("/nam-moi", data={**TEXTS, "organiser_id": str(second.id)})

    assert "Có nhiều đơn vị tên như vậy" in vague.get_data(as_text=True)
    assert exact.status_code == 302
    assert db.session.scalars(select(Campaign)).one().organiser_id == second.id
