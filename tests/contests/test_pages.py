"""The room's pages: who may open them, what they change, and that they cost the same however many rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from contest.contests.models import Category, Contest, Round
from contest.db import db, utcnow
from contest.rules.permissions import Role

Make = Callable[..., Any]

PAGES = (
    "/thiet-lap", "/thiet-lap/thong-tin", "/thiet-lap/the-le", "/thiet-lap/doi-tuong", "/thiet-lap/thoi-gian",
    "/thiet-lap/the-loai", "/cong-bo", "/thu-hoi-cong-bo", "/quy-che", "/quy-che/1", "/quy-che/vong/so-khao",
    "/quy-che/cach-tinh", "/quy-che/giai-thuong", "/quy-che/ap-dung", "/quy-che/bo-nhap", "/nhan-su",
)  # fmt: skip
POSTS = (
    "/thiet-lap/thong-tin", "/thiet-lap/the-le", "/thiet-lap/the-le/xem-truoc", "/thiet-lap/doi-tuong",
    "/thiet-lap/thoi-gian", "/thiet-lap/the-loai", "/cong-bo", "/thu-hoi-cong-bo", "/quy-che/vong/so-khao",
    "/quy-che/cach-tinh", "/quy-che/giai-thuong", "/quy-che/so-moi", "/quy-che/bo-nhap", "/quy-che/ap-dung",
    "/nhan-su/giao", "/nhan-su/nguoi-moi", "/nhan-su/the", "/nhan-su/the/1/thu-hoi", "/nhan-su/1/thoi-giao",
)  # fmt: skip


def _at(contest: Contest, tail: str = "") -> str:
    return f"/cuoc-thi/{contest.slug}{tail}"


@contextmanager
def _counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("tail", PAGES)
def test_pages_are_for_the_organiser_of_this_contest(
    draft: Contest, make_contest: Make, make_account: Make, sign_in: Make, organiser: FlaskClient, client: FlaskClient,
    tail: str,
) -> None:  # fmt: skip
    elsewhere = sign_in(make_account("Người khác", Role.ORGANISER, contest=make_contest()))
    judge = sign_in(make_account("Giám khảo", Role.JUDGE, contest=draft))

    assert organiser.get(_at(draft, tail)).status_code == 200
    assert client.get(_at(draft, tail)).status_code == 302
    assert judge.get(_at(draft, tail)).status_code == 403
    assert elsewhere.get(_at(draft, tail)).status_code == 403


@pytest.mark.parametrize("tail", POSTS)
def test_nothing_is_changed_by_who_may_not(
    draft: Contest, make_contest: Make, make_account: Make, sign_in: Make, client: FlaskClient, tail: str
) -> None:
    elsewhere = sign_in(make_account("Người khác", Role.ORGANISER, contest=make_contest()))
    signed_in = sign_in(make_account("Thí sinh"))
    before = draft.version

    assert client.post(_at(draft, tail)).status_code == 302
    assert signed_in.post(_at(draft, tail)).status_code == 403
    assert elsewhere.post(_at(draft, tail)).status_code == 403
    assert db.session.get_one(Contest, draft.id).version == before


@pytest.mark.parametrize("tail", ["/quy-che/9", "/quy-che/vong/ban-ket", "/nhan-su/99/thoi-giao"])
def test_what_is_not_there_is_a_404(draft: Contest, organiser: FlaskClient, tail: str) -> None:
    assert organiser.get(_at(draft, tail)).status_code == 404


def test_a_draft_is_hidden_from_everyone_but_its_staff(
    draft: Contest, organiser: FlaskClient, client: FlaskClient, make_account: Make, sign_in: Make
) -> None:
    assert client.get(_at(draft)).status_code == 404
    assert client.get(_at(draft, "/ma-qr.png")).status_code == 404
    assert sign_in(make_account("Thí sinh")).get(_at(draft)).status_code == 404
    shown = organiser.get(_at(draft))
    assert (shown.status_code, "Chỉ người tổ chức thấy trang này" in shown.text) == (200, True)


def test_the_public_page_says_what_it_is_and_what_to_do(make_contest: Make, client: FlaskClient) -> None:
    now = utcnow()
    contest = make_contest(
        about="Gương tốt ở bản.", contact="Ban Dân vận", opens_at=now, closes_at=now + timedelta(days=12, hours=5),
        rules_html='<h3 id="dieu-a">Mục đích</h3>',
    )  # fmt: skip

    shown = client.get(_at(contest))

    assert shown.status_code == 200
    assert "Đang nhận bài</b>, còn 12 ngày" in shown.text
    assert f'href="/cuoc-thi/{contest.slug}/du-thi"' in shown.text
    assert f'<meta property="og:url" content="http://localhost/cuoc-thi/{contest.slug}">' in shown.text
    assert '<h3 id="dieu-a">Mục đích</h3>' in shown.text
    assert "Thể lệ và nộp bài: http://localhost" in shown.text


def test_a_name_with_markup_in_it_is_text(make_contest: Make, client: FlaskClient) -> None:
    contest = make_contest(name='<script>alert("x")</script>', about='"><img src=x>')

    shown = client.get(_at(contest)).text

    assert "<script>alert" not in shown
    assert "<img src=x>" not in shown


def test_the_picture_is_a_code_of_the_pages_address(make_contest: Make, client: FlaskClient) -> None:
    shown = client.get(_at(make_contest(), "/ma-qr.png"))

    assert (shown.status_code, shown.mimetype, shown.data[:8]) == (200, "image/png", b"\x89PNG\r\n\x1a\n")


def test_the_public_page_costs_the_same_for_many_categories_and_rounds(make_contest: Make, client: FlaskClient) -> None:
    contest = make_contest()
    with _counted() as few:
        client.get(_at(contest))
    for number in range(30):
        db.session.add(Category(contest_id=contest.id, position=number + 2, key=f"k{number}", name=f"Loại {number}"))
        db.session.add(Round(contest_id=contest.id, position=number + 2, key=f"v{number}", name=f"Vòng {number}"))
    contest.version += 1
    db.session.commit()
    with _counted() as many:
        client.get(_at(contest))

    assert len(few) == len(many) <= 4


def test_the_set_up_and_staff_pages_cost_the_same_for_many_people(
    draft: Contest, organiser: FlaskClient, make_account: Make
) -> None:
    counts = []
    for more in (1, 30):
        for _n in range(more):
            make_account("Giám khảo", Role.JUDGE, contest=draft, post="Báo")
        for tail in ("/thiet-lap", "/nhan-su", "/nhan-su?q=giam"):
            with _counted() as seen:
                organiser.get(_at(draft, tail))
            counts.append(len(seen))

    assert counts[:3] == counts[3:]
    assert max(counts) <= 13


def test_a_contest_is_made_from_a_template_with_name_and_dates_alone(
    make_campaign: Make, make_account: Make, sign_in: Make
) -> None:
    campaign = make_campaign()
    organiser = sign_in(make_account("Lê Thị Thu", Role.ORGANISER, campaign=campaign))
    typed = {
        "template": "viet-hai-vong", "name": "Cuộc thi viết về Dân vận khéo", "level_name": "cấp tỉnh",
        "contact": "Ban Dân vận",
        "opens_on": "2030-03-01", "closes_kind": "before", "closes_on": "2030-06-15", "closes_time": "",
    }  # fmt: skip

    assert organiser.get(f"/nam/{campaign.slug}/cuoc-thi-moi").status_code == 200
    answer = organiser.post(f"/nam/{campaign.slug}/cuoc-thi-moi", data=typed)

    made = db.session.query(Contest).one()
    assert answer.location == f"/cuoc-thi/{made.slug}/thiet-lap"
    assert made.closes_at is not None
    assert (made.closes_at.isoformat(), made.closes_wording) == ("2030-06-14T17:00:00+00:00", "trước ngày 15/6/2030")
    assert "Còn những việc sau" not in organiser.get(answer.location).text
    assert organiser.post(_at(made, "/cong-bo")).location == _at(made)
    # Gone back to, the page does not ask again.
    assert organiser.get(_at(made, "/cong-bo")).location == _at(made, "/thiet-lap")

    again = organiser.post(f"/nam/{campaign.slug}/cuoc-thi-moi", data={**typed, "name": typed["name"].upper()})
    assert (again.status_code, db.session.query(Contest).count()) == (422, 1)
    assert "Năm này đã có cuộc thi mang tên này." in again.text


def test_a_refused_form_keeps_what_was_typed(make_campaign: Make, make_account: Make, sign_in: Make) -> None:
    campaign = make_campaign()
    organiser = sign_in(make_account("Lê Thị Thu", Role.ORGANISER, campaign=campaign))

    answer = organiser.post(
        f"/nam/{campaign.slug}/cuoc-thi-moi",
        data={"template": "viet-hai-vong", "name": "Tên đã gõ", "opens_on": "2030-03-01", "closes_on": "2030-02-01",
              "closes_kind": "by", "contact": ""},
    )  # fmt: skip

    assert answer.status_code == 422
    assert "Tên đã gõ" in answer.text
    assert "Hạn nộp phải sau ngày bắt đầu nhận bài." in answer.text
    assert db.session.query(Contest).count() == 0


def test_a_new_deadline_is_shown_in_words_before_it_is_saved(draft: Contest, organiser: FlaskClient) -> None:
    before = draft.closes_at
    typed = {
        "opens_on": "01/3/2030", "closes_kind": "by", "closes_on": "15/6/2030", "closes_time": "17h",
        "grace_minutes": "15", "due-0-key": "so-khao", "due-0-day": "2030-07-01", "results_on": "2030-10-01",
    }  # fmt: skip

    first = organiser.post(_at(draft, "/thiet-lap/thoi-gian"), data=typed)
    assert (first.status_code, "Hạn nộp mới: hết 17 giờ 00 phút ngày 15/6/2030" in first.text) == (200, True)
    assert db.session.get_one(Contest, draft.id).closes_at == before
    seen = {**typed, "seen": "2030-06-15T17:01:00+07:00"}
    assert organiser.post(_at(draft, "/thiet-lap/thoi-gian"), data=seen).status_code == 302

    db.session.expire_all()
    assert draft.closes_at is not None
    assert draft.rounds[0].marks_due_at is not None
    assert draft.closes_at.isoformat() == "2030-06-15T10:01:00+00:00"
    assert draft.closes_wording == "chậm nhất 17 giờ 00 ngày 15/6/2030"
    assert draft.rounds[0].marks_due_at.isoformat() == "2030-07-01T17:00:00+00:00"
    again = organiser.get(_at(draft, "/thiet-lap/thoi-gian")).text
    assert 'value="17 giờ 00"' in again
    assert 'value="15/6/2030"' in again


def test_the_wording_of_a_deadline_follows_its_date(draft: Contest, organiser: FlaskClient) -> None:
    draft.closes_wording = "chậm nhất ngày 01/6/2030"
    db.session.commit()
    typed = {
        "opens_on": "2030-03-01", "closes_kind": "by", "closes_on": "2030-06-15", "grace_minutes": "0",
        "closes_wording": "chậm nhất ngày 01/6/2030",
    }  # fmt: skip

    kept = organiser.post(_at(draft, "/thiet-lap/thoi-gian"), data=typed).text
    own = organiser.post(_at(draft, "/thiet-lap/thoi-gian"), data={**typed, "closes_wording": "hết quý II"}).text

    assert 'value="chậm nhất ngày 15/6/2030"' in kept
    assert 'value="hết quý II"' in own


def test_the_five_answers_come_from_the_settings_until_the_organiser_says_otherwise(
    draft: Contest, organiser: FlaskClient
) -> None:
    typed = {"name": draft.name, "about": "Gương tốt", "contact": "BDV", "who": "Nông dân xã An Tường"}

    assert "Thang 100 điểm: nội dung 65" in organiser.get(_at(draft)).text
    assert organiser.post(_at(draft, "/thiet-lap/thong-tin"), data=typed).status_code == 302

    shown = organiser.get(_at(draft)).text
    assert "Nông dân xã An Tường" in shown


def test_rules_with_a_misspelt_place_are_not_saved_and_shown(draft: Contest, organiser: FlaskClient) -> None:
    answer = organiser.post(_at(draft, "/thiet-lap/the-le"), data={"rules_text": "Hạn: {{han-nopp}}"})

    assert answer.status_code == 422
    assert "Không có mục điền sẵn nào tên là: han-nopp." in answer.text
    assert db.session.get_one(Contest, draft.id).rules_text == "# Mục đích\n\nHạn nộp: {{han-nop}}"


def test_the_preview_shows_without_saving(draft: Contest, organiser: FlaskClient) -> None:
    typed = {"rules_text": "# Điều <b>1</b>", "preview": "1"}

    page = organiser.post(_at(draft, "/thiet-lap/the-le"), data=typed)
    data = organiser.post(_at(draft, "/thiet-lap/the-le/xem-truoc"), data=typed)

    assert (page.status_code, '<h3 id="dieu-dieu-b-1-b">' in page.text) == (200, True)
    assert data.json == {"html": '<h3 id="dieu-dieu-b-1-b">Điều &lt;b&gt;1&lt;/b&gt;</h3>\n', "unknown": []}
    assert db.session.get_one(Contest, draft.id).rules_text == "# Mục đích\n\nHạn nộp: {{han-nop}}"


def test_limits_are_saved_and_the_text_of_the_rules_follows(draft: Contest, organiser: FlaskClient) -> None:
    typed = {
        "open_to_public": "0", "min_age": "", "max_per_author": "2", "max_per_unit": "10", "max_authors": "3",
        "min_words": "", "max_words": "1000", "file_kinds": ["docx", "pdf"], "max_files": "5", "max_file_mb": "20",
        "pledge_text": "Tôi cam kết.",
    }  # fmt: skip

    assert organiser.post(_at(draft, "/thiet-lap/doi-tuong"), data=typed).status_code == 302
    refused = organiser.post(_at(draft, "/thiet-lap/doi-tuong"), data={**typed, "file_kinds": []})

    db.session.expire_all()
    assert (draft.open_to_public, draft.min_age, draft.max_words) == (False, None, 1000)
    assert (draft.file_kinds, draft.allow_typed) == (["docx", "pdf"], False)
    assert refused.status_code == 422


def test_an_announced_contest_is_withdrawn_only_before_it_opens(draft: Contest, organiser: FlaskClient) -> None:
    draft.pledge_text, draft.closes_at = "Tôi cam kết.", utcnow() + timedelta(days=30)
    db.session.commit()

    assert organiser.post(_at(draft, "/cong-bo")).location == _at(draft)
    assert organiser.post(_at(draft, "/cong-bo")).location == _at(draft)
    assert organiser.post(_at(draft, "/thu-hoi-cong-bo")).status_code == 302
    assert db.session.get_one(Contest, draft.id).state == "draft"
    organiser.post(_at(draft, "/cong-bo"))
    row = db.session.get_one(Contest, draft.id)
    row.opens_at = utcnow() - timedelta(minutes=1)
    db.session.commit()
    organiser.post(_at(draft, "/thu-hoi-cong-bo"))
    assert db.session.get_one(Contest, draft.id).state == "announced"


def test_every_page_speaks_english_when_asked(draft: Contest, organiser: FlaskClient) -> None:
    organiser.set_cookie("lang", "en")

    for tail in ("", *PAGES):
        assert organiser.get(_at(draft, tail)).status_code == 200
