"""Certificates and minutes, pressed twice and from old pages: what is answered is what was done."""

from __future__ import annotations

from typing import Any

import pytest

from contest.db import db
from contest.results import actions, certificate_actions
from contest.results.models import Certificate, PaperFile
from tests.fixtures.makers import NOW


@pytest.fixture
def published(decided: Any, sign_in: Any) -> Any:
    actions.publish(decided.contest, actor=decided.organiser, now=NOW)
    certificate_actions.issue_certificates(decided.contest, actor=decided.organiser, now=NOW)
    db.session.commit()
    decided.client, decided.at = sign_in(decided.organiser), f"/cuoc-thi/{decided.contest.slug}"
    return decided


def test_a_second_press_numbers_nothing_and_says_so(published: Any) -> None:
    page = published.client.post(f"{published.at}/chung-nhan", follow_redirects=True).text

    assert "cấp số 0" not in page and "Mọi giải đã có giấy" in page


def test_an_old_page_is_told_that_its_names_are_not_on_the_new_paper(published: Any) -> None:
    first = db.session.query(Certificate).order_by(Certificate.number).first()
    path, reason = f"{published.at}/chung-nhan/{first.number}/cap-lai", {"reason": "In sai tên", "unit_name": ""}
    published.client.post(path, data={**reason, "recipient": "Lò Văn Đúng"})
    count = db.session.query(Certificate).count()

    other = published.client.post(path, data={**reason, "recipient": "Tên khác"}, follow_redirects=True).text
    same = published.client.post(path, data={**reason, "recipient": "Lò Văn Đúng"}, follow_redirects=True).text

    assert db.session.query(Certificate).count() == count
    assert "Điều vừa nhập chưa được ghi" in other and "ghi cho Lò Văn Đúng" in other
    assert "Điều vừa nhập chưa được ghi" not in same and "thay giấy số" in same


def test_a_meeting_does_not_end_before_it_began(published: Any) -> None:
    form = {"place": "Hội trường", "secretary": "Thư ký", "chair": "Trưởng ban", "began": "09/10/2024 14:00"}
    path = f"{published.at}/van-ban/so-khao/bien-ban"

    wrong = published.client.post(path, data={**form, "ended": "09/10/2024 08:00"})
    made = db.session.query(PaperFile).filter_by(kind="minutes").count()
    right = published.client.post(path, data={**form, "ended": "09/10/2024 16:30"})

    assert (wrong.status_code, made, right.status_code) == (422, 0, 302)
    assert "Giờ kết thúc phải sau giờ bắt đầu." in wrong.text
