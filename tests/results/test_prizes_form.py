"""The form of the decision on prizes: what is ticked there survives a refusal, and an older page writes over nobody."""

from __future__ import annotations

from typing import Any

import pytest

from contest.db import db
from contest.results import queries
from contest.results.models import Decision

HELD = {"withhold": "1111/nhat", "why-1111/nhat": "Chưa đủ chất lượng"}


@pytest.fixture
def desk(decided: Any, sign_in: Any) -> Any:
    """The organiser's client and where prizes are decided."""
    db.session.commit()
    decided.client = sign_in(decided.organiser)
    decided.path = f"/cuoc-thi/{decided.contest.slug}/xet-giai"
    return decided


def _seen(scene: Any) -> str:
    result = queries.result_in_force(scene.contest)
    assert result is not None
    return queries.decision_seen(result)


def _given(scene: Any) -> dict[str, str]:
    db.session.expire_all()
    result = queries.result_in_force(scene.contest)
    assert result is not None
    return queries.withheld_in(result)


def _number(scene: Any) -> str:
    return str(db.session.query(Decision).order_by(Decision.id.desc()).first().number)


def test_a_prize_held_back_stays_ticked_when_another_field_is_refused(desk: Any) -> None:
    answer = desk.client.post(desk.path, data={**HELD, "issued_on": "31/02/2024"})

    assert answer.status_code == 422
    assert 'value="1111/nhat" checked' in answer.text
    assert 'value="Chưa đủ chất lượng"' in answer.text


def test_a_reason_without_its_tick_is_asked_about_in_its_line(desk: Any) -> None:
    answer = desk.client.post(desk.path, data={"why-1111/nhat": "Chưa đủ chất lượng", "number": "9"})

    assert (answer.status_code, _given(desk), _number(desk)) == (422, {}, "12-QĐ/BTC")
    assert "Đã có lý do mà chưa đánh dấu" in answer.text
    assert 'value="Chưa đủ chất lượng" maxlength="1000" aria-invalid="true"' in answer.text
    assert 'value="1111/nhat" checked' not in answer.text


def test_an_older_page_does_not_write_over_a_newer_decision(desk: Any) -> None:
    before = _seen(desk)
    newer = {**HELD, "number": "15-QĐ/BTC", "issued_on": "12/10/2024", "seen": before}
    assert desk.client.post(desk.path, data=newer).status_code == 302

    answer = desk.client.post(desk.path, data={"number": "", "seen": before})

    assert (answer.status_code, _number(desk)) == (409, "15-QĐ/BTC")
    assert _given(desk) == {"1111/nhat": "Chưa đủ chất lượng"}
    assert "ghi lại sau khi trang này mở" in answer.text
    assert 'value="15-QĐ/BTC"' in answer.text, "what is in force is shown"


def test_pressing_twice_records_one_decision(desk: Any) -> None:
    data = {**HELD, "number": "15-QĐ/BTC", "issued_on": "12/10/2024", "seen": _seen(desk)}
    count = db.session.query(Decision).count()

    answers = [desk.client.post(desk.path, data=data).status_code for _time in range(2)]

    assert (answers, db.session.query(Decision).count()) == ([302, 302], count + 1)


def test_what_was_looked_at_is_what_is_published(desk: Any) -> None:
    before = _seen(desk)
    desk.client.post(desk.path, data={**HELD, "number": "15", "issued_on": "12/10/2024", "seen": before})
    publish = f"/cuoc-thi/{desk.contest.slug}/ket-qua/cong-bo"

    refused = desk.client.post(publish, data={"seen": before})
    taken = desk.client.post(publish, data={"seen": _seen(desk)})
    again = desk.client.post(publish, data={"seen": _seen(desk)}, follow_redirects=True)

    assert (refused.status_code, taken.status_code, again.status_code) == (409, 302, 200)
    assert "ghi lại sau khi trang này mở" in refused.text and 'value="15"' in refused.text
    assert "Kết quả đã công bố." in again.text


def test_once_published_the_page_says_that_nobodys_prize_moves(desk: Any) -> None:
    desk.client.post(f"/cuoc-thi/{desk.contest.slug}/ket-qua/cong-bo", data={"seen": _seen(desk)})

    answer = desk.client.post(desk.path, data={**HELD, "number": "12-QĐ/BTC", "seen": _seen(desk)})

    assert (answer.status_code, _given(desk)) == (409, {})
    assert "Chưa ghi được, vì:" in answer.text and "Kết quả đã công bố." in answer.text
