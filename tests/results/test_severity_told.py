"""A round whose rules correct severity: its page, the public page and the papers say what was done."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import pytest
from docx import Document

from contest.contests.models import Contest
from contest.db import db
from contest.results import actions, queries
from contest.results.models import PaperFile
from contest.results.severity_words import severity_told, signed, why, written
from contest.rules.permissions import Role
from contest.storage import storage
from tests.fixtures.makers import NOW

SAID = "Điểm đã hiệu chỉnh theo mức chặt, rộng của từng giám khảo, đúng quy chế."
ADDED = "Số điểm cộng vào tổng điểm của mỗi phiếu: J1 +4,00; J2 −2,00; J3 −2,00."
UNCORRECTED = "không áp dụng, điểm giữ nguyên: J1, J2, J3 chấm chung với người khác ít hơn 10 bài."


def locked(contest: Contest, make_account: Any) -> None:
    actions.lock_round(contest, contest.rounds[0], actor=make_account("Thư ký khóa"), now=NOW)
    db.session.commit()


def paper(kind: str) -> str:
    kept = db.session.query(PaperFile).filter_by(kind=kind).one()
    return "\n".join(each.text for each in Document(io.BytesIO(storage().read(kept.storage_key))).paragraphs)


@pytest.mark.parametrize(
    ("times", "asked", "said", "unsaid"),
    ((5, True, [SAID, ADDED], "giữ nguyên"), (4, True, [UNCORRECTED], SAID), (5, False, [], "hiệu chỉnh")),
)
def test_page_minutes_and_summary_say_what_was_done(
    dealt: Any, make_account: Any, sign_in: Any, times: int, asked: bool, said: list[str], unsaid: str
) -> None:
    contest = dealt(times, asked=asked)
    secretary = sign_in(make_account("Thư ký", Role.TALLY_SECRETARY, contest=contest))
    results = f"/cuoc-thi/{contest.slug}/vong/so-khao/ket-qua"

    draft = secretary.get(results).get_data(as_text=True)
    locked(contest, make_account)
    told = {"minutes": {"place": "Hội trường A", "secretary": "Ma Thị Lan", "chair": "Đặng Văn Bình"}, "summary": {}}
    for kind, path in (("minutes", "bien-ban"), ("summary", "tong-hop")):
        secretary.post(f"/cuoc-thi/{contest.slug}/van-ban/so-khao/{path}", data=told[kind])

    for text in (draft, secretary.get(results).get_data(as_text=True), paper("minutes"), paper("summary")):
        assert [each for each in said if each not in text] == []
        assert unsaid not in text


def test_the_correction_decides_the_places(dealt: Any, make_account: Any) -> None:
    contest = dealt()
    locked(contest, make_account)

    rows = queries.document_of(queries.result_in_force(contest))["places"]  # type: ignore[arg-type]

    # 40 + 4 and 46 - 2, and the 25 of the other criteria; 37 - 2; 30 + 4 and 36 - 2.
    assert [row["total"] for row in rows] == ["69.00"] * 5 + ["60.00"] * 5 + ["59.00"] * 5


def test_the_public_page_says_it_to_everyone(
    dealt: Any, make_account: Any, client: Any, join_codes: Any, count_queries: Any
) -> None:
    contest = dealt()
    locked(contest, make_account)
    join_codes(contest)
    actor = make_account("Ban Tổ chức")
    actions.decide_prizes(contest, {}, number="1", issued_on=None, signer_block="", note="", actor=actor, now=NOW)
    actions.publish(contest, actor=actor, now=NOW, base="http://localhost")
    db.session.commit()

    assert SAID in client.get(f"/cuoc-thi/{contest.slug}/ket-qua").get_data(as_text=True)


def test_papers_are_vietnamese_and_pages_follow_the_visitor(app: Any) -> None:
    document = {"severity": {"r": {"corrected": True, "effects": {"r/J1": {"total": "-1234.565"}}}}}

    with app.test_request_context(headers={"Cookie": "lang=en"}):
        page, signed_for = severity_told(document, "r"), severity_told(document, "r", written)

    assert (page.added, signed_for.added) == (  # type: ignore[union-attr]
        "Added to the total of each score sheet: J1 +1,234.57.",
        "Số điểm cộng vào tổng điểm của mỗi phiếu: J1 +1.234,57.",
    )
    assert severity_told({}, "r") is None


@pytest.mark.parametrize(
    ("reason", "said"),
    (
        ("too_few_judges", "có ít hơn 3 giám khảo"),
        ("not_connected", "J1, J2 không chấm chung bài nào với những người còn lại"),
        ("weakly_connected", "nhóm J1, J2 chấm chung với những người còn lại ít hơn 10 bài"),
        ("third_marker", "quy chế có người chấm thứ ba"),
    ),
)
def test_reasons_in_words(reason: str, said: str) -> None:
    assert why(reason, ["J1", "J2"], written) == said


def test_what_is_nothing_has_no_sign() -> None:
    assert [signed(Decimal(value), written) for value in ("0", "-0.004", "-0.5", "2")] == [
        "0,00", "0,00", "−0,50", "+2,00",
    ]  # fmt: skip
