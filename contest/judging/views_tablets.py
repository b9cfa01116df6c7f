"""The tablets of a round, and what is brought from one by hand: a file, or codes read off its screen."""

from __future__ import annotations

from collections.abc import Mapping

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from contest.contests.models import Contest, Round
from contest.contests.queries import round_by_key, rules_in_force
from contest.db import db, utcnow
from contest.judging import tablet_actions, tablet_queries, tablet_shown, words
from contest.judging.actions import Refused
from contest.judging.blueprint import bp
from contest.judging.tablet_actions import NotOfThisRound, NotSealed, Packet, Taken
from contest.judging.tablet_forms import MOST_BYTES, BadPacket, read_packet
from contest.judging.tablet_shown import ImportView, TabletsView
from contest.judging.views_panel import PATH
from contest.judging.views_sync import app_version
from contest.rules.permissions import Action
from contest.rules.rule_sets import criteria_of
from contest.web.guards import allow, or_404
from contest.web.language import _

TABLETS = PATH + "/may-cham"


def tablets_of(round_: Round) -> TabletsView:
    """For the page, and for the one line of the board."""
    seen = tablet_queries.tablets_of(round_)
    return tablet_shown.tablets_view(seen, round_, version=app_version(), now=utcnow())


@bp.get(TABLETS)
@allow(Action.SEE_PROGRESS)
def tablets(contest: Contest, key: str) -> ResponseReturnValue:
    """Every tablet of the round's judges, those that need a hand first."""
    round_ = or_404(round_by_key(contest, key))
    return render_template(
        "judging/tablets.html", contest=contest, round=round_, view=tablets_of(round_), need_text=tablet_shown.need_text
    )


@bp.get(TABLETS + "/nhap")
@allow(Action.KEY_IN_SLIPS)
def import_tablet(contest: Contest, key: str) -> ResponseReturnValue:
    """Where a file is chosen, or codes are read with the camera."""
    return _import_page(contest, or_404(round_by_key(contest, key)))


def _import_page(
    contest: Contest, round_: Round, error: str = "", *, unsealed: str = "", judge: str | None = None
) -> str:  # fmt: skip
    """unsealed: what is the matter with the seal of a file; judge: whose the file says it is, by key."""
    return render_template(
        "judging/import.html", contest=contest, round=round_, error=error, view=None, unsealed=unsealed, judge=judge
    )


@bp.post(TABLETS + "/nhap")
@allow(Action.KEY_IN_SLIPS)
def preview_import(contest: Contest, key: str) -> ResponseReturnValue:
    """What the file would change: stored, looked at, and rolled back."""
    round_ = or_404(round_by_key(contest, key))
    data = _brought()
    try:
        packet = read_packet(data)
        view = tablet_shown.import_view(_bring_in(contest, round_, packet))
    except (BadPacket, NotOfThisRound) as bad:
        return _refused(contest, key, bad)
    except NotSealed as bad:
        return _unsealed(contest, round_, packet, bad)
    db.session.rollback()
    round_ = or_404(round_by_key(contest, key))
    return render_template(
        "judging/import.html", contest=contest, round=round_, error="", view=view, packet=packet,
        device=tablet_shown.short_name(packet.device), document=data.decode("utf-8-sig"),
        reasons=_reasons(contest, round_, view),
    )  # fmt: skip


@bp.post(TABLETS + "/nhap/ghi")
@allow(Action.KEY_IN_SLIPS)
def store_import(contest: Contest, key: str) -> ResponseReturnValue:
    """Store what was shown. The same file again stores nothing."""
    round_ = or_404(round_by_key(contest, key))
    try:
        packet = read_packet(_brought())
        taken = _bring_in(contest, round_, packet)
    except (BadPacket, NotOfThisRound) as bad:
        return _refused(contest, key, bad)
    except NotSealed as bad:
        return _unsealed(contest, round_, packet, bad)
    view = tablet_shown.import_view(taken)
    db.session.commit()
    flash(_stored(view), "ok" if not view.refused else "warn")
    return redirect(url_for("judging.tablets", contest=contest.slug, key=key), 303)


def _bring_in(contest: Contest, round_: Round, packet: Packet) -> Taken:
    secret = current_app.config["SECRET_KEY"]
    return tablet_actions.bring_in(contest, round_, packet, secret=secret, actor=current_user, now=utcnow())


def _brought() -> bytes:
    """The file, or the text that the camera put together; at most a byte more than is read."""
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        return upload.stream.read(MOST_BYTES + 1)
    try:
        return request.form.get("document", "").encode("utf-8")
    except UnicodeEncodeError:
        abort(400)


def _refused(contest: Contest, key: str, bad: BadPacket | NotOfThisRound) -> ResponseReturnValue:
    db.session.rollback()
    text = _(_SENTENCES[bad.code]) if isinstance(bad, BadPacket) else _(_NOT_HERE)
    return _import_page(contest, or_404(round_by_key(contest, key)), text), 422


def _unsealed(contest: Contest, round_: Round, packet: Packet, bad: NotSealed) -> ResponseReturnValue:
    """Nothing was stored but who brought what: the seal is asked before anything else."""
    judge = tablet_actions.note_refused(contest, round_, packet, bad, actor=current_user, now=utcnow())
    page = _import_page(contest, round_, unsealed=_(_SEALS[bad.code]), judge=judge)
    db.session.commit()
    return page, 422


def _reasons(contest: Contest, round_: Round, view: ImportView) -> dict[str, list[tuple[int, str]]]:
    """Why versions would not be taken, by the sheet's code: (how many, sentence)."""
    names = {item.key: item.name for item in criteria_of(rules_in_force(contest).body, round_.key)}
    gone = _("Không tìm thấy phiếu này.")
    return {
        sheet.code: [(n, _why(why, names) if why is not None else gone) for n, why in sheet.refused]
        for sheet in view.sheets
        if sheet.refused
    }


def _why(refusal: Refused, names: Mapping[str, str]) -> str:
    """For the secretary; other refusals read as they do to the judge."""
    return _(_TO_SECRETARY[refusal.code]) if refusal.code in _TO_SECRETARY else words.refusal_text(refusal, names)


def _stored(view: ImportView) -> str:
    said = [_("Đã ghi %(n)s bản chấm của %(judge)s từ máy chấm.", n=view.new, judge=f"{view.judge} · {view.name}")]
    if view.repeated:
        said.append(_("%(n)s bản đã có trên máy chủ từ trước.", n=view.repeated))
    if view.refused:
        said.append(_("%(n)s bản không nhận được.", n=view.refused))
    return " ".join(said)


_TO_SECRETARY = {
    "not_a_judge": "Người này không còn là giám khảo của cuộc thi.",
    "left_panel": "Giám khảo này đã thôi tham gia.",
    "recused": "Giám khảo đã từ chối chấm bài này.",
    "round_waiting": "Vòng chấm chưa mở.",
    "round_closed": "Vòng chấm đã đóng. Muốn thay đổi, hãy mở lại vòng chấm.",
    "already_sent": "Phiếu đã gửi từ trước; bản này không thêm gì.",
    "uuid_reused": "Bản này đã có trên máy chủ với nội dung khác.",
}
_SEALS = {
    "no_seal": "Tệp không có dấu niêm phong của máy giám khảo, nên không chứng tỏ được ai đã chấm.",
    "wrong_seal": "Dấu niêm phong không khớp với tệp: tệp đã bị sửa, hoặc không phải do máy của giám khảo này lưu.",
    "withdrawn": "Tệp được niêm phong trong một lần đăng nhập bằng thẻ đã thu hồi.",
}
_NOT_HERE = "Tệp này không có phiếu nào của giám khảo trong vòng chấm này. Hãy kiểm tra đúng cuộc thi và đúng vòng."
_SENTENCES = {
    "empty": "Hãy chọn tệp lấy từ máy chấm, hoặc quét mã QR trên màn hình máy chấm.",
    "too_large": "Tệp lớn hơn 2 MB, nên không phải tệp lưu từ máy chấm.",
    "not_json": "Tệp không phải tệp lưu từ máy chấm, hoặc đã hỏng. Hãy lưu lại từ máy chấm.",
    "format": "Tệp không đúng khuôn dạng của máy chấm. Hãy lưu lại từ máy chấm.",
    "sha256": "Tệp đã bị sửa hoặc hỏng: nội dung không khớp với mã kiểm tra ghi trong tệp. Hãy lưu lại từ máy chấm.",
    "too_many": "Tệp có quá 1.000 bản chấm, nên không phải tệp lưu từ máy chấm.",
    "item": "Tệp có bản chấm không đọc được. Hãy lưu lại từ máy chấm.",
}
