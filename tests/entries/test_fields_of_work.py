"""Which of the year's fields a work is about: chosen by its author, put right by the secretariat, known to the plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from contest.audit import AuditEvent
from contest.campaigns.models import FieldOfWork
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Entry, Unblinding
from contest.entries.own_queries import slip_of
from tests.entries import kit
from tests.fixtures.makers import NOW


@pytest.fixture
def fields(contest: Contest) -> list[FieldOfWork]:
    rows = [
        FieldOfWork(campaign_id=contest.campaign_id, position=1, key="kinh-te", name="Phát triển kinh tế"),
        FieldOfWork(campaign_id=contest.campaign_id, position=2, key="van-hoa", name="Văn hóa - xã hội"),
    ]
    db.session.add_all(rows)
    db.session.commit()
    return rows


@pytest.fixture
def entry(contest: Contest, fields: list[FieldOfWork], pen: FlaskClient) -> Entry:
    return kit.begin(pen, contest)


def _draft_field(entry: Entry) -> int | None:
    db.session.expire_all()
    return slip_of(entry, max(entry.versions, key=lambda version: version.number)).field_of_work_id


def _save(pen: FlaskClient, entry: Entry, **body: Any) -> Any:
    answer = pen.post(
        f"/bai/{entry.public_id}/nhap",
        json={"title": "A", "text": "", "revision": int(kit.draft_number(entry)), **body},
    )
    assert answer.status_code == 200, answer.text
    return answer


def _submit(pen: FlaskClient, entry: Entry, **work: Any) -> None:
    kit.write(pen, entry, **work)
    kit.sign(pen, entry)
    kit.promise(pen, entry)
    assert kit.hand_in(pen, entry).status_code == 302
    db.session.expire_all()


def test_the_author_chooses_one_and_finds_it_on_the_receipt(
    fields: list[FieldOfWork], entry: Entry, pen: FlaskClient
) -> None:
    _submit(pen, entry, field_of_work_id=str(fields[1].id))

    assert entry.field_of_work == fields[1]
    assert json.loads(entry.versions[0].content or "")["field_of_work"] == "van-hoa"
    assert "Văn hóa - xã hội" in pen.get(f"/bai/{entry.public_id}/bien-nhan").text
    assert "Văn hóa - xã hội" in pen.get(f"/bai/{entry.public_id}/ban/1").text


def test_none_need_be_chosen(entry: Entry, pen: FlaskClient) -> None:
    _submit(pen, entry, field_of_work_id="")

    assert entry.field_of_work is None
    assert json.loads(entry.versions[0].content or "")["field_of_work"] is None


def test_a_contest_of_a_year_without_fields_does_not_ask(contest: Contest, pen: FlaskClient) -> None:
    entry = kit.begin(pen, contest)

    assert 'name="field_of_work_id"' not in pen.get(f"/bai/{entry.public_id}/tac-pham").text


def test_on_an_english_page_its_name_is_marked_as_vietnamese(entry: Entry, pen: FlaskClient) -> None:
    pages = []
    for language in ("vi", "en"):
        pen.set_cookie("lang", language)
        pages.append(pen.get(f"/bai/{entry.public_id}/tac-pham").text)

    assert [page.count('<option lang="vi"') for page in pages] == [0, 2]


def test_a_field_of_another_year_is_refused(
    make_contest: Callable[..., Contest], entry: Entry, pen: FlaskClient
) -> None:
    other = make_contest(slug="nam-khac")
    theirs = FieldOfWork(campaign_id=other.campaign_id, position=1, key="khac", name="Lĩnh vực khác")
    db.session.add(theirs)
    db.session.commit()
    assert theirs.campaign_id != entry.contest.campaign_id

    answer = kit.write(pen, entry, field_of_work_id=str(theirs.id))
    _save(pen, entry, field_of_work=str(theirs.id))

    assert answer.status_code == 422
    assert _draft_field(entry) is None


def test_the_script_saves_the_choice_takes_it_back_and_leaves_it_when_it_says_nothing(
    fields: list[FieldOfWork], entry: Entry, pen: FlaskClient
) -> None:
    _save(pen, entry, field_of_work=str(fields[0].id))
    chosen = _draft_field(entry)
    _save(pen, entry, text="một")
    kept = _draft_field(entry)
    _save(pen, entry, text="một hai", field_of_work="")

    assert (chosen, kept, _draft_field(entry)) == (fields[0].id, fields[0].id, None)


def test_a_field_dropped_from_the_year_meanwhile_does_not_bar_a_mended_work(
    fields: list[FieldOfWork], entry: Entry, pen: FlaskClient
) -> None:
    _submit(pen, entry, field_of_work_id=str(fields[0].id))
    pen.post(f"/bai/{entry.public_id}/sua-bai")
    kit.write(pen, entry, text="Viết lại từ đầu.", field_of_work_id=str(fields[1].id))
    db.session.delete(fields[1])
    db.session.commit()

    kit.promise(pen, entry)
    assert kit.hand_in(pen, entry).status_code == 302

    db.session.expire_all()
    assert (len(entry.versions), entry.field_of_work) == (2, None)


def test_the_secretariat_names_it_and_the_trail_says_so_once(
    contest: Contest, fields: list[FieldOfWork], entry: Entry, pen: FlaskClient, desk: FlaskClient
) -> None:
    _submit(pen, entry)
    for _ in range(2):
        desk.post(kit.at(contest, entry, "/linh-vuc"), data={"field_of_work_id": str(fields[0].id)})

    db.session.expire_all()
    assert entry.field_of_work == fields[0]
    assert json.loads(entry.versions[0].content or "")["field_of_work"] is None  # what was handed in stays
    [event] = db.session.query(AuditEvent).filter_by(action="entries.name_field")
    assert event.details == {"before": None, "field_of_work": "kinh-te"}


@pytest.mark.parametrize("how", ("joined", "withdrawn"))
def test_a_field_is_left_alone_once_codes_are_joined_or_the_work_is_withdrawn(
    contest: Contest, fields: list[FieldOfWork], entry: Entry, pen: FlaskClient, desk: FlaskClient,
    make_account: Any, how: str,
) -> None:  # fmt: skip
    """Who judges hangs on it: after khớp phách whoever changes it knows authors and marks."""
    _submit(pen, entry, field_of_work_id=str(fields[0].id))
    form = 'name="field_of_work_id"'
    assert form in desk.get(kit.at(contest, entry)).text
    if how == "withdrawn":
        entry.state = "withdrawn"
    else:
        keeper = make_account().id
        db.session.add(
            Unblinding(
                contest_id=contest.id, reason="x", asked_by_id=keeper, asked_at=NOW,
                approved_by_id=make_account().id, approved_at=NOW,
            )
        )  # fmt: skip
    db.session.commit()

    answer = desk.post(
        kit.at(contest, entry, "/linh-vuc"), data={"field_of_work_id": str(fields[1].id)}, follow_redirects=True
    )

    db.session.expire_all()
    assert entry.field_of_work == fields[0]
    said = {"joined": "Phách đã được khớp nên không đổi lĩnh vực", "withdrawn": "Bài này đã rút."}[how]
    assert said in answer.text and form not in answer.text and "Thuộc lĩnh vực: Phát triển kinh tế" in answer.text


def test_what_the_secretariat_named_outlives_a_revision_unless_its_author_chooses_again(
    contest: Contest, fields: list[FieldOfWork], entry: Entry, pen: FlaskClient, desk: FlaskClient
) -> None:
    _submit(pen, entry)
    desk.post(kit.at(contest, entry, "/linh-vuc"), data={"field_of_work_id": str(fields[0].id)})

    pen.post(f"/bai/{entry.public_id}/sua-bai")

    assert _draft_field(entry) == fields[0].id
    kit.promise(pen, entry)
    assert kit.hand_in(pen, entry).status_code == 302
    db.session.expire_all()
    assert (len(entry.versions), entry.field_of_work) == (2, fields[0])


def test_the_secretariat_cannot_name_a_field_there_is_not(
    contest: Contest, entry: Entry, pen: FlaskClient, desk: FlaskClient
) -> None:
    _submit(pen, entry)

    answer = desk.post(kit.at(contest, entry, "/linh-vuc"), data={"field_of_work_id": "999"})

    db.session.expire_all()
    assert (answer.status_code, entry.field_of_work) == (404, None)


def test_a_paper_entry_has_one_too(contest: Contest, fields: list[FieldOfWork], desk: FlaskClient) -> None:
    data = {
        "title": "Bài viết tay", "pages": "3", "received_at": "2024-09-09T08:30", "people-0-full_name": "Nông Thị Mây",
        "category_id": str(contest.categories[0].id), "field_of_work_id": str(fields[0].id),
    }  # fmt: skip

    desk.post(f"/cuoc-thi/{contest.slug}/tiep-nhan/bai-giay", data=data)

    assert db.session.query(Entry).one().field_of_work == fields[0]


def test_only_the_secretariat_names_it(
    contest: Contest, fields: list[FieldOfWork], entry: Entry, pen: FlaskClient
) -> None:
    _submit(pen, entry)

    answer = pen.post(kit.at(contest, entry, "/linh-vuc"), data={"field_of_work_id": str(fields[0].id)})

    db.session.expire_all()
    assert (answer.status_code, entry.field_of_work) == (403, None)


def test_the_list_shows_the_works_of_a_field_and_those_of_none(
    contest: Contest, fields: list[FieldOfWork], desk: FlaskClient, make_entry: Callable[..., Entry]
) -> None:
    make_entry(contest, title="Bài chưa rõ", field_of_work_id=None)
    make_entry(contest, title="Bài kinh tế", field_of_work_id=fields[0].id)
    make_entry(contest, title="Bài văn hóa", field_of_work_id=fields[1].id)

    def listed(field: str) -> list[str]:
        page = desk.get(f"/cuoc-thi/{contest.slug}/tiep-nhan?field={field}").text
        return [title for title in ("Bài chưa rõ", "Bài kinh tế", "Bài văn hóa") if title in page]

    assert listed("none") == ["Bài chưa rõ"]
    assert listed(str(fields[1].id)) == ["Bài văn hóa"]
    assert listed("") == listed("999") == listed("²") == ["Bài chưa rõ", "Bài kinh tế", "Bài văn hóa"]
