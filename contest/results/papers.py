"""From results to the official papers: gathers the values that contest/documents lays out."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app, has_request_context, request, url_for
from sqlalchemy import case, func, select

from contest.accounts.models import Account
from contest.contests.models import Contest, Round
from contest.db import db
from contest.documents import data, desk
from contest.entries.models import Entry, Screening
from contest.judging.models import PanelMember
from contest.results import queries, talk_wording
from contest.results.models import Award, Certificate, Result
from contest.results.severity_words import severity_told, written
from contest.results.wording import REASONS, tie_note
from contest.rules.deadlines import HANOI
from contest.rules.rule_sets import round_of, talks
from contest.web.static import FONTS

SIGN_HINT = "(Ký, ghi rõ họ tên)"


def letterhead(contest: Contest, kind_code: str, *, number: str = "", day: Any = None) -> data.Letterhead:
    """The head of this contest's papers, in the party's layout."""
    campaign = contest.campaign
    return data.Letterhead(
        family=data.Family.PARTY,
        superior=campaign.superior_name,
        issuer=campaign.issuer_name or campaign.organiser.name,
        number=number,
        kind_code=kind_code,
        issuer_code="BTC",
        place=campaign.place_name,
        day=day,
    )


def _rules_of(contest: Contest, result: Result) -> dict[str, Any]:
    """The numbered rules a result was made by; those in force may be others by the time a paper is made."""
    return next(rules.body for rules in contest.rule_sets if rules.number == result.rules_number)


def ledger_mark(result: Result) -> data.LedgerMark:
    return data.LedgerMark(
        length=result.ledger_length,
        head=result.ledger_hash,
        bundle_sha256=result.bundle_sha256,
        rules_number=result.rules_number,
    )


def minutes(contest: Contest, round_: Round, result: Result, told: dict[str, Any], *, now: datetime) -> bytes:
    """Biên bản họp Ban Giám khảo, ready to sign. `told`: what the form asked (MinutesForm)."""
    members = db.session.execute(
        select(Account.full_name, Account.post, PanelMember.is_head)
        .join(PanelMember, PanelMember.account_id == Account.id)
        .where(PanelMember.round_id == round_.id, PanelMember.left_at.is_(None))
        .order_by(PanelMember.is_head.desc(), Account.sort_key)
    ).all()
    counts, rules = _counts(contest), round_of(_rules_of(contest, result), round_.key)
    return desk.minutes_docx(
        data.MinutesData(
            head=letterhead(contest, "BB"),
            subject=f"họp Ban Giám khảo vòng {round_.name}, {contest.name}",
            contest=contest.name,
            tables=_result_tables(contest, round_, result),
            ledger=ledger_mark(result),
            signatures=(
                data.Signature(("THƯ KÝ",), told["secretary"], SIGN_HINT),
                data.Signature(("TRƯỞNG BAN GIÁM KHẢO",), told["chair"], SIGN_HINT),
            ),
            place=told["place"],
            started_at=told.get("began"),
            ended_at=told.get("ended") or now,
            present=tuple(
                # The seat on the panel beside the post: minutes must say who chaired.
                data.Person(name, ", ".join(filter(None, (post, "Trưởng Ban Giám khảo" if head else "Giám khảo"))))
                for name, post, head in members
            ),
            absent=tuple(data.Person(line) for line in _lines(told.get("absent"))),
            basis=tuple(_bases(contest, result)),
            received=counts["received"],
            valid=counts["valid"],
            invalid=counts["invalid"],
            withdrawn=counts["withdrawn"],
            invalid_reasons=_invalid_reasons(contest),
            method=(*_method(rules), *_severity(round_, result)),
            discussed=tuple(talk_wording.discussed(round_)),
            remarks=tuple(talk_wording.joint_remarks(round_)) if talks(rules) == "joint" else (),
            dissent=(
                *(talk_wording.joint_dissent(round_) if talks(rules) == "joint" else ()),
                *_lines(told.get("dissent")),
            ),
        )
    )


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def _bases(contest: Contest, result: Result) -> list[str]:
    number = result.rules_number
    frozen = next((rules.frozen_at for rules in contest.rule_sets if rules.number == number), None)
    since = "chốt trước khi có phiếu chấm đầu tiên"
    if number > 1 and frozen is not None:
        # May have replaced other rules while the judges marked: the day tells, and nothing else is claimed.
        since = f"áp dụng từ ngày {frozen.astimezone(HANOI):%d/%m/%Y}"
    return [f"Thể lệ {contest.name};", f"Quy chế chấm số {number}, {since}."]


def _method(rules: dict[str, Any]) -> list[str]:
    criteria = ", ".join(f"{item['name']} ({item['max']} điểm)" for item in rules["criteria"] if item["max"])
    averages = {"mean": "trung bình cộng", "median": "trung vị", "tolerance": "trung bình sau khi loại điểm lệch"}
    told = [f"Mỗi bài do {rules['judges_per_entry']} giám khảo chấm độc lập, theo mã phách, không biết tác giả."]
    if talks(rules) == "joint":
        told = ["Ban Giám khảo họp, thống nhất một phiếu cho mỗi bài, theo mã phách, không biết tác giả."]
    if criteria:
        told.append(f"Tiêu chí: {criteria}.")
    if talks(rules) == "joint":
        return told
    told.append(f"Điểm của bài là {averages[rules['panel']['average']]} điểm của các giám khảo.")
    if talks(rules) == "discussion":
        told.append("Sau khi mọi phiếu đã gửi, Trưởng ban mở thảo luận một số bài; giám khảo tự sửa phiếu của mình.")
    if third := rules.get("third_marker"):
        told.append(f"Hai giám khảo lệch từ {third['gap']} điểm trở lên thì có giám khảo thứ ba.")
    return told


def _severity(round_: Round, result: Result) -> list[str]:
    """What was done about judges' severity, where the rules ask for it: totals are then not the averages of marks."""
    told = severity_told(queries.document_of(result), round_.key, written)
    return [] if told is None else [said for said in (told.text, told.added) if said]


def _counts(contest: Contest) -> dict[str, int]:
    """The figures of the minutes. A withdrawn entry is neither valid nor invalid: it is counted for itself."""
    standing = case((Entry.state == "withdrawn", "withdrawn"), else_=Entry.screening)
    rows = db.session.execute(
        select(standing, func.count())
        .where(Entry.contest_id == contest.id, Entry.state != "draft", Entry.submitted_at.is_not(None))
        .group_by(standing)
    )
    found: dict[str, int] = dict(rows.all())
    return {"received": sum(found.values()), **{name: found.get(name, 0) for name in ("valid", "invalid", "withdrawn")}}


def _invalid_reasons(contest: Contest) -> tuple[tuple[str, int], ...]:
    rows = db.session.execute(
        select(Screening.entry_id, Screening.reasons)
        .join(Entry, Entry.id == Screening.entry_id)
        .where(
            Entry.contest_id == contest.id,
            Entry.state != "withdrawn",
            Entry.screening == "invalid",
            Screening.verdict == "invalid",
        )  # fmt: skip
        .order_by(Screening.id)
    )
    last = dict(rows.all())
    tally = Counter(reason for reasons in last.values() for reason in reasons)
    return tuple((REASONS.get(code, code), count) for code, count in tally.most_common())


def _result_tables(contest: Contest, round_: Round | None, result: Result) -> tuple[data.ResultTable, ...]:
    document = queries.document_of(result)
    ids = queries.entries_by_key(contest, round_)
    titles = queries.titles(contest, list(ids.values()))
    pools: dict[str, list[data.ResultRow]] = {}
    for place in document["places"]:
        pools.setdefault(place["pool"], []).append(
            data.ResultRow(
                code=place["entry"],
                title=titles.get(ids.get(place["entry"], 0), ""),
                total=place["total"],
                place=place["place"],
                shared=place["shared"],
                note="; ".join(
                    filter(None, ("Vào vòng sau" if place["advances"] else "", tie_note(place["decided_by"])))
                ),
            )
        )
    single = len(pools) == 1
    return tuple(
        data.ResultTable(tuple(rows), "" if single else _pool_name(contest, pool)) for pool, rows in pools.items()
    )


def _pool_name(contest: Contest, pool: str) -> str:
    return next((category.name for category in contest.categories if category.key == pool), pool)


def summary(contest: Contest, round_: Round, result: Result) -> bytes:
    """Bảng tổng hợp điểm: every judge's marks on every criterion, from the frozen bundle."""
    bundle = json.loads(result.bundle)
    rules = bundle["rules"]["rounds"][0]
    names = {item["key"]: item["name"] for item in round_of(_rules_of(contest, result), round_.key)["criteria"]}
    marks = {(mark["entry"], mark["judge"], mark["criterion"]): mark["value"] for mark in bundle["marks"]}
    judges_of: dict[str, list[str]] = {}
    for entry, judge, _criterion in marks:
        if judge not in judges_of.setdefault(entry, []):
            judges_of[entry].append(judge)
    most = max((len(judges) for judges in judges_of.values()), default=0)
    columns = tuple(
        data.SummaryColumn(names[item["key"]], f"Giám khảo {number}")
        for number in range(1, most + 1)
        for item in rules["criteria"]
    )
    ids = queries.entries_by_key(contest, round_)
    titles = queries.titles(contest, list(ids.values()))
    rows = []
    for place in queries.document_of(result)["places"]:
        judges = sorted(judges_of.get(place["entry"], []))
        cells = tuple(
            marks.get((place["entry"], judges[index], item["key"])) if index < len(judges) else None
            for index in range(most)
            for item in rules["criteria"]
        )
        rows.append(
            data.SummaryRow(
                place["entry"], titles.get(ids.get(place["entry"], 0), ""), cells, place["total"], place["place"],
                note=", ".join(judges),
            )
        )  # fmt: skip
    return desk.summary_docx(
        data.SummaryData(
            head=letterhead(contest, "BTH"),
            subject=f"vòng {round_.name}, {contest.name}",
            tables=(data.SummaryTable(columns, tuple(rows)),),
            signatures=(
                data.Signature(("TỔ THƯ KÝ",), "", SIGN_HINT),
                data.Signature(("TRƯỞNG BAN GIÁM KHẢO",), "", SIGN_HINT),
            ),
            judges=_panel_names(round_),
            ledger=ledger_mark(result),
            note=" ".join(_severity(round_, result)),
        )
    )


def _panel_names(round_: Round) -> tuple[str, ...]:
    """The names under which each judge signs, in the order of their keys."""
    return tuple(
        db.session.scalars(
            select(Account.full_name)
            .join(PanelMember, PanelMember.account_id == Account.id)
            .where(PanelMember.round_id == round_.id, PanelMember.left_at.is_(None))
            .order_by(PanelMember.id)
        )
    )


def decision(contest: Contest, result: Result) -> bytes:
    """Quyết định công nhận kết quả và trao giải; a draft until number and day are given."""
    awards = [award for award in queries.awards_of(result) if award.state == "given"]
    made = awards[0].decision
    about = queries.works(contest, [award.entry_id for award in awards])
    values = {prize["key"]: prize.get("value", "") for prize in _rules_of(contest, result)["prizes"]}
    return desk.decision_docx(
        data.DecisionData(
            head=letterhead(contest, "QĐ", number=made.number, day=made.issued_on),
            subject=f"công nhận kết quả và trao giải {contest.name}",
            contest=contest.name,
            authority="BAN TỔ CHỨC",
            prizes=tuple(
                data.PrizeRow(
                    award.prize_name, about[award.entry_id].authors, about[award.entry_id].unit_name,
                    about[award.entry_id].title, award.total, values.get(award.prize_key, ""),
                )
                for award in awards
            ),
            signatures=(data.signature_from(made.signer_block or "T/M BAN TỔ CHỨC\nTRƯỞNG BAN"),),
            bases=tuple(f"Căn cứ {basis}" for basis in _bases(contest, result)),
            recipients=("Như Điều 3,", "Lưu Ban Tổ chức."),
            is_draft=not made.number or made.issued_on is None,
        )
    )  # fmt: skip


def certificate_data(
    contest: Contest, certificate: Certificate, award: Award, *, base: str = ""
) -> data.CertificateData:
    """One certificate as it is printed, from what was numbered."""
    made = award.decision
    address = public_address("results.verify_certificate", base=base, token=certificate.token)
    campaign = contest.campaign
    day = f" ngày {made.issued_on:%d/%m/%Y}" if made.issued_on else ""
    return data.CertificateData(
        recipient=certificate.recipient,
        prize=certificate.prize_name,
        contest=certificate.contest_name,
        work_title=certificate.work_title,
        number=certificate.number,
        superior=campaign.superior_name,
        issuer=campaign.issuer_name or campaign.organiser.name,
        unit=certificate.unit_name,
        decision=f"Quyết định số {made.number}{day} của Ban Tổ chức" if made.number else "",
        place=campaign.place_name,
        day=made.issued_on,
        verify_url=address,
        verify_text=address.removeprefix("https://").removeprefix("http://"),
        signature=data.signature_from(made.signer_block or "T/M BAN TỔ CHỨC\nTRƯỞNG BAN"),
    )


def public_address(endpoint: str, *, base: str = "", **values: Any) -> str:
    """A page's whole address. base: where the service was reached, for when the settings do not say."""
    base = current_app.config["PUBLIC_URL"] or base
    if has_request_context():
        return f"{base or request.host_url.rstrip('/')}{url_for(endpoint, **values)}"
    with current_app.test_request_context():
        return f"{base}{url_for(endpoint, **values)}"


def certificates_pdf(items: Sequence[data.CertificateData]) -> bytes:
    """Certificates (see certificate_data) as one PDF, one page each. Takes no part of the database."""
    return desk.certificates_pdf(items, fonts=FONTS if FONTS.is_dir() else None)
