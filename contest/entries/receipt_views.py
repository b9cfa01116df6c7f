"""The receipt one wants to keep: page, PDF, public check; earlier versions and their files for the owner."""

from __future__ import annotations

import io
import re

from flask import make_response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from contest.db import db
from contest.documents.data import ReceiptData, ReceiptFile
from contest.documents.desk import qr_svg, receipt_pdf
from contest.entries import own_queries
from contest.entries.address import public_address
from contest.entries.blueprint import bp
from contest.entries.models import Entry, EntryFile, EntryVersion, ReferenceText
from contest.entries.own_views import entry_or_404
from contest.rules.blind_codes import check_receipt_code
from contest.storage import storage
from contest.web.guards import or_404, public, signed_in
from contest.web.language import _
from contest.web.limits import LOOK_UP, limiter


def _last(entry: Entry) -> EntryVersion:
    return or_404(own_queries.submitted_version(entry))


def _check_address(entry: Entry) -> str:
    return public_address("entries.check_receipt", code=entry.receipt_code)


@bp.get("/bai/<public_id>/bien-nhan")
@signed_in
def receipt(public_id: str) -> ResponseReturnValue:
    entry = entry_or_404(public_id)
    version = _last(entry)
    slip = own_queries.slip_of(entry, version)
    address = _check_address(entry)
    return render_template(
        "entries/receipt.html",
        entry=entry,
        contest=entry.contest,
        version=version,
        slip=slip,
        category=own_queries.category_in(entry.contest, slip.category_id),
        field=own_queries.field_in(entry.contest, slip.field_of_work_id),
        address=address,
        qr=Markup(qr_svg(address)),  # noqa: S704 (made of digits by our own code)
        mailed=sorted({person.email for person in slip.people if person.email}),
    )


@bp.get("/bai/<public_id>/bien-nhan.pdf")
@signed_in
def receipt_file(public_id: str) -> ResponseReturnValue:
    entry = entry_or_404(public_id)
    version = _last(entry)
    data = receipt_data(entry, version)
    db.session.rollback()
    return send_file(
        io.BytesIO(receipt_pdf(data)),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"bien-nhan-{data.code}.pdf",
    )


def receipt_data(entry: Entry, version: EntryVersion) -> ReceiptData:
    """What the printed receipt says."""
    slip = own_queries.slip_of(entry, version)
    category = own_queries.category_in(entry.contest, slip.category_id)
    field = own_queries.field_in(entry.contest, slip.field_of_work_id)
    address = _check_address(entry)
    assert entry.receipt_code and version.submitted_at
    return ReceiptData(
        contest=entry.contest.name,
        code=entry.receipt_code,
        received_at=version.submitted_at,
        title=version.title,
        authors=tuple(person.full_name for person in slip.people),
        qr_text=address,
        organiser=entry.contest.campaign.issuer_name or entry.contest.campaign.organiser.name,
        category=category.name if category else "",
        field_of_work=field.name if field else "",
        unit=slip.unit_name,
        version=version.number,
        word_count=version.word_count,
        files=tuple(ReceiptFile(file.name, file.size, file.sha256, file.pages) for file in version.files),
        content_sha256=version.content_sha256 or "",
        address=address,
        is_late=entry.is_late,
    )


@bp.get("/bai/<public_id>/ban/<int:number>")
@signed_in
def version(public_id: str, number: int) -> ResponseReturnValue:
    entry = entry_or_404(public_id)
    found = or_404(own_queries.submitted_version(entry, number))
    slip = own_queries.slip_of(entry, found)
    return render_template(
        "entries/version.html",
        entry=entry,
        contest=entry.contest,
        version=found,
        slip=slip,
        category=own_queries.category_in(entry.contest, slip.category_id),
        field=own_queries.field_in(entry.contest, slip.field_of_work_id),
    )


@bp.get("/bai/<public_id>/tep/<file_id>")
@signed_in
def own_file(public_id: str, file_id: str) -> ResponseReturnValue:
    entry = entry_or_404(public_id)
    return send_entry_file(or_404(own_queries.file_in(entry, file_id)))


def send_entry_file(file: EntryFile | ReferenceText) -> ResponseReturnValue:
    """As a download, never shown in the page: what people send may be a page with a script in it."""
    answer = make_response(
        send_file(
            storage().open(file.storage_key),
            mimetype="application/octet-stream",
            as_attachment=True,
            download_name=file.name,
        )
    )
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@bp.get("/bien-nhan")
@limiter.limit(LOOK_UP)
@public
def find_receipt() -> ResponseReturnValue:
    """The form to check a receipt; a code typed in any way leads to its page."""
    typed = request.args.get("ma", "")
    code = check_receipt_code(typed) if typed else None
    if code:
        return redirect(url_for("entries.check_receipt", code=code))
    problem = _("Mã biên nhận này chưa đúng. Hãy xem lại từng chữ, ví dụ DV24-7K3M-9QXT.") if typed else ""
    return render_template("entries/check.html", entry=None, version=None, code=typed, problem=problem)


@bp.get("/bien-nhan/<code>")
@limiter.limit(LOOK_UP)
@public
def check_receipt(code: str) -> ResponseReturnValue:
    """Whether a receipt is genuine. Says nothing of author or work: anyone may ask, a judge too."""
    known = check_receipt_code(code) or (code if re.fullmatch(r"[0-9A-Z-]{4,24}", code) else None)
    entry = own_queries.entry_by_receipt(known) if known else None
    if entry is None:
        problem = _(
            "Không có biên nhận nào mang mã này. Hãy so lại từng chữ với mã in trên biên nhận; "
            "nếu vẫn không có thì hỏi Ban Tổ chức."
        )
        return render_template("entries/check.html", entry=None, version=None, code=code, problem=problem), 404
    found = own_queries.submitted_version(entry)
    return render_template("entries/check.html", entry=entry, version=found, code=known, problem="")
