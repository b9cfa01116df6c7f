"""The pages of results as each person sees them."""

from __future__ import annotations

import copy
import io
import json
import re
from datetime import date
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from docx import Document
from sqlalchemy import event

from contest.audit import AuditEvent
from contest.contests.models import RuleSet
from contest.db import db
from contest.jobs import run_due
from contest.results import actions, certificate_actions
from contest.results.models import Certificate, PaperFile
from contest.rules.canonical import sha256_hex
from contest.rules.permissions import Role
from contest.storage import storage
from tests.fixtures.makers import NOW, RULES


@pytest.fixture
def published(decided: Any) -> Any:
    actions.publish(decided.contest, actor=decided.organiser, now=NOW)
    certificate_actions.issue_certificates(decided.contest, actor=decided.organiser, now=NOW)
    db.session.commit()
    return decided


def test_an_unpublished_result_does_not_exist_for_the_public(client: Any, marked: Any, make_account: Any) -> None:
    scene = marked()
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    db.session.commit()

    early = client.get(f"/cuoc-thi/{scene.contest.slug}/ket-qua")
    assert early.status_code == 404 and "Kết quả chưa công bố" in early.text and "Lò Văn Ún" not in early.text
    for day, said in ((date(2200, 10, 12), True), (date(2024, 10, 12), False)):  # a day gone by promises nothing
        scene.contest.results_on = day
        db.session.commit()
        assert ("Dự kiến công bố" in client.get(f"/cuoc-thi/{scene.contest.slug}/ket-qua").text) == said
    scene.contest.state = "draft"
    db.session.commit()
    assert "Kết quả chưa công bố" not in client.get(f"/cuoc-thi/{scene.contest.slug}/ket-qua").text
    assert client.get(f"/cuoc-thi/{scene.contest.slug}/ket-qua/bundle.json").status_code == 404


def test_the_public_sees_winners_by_name_and_the_others_by_code(client: Any, published: Any) -> None:
    page = client.get(f"/cuoc-thi/{published.contest.slug}/ket-qua").get_data(as_text=True)

    assert "Lò Văn Ún 1" in page
    assert "88,00" in page
    assert "4444" in page
    assert "Lò Văn Ún 4" not in page


def test_the_bundle_can_be_downloaded_and_run_again(client: Any, published: Any) -> None:
    address = f"/cuoc-thi/{published.contest.slug}/ket-qua"
    page = client.get(address).get_data(as_text=True)

    bundle = client.get(f"{address}/bundle.json").get_data()
    result = json.loads(client.get(f"{address}/result.json").get_data())

    assert sha256_hex(bundle) in page
    assert result["bundle_sha256"] == sha256_hex(bundle)
    assert "Lò Văn" not in bundle.decode()


def test_the_organiser_sees_no_places_before_the_lock(marked: Any, make_account: Any, sign_in: Any) -> None:
    scene = marked()
    organiser = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=scene.contest))
    address = f"/cuoc-thi/{scene.contest.slug}/vong/so-khao/ket-qua"

    early = organiser.get(address)
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    db.session.commit()
    late = organiser.get(address)

    assert (early.status_code, "88,00" in early.get_data(as_text=True)) == (403, False)
    assert (late.status_code, "88,00" in late.get_data(as_text=True)) == (200, True)


def test_the_tally_secretary_locks_from_the_page(marked: Any, make_account: Any, sign_in: Any) -> None:
    scene = marked()
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest))

    first = secretary.post(f"/cuoc-thi/{scene.contest.slug}/vong/so-khao/khoa")
    second = secretary.post(f"/cuoc-thi/{scene.contest.slug}/vong/so-khao/khoa")

    assert (first.status_code, second.status_code) == (302, 409)


def test_no_page_before_khop_phach_names_an_author(marked: Any, make_account: Any, sign_in: Any) -> None:
    scene = marked()
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    db.session.commit()
    slug = scene.contest.slug
    for role in (Role.TALLY_SECRETARY, Role.HEAD_JUDGE, Role.ORGANISER):
        person = sign_in(make_account(f"Người {role}", role, contest=scene.contest))
        for page in ("vong/so-khao/ket-qua", "vong/so-khao/thong-nhat", "xet-giai", "van-ban", "chung-nhan"):
            text = person.get(f"/cuoc-thi/{slug}/{page}").get_data(as_text=True)

            assert "Lò Văn" not in text, f"{role}: {page}"
            assert scene.entries[0].receipt_code not in text, f"{role}: {page}"


def test_a_withheld_prize_needs_a_reason(marked: Any, make_account: Any, sign_in: Any) -> None:
    scene = marked()
    organiser = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=scene.contest))
    actions.lock_round(scene.contest, scene.round, actor=make_account("Thư ký"), now=NOW)
    db.session.commit()

    refused = organiser.post(f"/cuoc-thi/{scene.contest.slug}/xet-giai", data={"withhold": "1111/nhat", "number": "7"})
    taken = organiser.post(
        f"/cuoc-thi/{scene.contest.slug}/xet-giai",
        data={"withhold": "1111/nhat", "why-1111/nhat": "Chưa đủ chất lượng", "number": "7-QĐ/BTC"},
    )

    assert refused.status_code == 422
    assert "Giải nào không trao cần ghi lý do." in refused.get_data(as_text=True)
    assert 'value="7"' in refused.get_data(as_text=True), "what was typed is kept"
    assert taken.status_code == 302


def test_a_certificate_verifies_and_a_forged_one_does_not(client: Any, published: Any) -> None:
    certificate = db.session.query(Certificate).order_by(Certificate.number).first()

    genuine = client.get(f"/chung-nhan/{certificate.token}")
    forged = client.get("/chung-nhan/aaaaaaaaaaaaaaaaaaaaaa")

    assert (genuine.status_code, "Giấy thật, còn hiệu lực" in genuine.get_data(as_text=True)) == (200, True)
    assert certificate.recipient in genuine.get_data(as_text=True)
    assert "10/10/2024" in genuine.get_data(as_text=True), "the day of the decision, as on the paper"
    assert (forged.status_code, "Không có giấy chứng nhận này" in forged.get_data(as_text=True)) == (404, True)


def test_a_revoked_certificate_says_so(client: Any, published: Any, sign_in: Any) -> None:
    certificate = db.session.query(Certificate).order_by(Certificate.number).first()
    organiser = sign_in(published.organiser)

    organiser.post(
        f"/cuoc-thi/{published.contest.slug}/chung-nhan/{certificate.number}/thu-hoi", data={"reason": "In sai tên"}
    )

    page = client.get(f"/chung-nhan/{certificate.token}").get_data(as_text=True)
    assert "Đã thu hồi" in page
    assert "Giấy thật" not in page


def test_a_certificate_with_a_name_misspelt_is_given_anew(client: Any, published: Any, sign_in: Any) -> None:
    old = db.session.query(Certificate).order_by(Certificate.number).first()
    organiser, others = sign_in(published.organiser), db.session.query(Certificate).count() - 1
    book = f"/cuoc-thi/{published.contest.slug}/chung-nhan"
    address, token, number, award_id = f"{book}/{old.number}/cap-lai", old.token, old.number, old.award_id
    asked = organiser.get(address).text
    assert old.recipient in asked and old.work_title in asked
    data = {"recipient": " Lò  Thị Ún ", "unit_name": "Xã Mới", "reason": "In sai tên"}
    for nobody in ("", "   ", "\u200b"):
        assert organiser.post(address, data={**data, "recipient": nobody}).status_code == 422
    assert organiser.post(address, data={**data, "reason": ""}).status_code == 422

    for _press in range(2):
        assert organiser.post(address, data=data).status_code == 302

    first, second = db.session.query(Certificate).filter_by(award_id=award_id).order_by(Certificate.id)
    assert (first.revoked_at is None, second.revoked_at) == (False, None)
    assert (second.recipient, second.unit_name, second.work_title) == ("Lò Thị Ún", "Xã Mới", first.work_title)
    assert db.session.query(Certificate).count() == others + 2
    before, after = client.get(f"/chung-nhan/{token}").text, client.get(f"/chung-nhan/{second.token}").text
    assert "Đã thu hồi" in before and f"số {second.number} thay cho giấy này" in before
    assert second.token not in before, "what proves a paper genuine stands on that paper alone"
    assert "Giấy thật" in after and "Lò Thị Ún" in after
    event = db.session.query(AuditEvent).filter_by(action="results.replace_certificate").one()
    assert (event.subject, event.details["by"]) == (f"certificate:{number}", second.number)
    # Neither counts as waiting for a number: pressing for the print again numbers nothing.
    organiser.post(book)
    assert db.session.query(Certificate).count() == others + 2
    assert organiser.get(book).text.count(">Cấp lại<") == others + 1


def test_one_that_was_taken_back_can_still_be_given_anew(published: Any, sign_in: Any) -> None:
    old = db.session.query(Certificate).order_by(Certificate.number).first()
    organiser, book = sign_in(published.organiser), f"/cuoc-thi/{published.contest.slug}/chung-nhan"
    organiser.post(f"{book}/{old.number}/thu-hoi", data={"reason": "In sai tên"})

    assert f"{old.number}/cap-lai" in organiser.get(book).text
    data = {"recipient": "Lò Thị Ún", "unit_name": "", "reason": "In lại cho đúng"}
    organiser.post(f"{book}/{old.number}/cap-lai", data=data)

    db.session.expire_all()
    assert (old.revoked_reason, old.award.certificates[-1].recipient) == ("In sai tên", "Lò Thị Ún")


def test_certificates_are_printed_by_a_job(published: Any, sign_in: Any) -> None:
    organiser = sign_in(published.organiser)

    organiser.post(f"/cuoc-thi/{published.contest.slug}/chung-nhan")
    run_due()

    kept = db.session.query(PaperFile).filter_by(kind="certificates").one()
    answer = organiser.get(f"/cuoc-thi/{published.contest.slug}/van-ban/{kept.id}")
    assert answer.data[:5] == b"%PDF-"
    page = pypdfium2.PdfDocument(answer.data)[0].render(scale=3).to_pil()
    certificate = db.session.query(Certificate).order_by(Certificate.number).first()
    assert [code.text for code in zxingcpp.read_barcodes(page)] == [f"http://localhost/chung-nhan/{certificate.token}"]
    assert sha256_hex(answer.data) == kept.sha256


def test_minutes_hold_the_ledgers_head_and_no_author(published: Any, sign_in: Any, make_account: Any) -> None:
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=published.contest))
    address = f"/cuoc-thi/{published.contest.slug}/van-ban"

    asked = secretary.post(
        f"{address}/so-khao/bien-ban",
        data={
            "place": "Hội trường A",
            "secretary": "Ma Thị Lan",
            "chair": "Đặng Văn Bình",
            "began": "2024-10-01T08:00",
        },
    )

    kept = db.session.query(PaperFile).filter_by(kind="minutes").one()
    document = Document(io.BytesIO(storage().read(kept.storage_key)))
    text = "\n".join(
        [paragraph.text for paragraph in document.paragraphs]
        + [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    )
    assert asked.status_code == 302
    assert "0000 0000" in text
    assert "Ma Thị Lan" in text
    assert "1111" in text
    assert "Lò Văn" not in text


@pytest.mark.parametrize("kind", ["tong-hop", "quyet-dinh"])
def test_summary_and_decision_are_word_files(published: Any, sign_in: Any, make_account: Any, kind: str) -> None:
    account = published.organiser
    client, slug = sign_in(account), published.contest.slug
    address = (
        f"/cuoc-thi/{slug}/van-ban/quyet-dinh" if kind == "quyet-dinh" else f"/cuoc-thi/{slug}/van-ban/so-khao/{kind}"
    )

    client.post(address)

    kept = db.session.query(PaperFile).one()
    assert storage().read(kept.storage_key)[:2] == b"PK"
    assert client.get(f"/cuoc-thi/{slug}/van-ban/{kept.id}").status_code == 200


def test_papers_speak_of_the_rules_the_result_was_made_by(published: Any, sign_in: Any) -> None:
    later = copy.deepcopy(RULES)
    later["rounds"][0]["criteria"] = [{**later["rounds"][0]["criteria"][0], "key": "khac", "name": "Tiêu chí khác"}]
    later["tiebreaks"] = later["rounds"][0]["tiebreaks"] = []
    contest_id = published.contest.id
    db.session.add(RuleSet(contest_id=contest_id, number=2, body=later, made_at=NOW, frozen_at=NOW))
    db.session.commit()

    sign_in(published.organiser).post(f"/cuoc-thi/{published.contest.slug}/van-ban/so-khao/tong-hop")

    kept = db.session.query(PaperFile).one()
    document = Document(io.BytesIO(storage().read(kept.storage_key)))
    cells = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert ("Nội dung" in cells, "Tiêu chí khác" in cells) == (True, False)


def test_a_paper_of_another_contest_is_not_found(
    published: Any, make_contest: Any, make_account: Any, sign_in: Any
) -> None:
    sign_in(published.organiser).post(f"/cuoc-thi/{published.contest.slug}/van-ban/so-khao/tong-hop")
    kept = db.session.query(PaperFile).one()
    other = make_contest()
    stranger = sign_in(make_account("Tổ chức khác", Role.ORGANISER, contest=other))

    assert stranger.get(f"/cuoc-thi/{other.slug}/van-ban/{kept.id}").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_entries(
    marked: Any, make_account: Any, make_entry: Any, make_assignment: Any, sign_in: Any
) -> None:
    scene = marked()
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest))
    address = f"/cuoc-thi/{scene.contest.slug}/vong/so-khao/ket-qua"
    few = _count(lambda: secretary.get(address))
    for number in range(30):
        entry = make_entry(scene.contest)
        for sheet in scene.sheets[:2]:
            # A code of its own: the maker's next one may be a code of the scene.
            make_assignment(entry, sheet.panel_member, code=f"9{number:03d}", state="sent", marks=scene.sheets[0].marks)

    assert _count(lambda: secretary.get(address)) == few


def _count(work: Any) -> int:
    seen: list[str] = []
    listener = lambda *arguments: seen.append(arguments[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", listener)
    try:
        work()
    finally:
        event.remove(db.engine, "before_cursor_execute", listener)
    return len([statement for statement in seen if not re.match(r"BEGIN|PRAGMA", statement)])


def test_the_effect_of_other_rules_is_shown_before_they_are_put_in_force(
    marked: Any, make_account: Any, sign_in: Any
) -> None:
    scene = marked()
    body = {**RULES, "tiebreaks": [], "rounds": [{**RULES["rounds"][0], "tiebreaks": []}]}
    db.session.add(RuleSet(contest_id=scene.contest.id, number=2, body=body, made_at=NOW))
    db.session.commit()
    address = f"/cuoc-thi/{scene.contest.slug}/quy-che/tac-dong"

    organiser = sign_in(make_account("Ban Tổ chức", Role.ORGANISER, contest=scene.contest)).get(address)
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=scene.contest)).get(address)

    assert (organiser.status_code, "3333" in organiser.get_data(as_text=True)) == (200, False)
    assert (secretary.status_code, "3333" in secretary.get_data(as_text=True)) == (200, True)
