"""A tablet's file cannot be forged: only what a page sealed that its judge was signed in on is taken."""

from __future__ import annotations

import html
import json
import logging
import re
import subprocess
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

from contest.accounts import actions as account_actions
from contest.accounts.models import Account, LoginSession, RoleGrant, SignInCard
from contest.audit import AuditEvent
from contest.db import db, utcnow
from contest.judging.models import Tablet
from contest.judging.queries import verify_ledger
from contest.judging.tablet_forms import read_packet
from contest.judging.tablet_seals import is_sealed, seal_key
from contest.rules.canonical import canonical_bytes, sha256_hex
from contest.rules.permissions import Role
from contest.web.static import FOLDER
from tests.js.node import node
from tests.judging.conftest import FULL, Hall, save
from tests.judging.test_import_tablet import SECRET, bring, packet, path, sealed, upload, versions
from tests.judging.test_import_tablet import secretary as secretary
from tests.judging.test_sync import chain, item, sync

SignIn = Callable[[Account], FlaskClient]
Document = dict[str, Any]


def seal_of_page(text: str) -> tuple[int, str]:
    """What a judge's page gives its script: sign-in and key."""
    return int(re.findall(r'data-sign-in="(\d+)"', text)[0]), re.findall(r'data-seal-key="([0-9a-f]{64})"', text)[0]


def refusals() -> list[AuditEvent]:
    return db.session.query(AuditEvent).filter_by(action="judging.refuse_tablet").order_by(AuditEvent.seq).all()


def resummed(document: Document, items: list[Any]) -> Document:
    """The items changed by somebody who knows the format and can make its checksum right."""
    return {**document, "items": items, "sha256": sha256_hex(canonical_bytes(items))}


def without_seal(document: Document) -> Document:
    return {key: value for key, value in document.items() if key not in ("sign_in", "seal")}


def forgeries(hall: Hall) -> dict[str, tuple[Document, str]]:
    """What may be tried against a file of J2, and what the trail is to say of it."""
    items, judge, other = chain(hall.sheet), hall.judge(2).id, hall.judge(1).id
    true = packet(items, judge)
    more = [{**items[0], "marks": {**FULL, "noi-dung": "60"}}, *items[1:]]
    colleagues = item(hall.sheets[0][0])
    return {
        "written by hand": (without_seal(true), "no_seal"),
        "a mark changed": (resummed(true, more), "wrong_seal"),
        "a version left out": (resummed(true, items[:1]), "wrong_seal"),
        "a version added": (resummed(true, [*items, item(hall.sheet)]), "wrong_seal"),
        "versions in another order": (resummed(true, items[::-1]), "wrong_seal"),
        "another judge's version added": (resummed(true, [*items, colleagues]), "wrong_seal"),
        "saved at another time": ({**true, "made_at": "2024-09-02T01:02:03.001Z"}, "wrong_seal"),
        "of another tablet": ({**true, "device": "may-2"}, "wrong_seal"),
        "of another sign-in": ({**true, "sign_in": 2}, "wrong_seal"),
        "given to another judge": ({**packet([colleagues], judge), "owner": other}, "wrong_seal"),
        "sealed by another judge": (sealed(true, other), "wrong_seal"),
        "sealed before the secret was changed": (sealed(true, judge, secret="another"), "wrong_seal"),  # noqa: S106
        "with an empty seal": ({**true, "seal": ""}, "wrong_seal"),
        "with half a seal": ({**true, "seal": true["seal"][:32]}, "wrong_seal"),
        "with a seal in capitals": ({**true, "seal": true["seal"].upper()}, "wrong_seal"),
        "with letters for a seal": ({**true, "seal": "ấ" * 64}, "wrong_seal"),
        "with another file's seal": ({**true, "seal": packet(items[:2], judge)["seal"]}, "wrong_seal"),
    }


NAMES = (
    "written by hand", "a mark changed", "a version left out", "a version added", "versions in another order",
    "another judge's version added", "saved at another time", "of another tablet", "of another sign-in",
    "given to another judge", "sealed by another judge", "sealed before the secret was changed", "with an empty seal",
    "with half a seal", "with a seal in capitals", "with letters for a seal", "with another file's seal",
)  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_its_judge_did_not_seal_is_not_taken_and_the_trail_says_who_brought_it(
    hall: Hall, secretary: FlaskClient, name: str
) -> None:
    document, why = forgeries(hall)[name]
    seen = upload(secretary, hall, document)
    sent = secretary.post(path(hall, "/ghi"), data={"document": json.dumps(document)})

    assert (seen.status_code, sent.status_code, versions()) == (422, 422, [])
    for answer in (seen, sent):
        assert "Không nhập tệp này, chưa ghi gì" in answer.text and 'name="document" value="{' not in answer.text
    events = refusals()
    assert [(event.actor_name, event.details["reason"]) for event in events] == [("Hoàng Thị Thư", why)] * 2
    assert events[0].details["sha256"] == document["sha256"]
    assert events[0].details["account"] == document["owner"]
    assert db.session.query(AuditEvent).filter_by(action="judging.import_tablet").count() == 0


def test_every_forgery_is_one_of_a_file_that_would_be_taken(hall: Hall, secretary: FlaskClient) -> None:
    assert set(NAMES) == set(forgeries(hall))
    assert upload(secretary, hall, packet(chain(hall.sheet), hall.judge(2).id)).status_code == 200
    assert refusals() == []


def test_a_refused_file_says_what_to_do_and_leads_there(hall: Hall, secretary: FlaskClient) -> None:
    text = upload(secretary, hall, without_seal(packet([item(hall.sheet)], hall.judge(2).id))).text
    assert "không có dấu niêm phong" in text and "phiếu tự gửi" in text and "hai người nhập" in text
    links = re.findall(r'href="([^"]*phieu-giay[^"]*)"', text)
    assert [secretary.get(link).status_code for link in links] == [200]
    assert links[0].endswith("/phieu-giay/J2")

    unknown = upload(secretary, hall, without_seal(packet([item(hall.sheet)], 987654))).text
    assert re.findall(r'href="([^"]*phieu-giay[^"]*)"', unknown)[0].endswith("/phieu-giay")


def test_what_a_judges_page_sealed_is_taken_whatever_became_of_the_sign_in(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    judge, items = hall.judge(2), chain(hall.sheet)
    client = sign_in(judge)
    first, key = seal_of_page(client.get("/cham").text)
    assert seal_of_page(client.get(f"/cham/{hall.sheet.public_id}").text) == (first, key)
    second, other = seal_of_page(sign_in(judge).get("/cham").text)
    assert first != second and key != other and key == seal_key(judge.id, first, secret=SECRET).key
    db.session.get_one(LoginSession, first).ended_at = utcnow()
    db.session.commit()

    assert bring(secretary, hall, sealed(packet(items[:1], judge.id), judge.id, first)).status_code == 303
    assert bring(secretary, hall, sealed(packet(items, judge.id), judge.id, second)).status_code == 303
    assert [row.uuid for row in versions()] == [one["uuid"] for one in items]
    events = db.session.query(AuditEvent).filter_by(action="judging.import_tablet").order_by(AuditEvent.seq)
    assert [event.details["sign_in"] for event in events] == [first, second]


def test_a_withdrawn_card_takes_its_seals_along_and_a_new_sign_in_seals_anew(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    judge, items = hall.judge(2), chain(hall.sheet)
    lost, _key = seal_of_page(sign_in(judge).get("/cham").text)
    card = SignInCard(
        token_hash="x" * 64, account_id=judge.id, made_at=utcnow(), expires_at=utcnow(), used_at=utcnow(),
        session_id=lost,
    )  # fmt: skip
    db.session.add(card)
    db.session.commit()
    assert upload(secretary, hall, sealed(packet(items, judge.id), judge.id, lost)).status_code == 200
    account_actions.revoke_card(card, actor=hall.judge(1), now=utcnow())
    db.session.commit()

    answer = upload(secretary, hall, sealed(packet(items, judge.id), judge.id, lost))
    assert (answer.status_code, "thẻ đã thu hồi" in answer.text) == (422, True)
    assert [event.details["reason"] for event in refusals()] == ["withdrawn"]
    again, _key = seal_of_page(sign_in(judge).get("/cham").text)
    assert bring(secretary, hall, sealed(packet(items, judge.id), judge.id, again)).status_code == 303


@pytest.mark.parametrize("what", ["stepped back", "left", "role taken back"])
def test_a_seal_says_who_wrote_and_not_that_they_may_still_be_heard(
    make_hall: Any, make_account: Any, sign_in: SignIn, what: str
) -> None:
    hall = make_hall(entries=2)
    judge, (kept, given_up) = hall.judge(2), [row[1] for row in hall.sheets]
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=hall.contest))
    document = packet([item(kept), item(given_up)], judge.id)
    if what == "stepped back":
        given_up.state = "recused"
    elif what == "left":
        hall.members[1].left_at = utcnow()
    else:
        db.session.query(RoleGrant).filter_by(account_id=judge.id).update({"revoked_at": utcnow()})
    db.session.commit()

    text = upload(secretary, hall, document).text
    said = {
        "stepped back": "từ chối chấm bài này",
        "left": "đã thôi tham gia",
        "role taken back": "không còn là giám khảo",
    }
    assert said[what] in text
    secretary.post(path(hall, "/ghi"), data={"document": json.dumps(document)})
    # What was written for another sheet before stepping back from one still comes.
    assert [row.assignment_id for row in versions()] == ([kept.id] if what == "stepped back" else [])


def test_a_file_replayed_in_another_round_brings_nothing(hall: Hall, make_hall: Any, secretary: FlaskClient) -> None:
    other = make_hall()
    other.members[1].account_id = hall.judge(2).id
    manager = RoleGrant(
        account_id=db.session.query(Account).filter_by(full_name="Hoàng Thị Thư").one().id, role=Role.TALLY_SECRETARY,
        contest_id=other.contest.id, given_at=utcnow(),
    )  # fmt: skip
    db.session.add(manager)
    db.session.commit()
    document = packet(chain(hall.sheet), hall.judge(2).id)
    answers = [
        upload(secretary, other, document),
        secretary.post(path(other, "/ghi"), data={"document": json.dumps(document)}),
    ]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "không có phiếu nào của giám khảo" in answers[0].text and versions() == []
    assert bring(secretary, hall, document).status_code == 303


def test_the_key_stands_in_its_judges_own_pages_and_nowhere_else(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    client, address = sign_in(hall.judge(2)), f"/cham/{hall.sheet.public_id}"
    with caplog.at_level(logging.DEBUG):
        _sign_in, key = seal_of_page(client.get("/cham").text)
        assert key in client.get(address).text
        own = [
            client.get("/cham/phien"), client.get("/cham-may.js"), client.get("/cham.webmanifest"),
            client.get("/cham/ngoai-tuyen"), client.get("/"), client.get(f"{address}/gui"), sync(client),
            client.post(f"{address}/phieu", json=item(hall.sheet)),
        ]  # fmt: skip
        bring(secretary, hall, sealed(packet(chain(hall.sheet), hall.judge(2).id), hall.judge(2).id, _sign_in))
        board = f"/cuoc-thi/{hall.contest.slug}/vong/so-khao"
        others = [
            sign_in(hall.judge(1)).get("/cham"), sign_in(hall.judge(1)).get(f"/cham/{hall.sheets[0][0].public_id}"),
            secretary.get("/cham"), secretary.get(path(hall)), secretary.get(f"{board}/may-cham"),
        ]  # fmt: skip
    assert {answer.status_code for answer in others} == {200}
    assert not [answer.request.path for answer in own + others if key in answer.text]
    headers = " ".join(str(answer.headers) for answer in own + others)
    assert key not in headers + caplog.text + "".join(str(event.details) for event in db.session.query(AuditEvent))


def test_a_colleagues_key_or_the_secretarys_own_opens_nothing(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    document = packet([item(hall.sheet)], hall.judge(2).id)
    for client, account in (
        (sign_in(hall.judge(1)), hall.judge(1)),
        (secretary, db.session.query(Account).filter_by(full_name="Hoàng Thị Thư").one()),
    ):
        own, _key = seal_of_page(client.get("/cham").text)
        assert upload(secretary, hall, sealed(document, account.id, own)).status_code == 422
    assert versions() == []


def disagreement(hall: Hall) -> tuple[Document, Document]:
    """Two contents under one number: what a program's fault could make, since no hand can."""
    one = item(hall.sheet, "sent")
    return one, {**one, "marks": {**FULL, "noi-dung": "41"}}


def test_a_tablet_that_says_otherwise_than_its_file_keeps_its_version_and_people_see_it(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    filed, told = disagreement(hall)
    save(hall.sheets[0][0], hall.judge(1), "sent")
    db.session.commit()
    bring(secretary, hall, packet([filed], hall.judge(2).id))
    [result] = sync(sign_in(hall.judge(2)), told, unsent=1).json["results"]

    assert (result["status"], result["body"]["code"]) == (409, "uuid_reused")  # the tablet keeps it: judging_sender
    assert "Điểm vẫn giữ trên máy này; hãy báo Tổ Thư ký" in result["body"]["detail"]
    assert db.session.query(Tablet).one().refused == 1
    round_ = f"/cuoc-thi/{hall.contest.slug}/vong/so-khao"
    assert "1 bản máy chủ không nhận" in secretary.get(f"{round_}/may-cham").text
    assert "Máy chấm: 1 máy, 1 cần xem" in secretary.get(f"{round_}/tien-do").text
    assert [row.marks["noi-dung"] for row in versions()] == ["52.5", "52.5"] and verify_ledger(hall.contest) == []


def test_what_the_tablet_wrote_after_it_stands_beside_for_a_person_to_pick(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    """The tablet lets the refused version go when a newer one of the sheet is stored: so that must not go unseen."""
    filed = item(hall.sheet)
    bring(secretary, hall, packet([filed], hall.judge(2).id))
    told = {**filed, "marks": {**FULL, "noi-dung": "41"}}
    later = item(hall.sheet, "sent", marks={**FULL, "noi-dung": "42"}, based_on=told["uuid"])
    results = sync(sign_in(hall.judge(2)), told, later).json["results"]

    assert [one["status"] for one in results] == [409, 201]
    assert [(row.marks["noi-dung"], row.holds) for row in versions()] == [("52.5", True), ("42", False)]
    assert hall.sheet.has_conflict
    assert "Phiếu này được ghi khác nhau ở hai nơi" in sign_in(hall.judge(2)).get(f"/cham/{hall.sheet.public_id}").text


def test_a_file_that_says_otherwise_than_its_tablet_did_is_shown_and_on_the_record(
    hall: Hall, secretary: FlaskClient, sign_in: SignIn
) -> None:
    told, filed = disagreement(hall)
    sync(sign_in(hall.judge(2)), told)
    document = packet(
        [filed, item(hall.sheet, "correction", reason="Cộng nhầm", based_on=filed["uuid"])], hall.judge(2).id
    )
    assert "Bản này đã có trên máy chủ với nội dung khác" in upload(secretary, hall, document).text

    bring(secretary, hall, document)
    event = db.session.query(AuditEvent).filter_by(action="judging.import_tablet").one()
    assert event.details["refused"] == [[filed["uuid"], "uuid_reused"]]
    assert versions()[0].marks["noi-dung"] == "52.5" and verify_ledger(hall.contest) == []


def test_the_history_says_which_versions_came_by_hand(hall: Hall, secretary: FlaskClient, sign_in: SignIn) -> None:
    save(hall.sheets[0][0], hall.judge(1), "sent", device="may-9")
    db.session.commit()
    bring(secretary, hall, packet([item(hall.sheet, "sent")], hall.judge(2).id))
    text = sign_in(hall.judge(1)).get(f"/cuoc-thi/{hall.contest.slug}/vong/so-khao/bai/0417").text

    histories = [html.unescape(part.split("</ol>")[0]) for part in text.split("Lịch sử phiếu")[1:]]
    assert ["nhập từ máy chấm" in history for history in histories] == [False, True]


def test_no_tablet_says_of_itself_that_a_secretary_brought_its_marks(hall: Hall, sign_in: SignIn) -> None:
    client, named = sign_in(hall.judge(2)), "nhap-tep:0123456789abcdef:may-1"
    answers = [
        sync(client, item(hall.sheet, device=named)),
        client.post(f"/cham/{hall.sheet.public_id}/phieu", json=item(hall.sheet, device=named)),
    ]
    assert ([answer.status_code for answer in answers], versions()) == ([400, 400], [])


SEALING = """
import { packets } from %s;
const [file] = packets(JSON.parse(process.argv[1], (key, value) => key === "now" ? new Date(value) : value));
console.log(JSON.stringify(file));
"""


def test_the_tablets_script_seals_as_the_server_reads() -> None:
    """Letters of every kind: what one side escapes and the other does not would break the seal."""
    if (program := node()) is None:
        pytest.skip("no node on this machine: JavaScript is untested")
    said = '“Đạt” ừ \u0301 \U0001f44d \u2028 \u007f \u0001 \\ / " \n\t <b>'
    body = {
        "uuid": str(uuid4()), "kind": "sent", "based_on": None, "marks": FULL, "comment": said, "reason": "",
        "device": "may-1", "client_at": None,
    }  # fmt: skip
    items = [
        {"seq": 1, "uuid": body["uuid"], "sheet": "a" * 32, "body": body, "tries": 0, "refusal": None},
        {
            "seq": 2,
            "uuid": "x",
            "sheet": "b" * 32,
            "body": {**body, "uuid": str(uuid4())},
            "refusal": {"code": "stale"},
        },
    ]
    key = seal_key(17, 57, secret=SECRET)
    told = {
        "owner": "17", "device": "may-1", "items": items, "now": "2024-09-02T01:02:03Z",
        "seal": {"signIn": str(key.sign_in), "key": key.key},
    }  # fmt: skip
    script = SEALING % json.dumps((FOLDER / "js/judging/packet.js").as_uri())
    run = subprocess.run(
        [program, "--input-type=module", "-e", script, json.dumps(told)], capture_output=True, timeout=60, check=True
    )
    file = read_packet(run.stdout)

    assert (file.owner, file.sign_in, file.items[0].change.comment[:5]) == (17, 57, "“Đạt”")
    assert is_sealed(file.said, file.seal or "", owner=17, sign_in=57, secret=SECRET)
    assert not is_sealed(file.said.replace(b"52.5", b"60"), file.seal or "", owner=17, sign_in=57, secret=SECRET)
