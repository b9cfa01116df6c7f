"""Codes of judging in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contest.judging.actions import Refused
from contest.judging.marks import MarkFault
from contest.judging.panel_actions import NotPossible
from contest.web.language import _, show_number

STATUS: Mapping[str, int] = {"not_a_judge": 403, "bad_marks": 422, "missing_marks": 422, "reason_needed": 422}


def status_of(refusal: Refused) -> int:
    """The HTTP status a refusal answers with."""
    return STATUS.get(refusal.code, 409)


def refusal_text(refusal: Refused, names: Mapping[str, str]) -> str:
    """One sentence or two for the judge. names: of criteria by key."""
    if refusal.code == "bad_marks":
        return " ".join(fault_text(fault, names) for fault in refusal.facts["faults"])
    if refusal.code == "missing_marks":
        listed = ", ".join(names.get(key, key) for key in refusal.facts["criteria"])
        return _("Chưa cho điểm: %(criteria)s. Hãy cho điểm đủ các tiêu chí rồi gửi phiếu.", criteria=listed)
    return _(_SENTENCES.get(refusal.code, "Không thực hiện được. Hãy tải lại trang rồi thử lại."))


# Of these the sentence alone does not say what becomes of the marks that came from a device.
_MARKS_STAY = frozenset({"not_a_judge", "left_panel", "recused"})


def device_refusal_text(refusal: Refused, names: Mapping[str, str]) -> str:
    """The same to a judge's device, which keeps what is not taken."""
    said = refusal_text(refusal, names)
    return f"{said} {_('Điểm đã nhập vẫn được giữ trên máy này.')}" if refusal.code in _MARKS_STAY else said


_SENTENCES = {
    "not_a_judge": "Đồng chí không còn là giám khảo của cuộc thi này.",
    "left_panel": "Đồng chí đã thôi tham gia Ban Giám khảo của vòng này, nên phiếu không nhận thêm điểm.",
    "recused": "Phiếu này đã được từ chối chấm, nên không nhận thêm điểm.",
    "round_waiting": "Vòng chấm chưa mở. Điểm đã nhập vẫn được giữ trên máy này.",
    "round_closed": "Vòng chấm đã đóng. Điểm đã nhập vẫn được giữ trên máy này; hãy báo Tổ Thư ký.",
    "uuid_reused": "Máy chủ đã có một bản khác mang số hiệu của bản này. Điểm vẫn giữ trên máy này; hãy báo Tổ Thư ký.",
    "reason_needed": "Hãy ghi lý do.",
    "not_sent": "Phiếu chưa gửi.",
    "already_sent": "Phiếu đã gửi. Muốn thay đổi, hãy chọn “Sửa phiếu đã gửi” và ghi lý do.",
    "not_asked": "Phiếu này không được đề nghị xem lại.",
    "stale": "Phiếu đã thay đổi ở một cửa sổ hoặc thiết bị khác. Hãy tải lại trang để xem bản mới.",
    "unknown_version": "Không tìm thấy bản chấm này.",
    "begun_on_device": "Giám khảo đang chấm bài này trên máy, nên không nhập từ phiếu giấy.",
    "confirmed": "Vòng chấm đã được xác nhận, nên không thay đổi được nữa.",
}


_NOT_POSSIBLE = {
    "reason_needed": "Hãy ghi lý do.",
    "round_closed": "Vòng chấm đã đóng. Muốn thay đổi, hãy mở lại vòng chấm.",
    "round_begun": "Vòng chấm đã bắt đầu, nên không thay đổi được.",
    "round_not_open": "Vòng chấm chưa mở.",
    "round_not_closed": "Vòng chấm chưa đóng.",
    "round_locked": "Kết quả vòng này đã khóa. Muốn chấm lại, trước hết mở khóa kết quả kèm lý do.",
    "nothing_declared": "Hãy ghi mã đơn vị hoặc họ tên người có liên quan.",
    "no_discussion": "Quy chế của vòng này không có thảo luận: giám khảo chấm độc lập.",
    "nothing_to_discuss": "Không có bài nào mở được thảo luận: bài đang được thảo luận, hoặc chưa có hai phiếu.",
    "nothing_said": "Hãy ghi ý kiến rồi gửi.",
    "discussion_ended": "Thảo luận đã kết thúc.",
    "no_plan": "Chưa có phương án phân công. Hãy lập phương án trước.",
    "plan_replaced": "Phương án vừa được lập lại. Hãy xem phương án dưới đây rồi xác nhận.",
    "plan_taken": "Phương án này đã được phân công rồi.",
    "begun_meanwhile": "Giám khảo vừa bắt đầu chấm phiếu mà phương án định chuyển. Chưa có gì thay đổi; hãy lập lại.",
    "has_marks": "Phiếu này đã có điểm, hoặc điểm đang chờ trên máy tính bảng, nên không chuyển được.",
    "no_entries": "Vòng này chưa có bài nào. Hãy rọc phách trước.",
    "no_judges": "Ban Giám khảo chưa có ai. Hãy thêm giám khảo trước.",
    "joint_changed": "Phiếu chung vừa thay đổi. Hãy đọc lại phiếu mới rồi xác nhận.",
    "not_yours": "Thành viên này không ghi được ý kiến ở đây.",
    "said_already": "Thành viên này đã tự ghi ý kiến về phiếu chung, nên không ai ghi thay được nữa.",
    "left_panel": "Giám khảo này đã thôi tham gia.",
    "already_there": "Giám khảo này đã có phiếu của bài này.",
    "conflict": "Giám khảo này có xung đột lợi ích với bài, nên không được phân công.",
    "already_sent": "Phiếu đã gửi nên không chuyển được.",
    "no_third_judge": "Không còn giám khảo nào chấm được bài này. Hãy thêm giám khảo vào Ban Giám khảo.",
}


def not_possible_text(gap: NotPossible) -> str:
    """Why a step of the panel or the round cannot be taken."""
    if gap.code == "inputs_changed":
        return _("%(what)s Chưa có gì thay đổi; hãy lập lại phương án.", what=changed_text(gap.facts["kinds"]))
    return _(_NOT_POSSIBLE.get(gap.code, "Không thực hiện được. Hãy tải lại trang rồi thử lại."))


def topic_value(topic: tuple[str, int]) -> str:
    """A category or field of work as forms send it: "category-3"."""
    return f"{topic[0]}-{topic[1]}"


_CHANGED = {
    "entries": "Danh sách bài đã thay đổi kể từ khi lập phương án.",
    "judges": "Ban Giám khảo đã thay đổi kể từ khi lập phương án.",
    "interests": "Có liên quan mới được ghi nhận kể từ khi lập phương án.",
    "topics": "Thể loại, lĩnh vực của giám khảo hoặc của bài đã thay đổi kể từ khi lập phương án.",
    "sheets": "Có phiếu được giao thêm, rút lại hoặc từ chối kể từ khi lập phương án.",
}


def changed_text(kinds: Iterable[str]) -> str:
    """What a plan hung on and is no longer so."""
    return " ".join(_(_CHANGED[kind]) for kind in kinds)


def problem_text(problem: Mapping[str, Any]) -> str:
    """Why there is no plan, with numbers that can be counted over. Entries by code, judges by key."""
    code = problem["code"]
    if code == "too_few_judges":
        return _(
            "Bài %(entry)s cần %(judges)s giám khảo nhưng chỉ có %(free)s giám khảo chấm được bài này.",
            **_facts(problem, "entry", "judges", "free"),
        )
    if code == "cannot_be_served":
        return _(
            "Bài %(entry)s còn thiếu %(missing)s giám khảo. %(judges)s nhận nhiều nhất %(places)s phiếu, nhưng các bài "
            "chỉ trông vào nhóm này (%(entries)s) cần %(needed)s phiếu.",
            **_facts(problem, "entry", "missing", "places", "needed"),
            judges=_few(problem["judges"]), entries=_few(problem["entries"]),
        )  # fmt: skip
    if code == "fixed_conflict":
        return _(
            "Bài %(entry)s không giao cho %(judge)s được: có liên quan với bài, hoặc đã từ chối chấm bài này.",
            **_facts(problem, "entry", "judge"),
        )
    if code == "fixed_above_need":
        return _(
            "Bài %(entry)s chỉ cần thêm đến %(judges)s giám khảo, mà đã chọn %(fixed)s. Hãy chọn người được thay.",
            **_facts(problem, "entry", "judges", "fixed"),
        )
    if code == "fixed_above_max":
        return _(
            "%(judge)s nhận nhiều nhất %(max)s bài, mà đã được chọn cho %(fixed)s bài.",
            **_facts(problem, "judge", "max", "fixed"),
        )
    return _("%(who)s: không phân công được.", who=problem.get("entry") or problem.get("judge") or "")


def _facts(problem: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: problem[name] for name in names}


def _few(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    if len(names) <= 8:
        return ", ".join(names)
    return _("%(names)s và %(n)s nữa", names=", ".join(names[:8]), n=len(names) - 8)


def fault_text(fault: MarkFault, names: Mapping[str, str]) -> str:
    """Why one mark is refused, and what may be given instead."""
    name = names.get(fault.criterion, fault.criterion)
    if fault.code == "above_max":
        return _("%(name)s: điểm vượt quá thang điểm %(max)s.", name=name, max=show_number(fault.max))
    if fault.code == "off_step":
        near = _join(show_number(value) for value in (fault.below, fault.above) if value is not None)
        return _(
            "%(name)s: điểm lẻ đến %(step)s; gần nhất là %(near)s.", name=name, step=show_number(fault.step), near=near
        )
    if fault.code == "sign":
        return _("%(name)s: điểm không có dấu cộng, trừ.", name=name)
    if fault.code == "unknown_criterion":
        return _("Phiếu này không có tiêu chí “%(name)s”.", name=name)
    return _("%(name)s: hãy nhập một số, ví dụ 9,25; để trống nếu chưa chấm.", name=name)


def _join(values: Iterable[str]) -> str:
    return _(" hoặc ").join(values)
