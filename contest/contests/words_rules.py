"""Rule sets in sentences: how a round is judged, what a tie-break means, what is wrong, what has changed."""

from __future__ import annotations

import re
from typing import Any

from contest.contests import markup
from contest.rules.rule_sets import Body, Change, Problem, round_of, talks
from contest.web.language import _, show_number

_STEP = re.compile(r"([a-z_]+)(?:\[([^\]]+)\])?")

COMBINE = {
    "sum": "Cộng điểm các vòng, có nhân hệ số của vòng",
    "last": "Lấy điểm của vòng cuối cùng mà bài vào được",
    "best": "Lấy điểm của vòng cao điểm nhất",
}
AVERAGE = {
    "mean": "trung bình cộng",
    "median": "điểm đứng giữa (trung vị)",
    "tolerance": "trung bình cộng sau khi bỏ các điểm lệch quá mức cho phép",
}
OF = {
    "criterion": "Tính điểm chung từng tiêu chí rồi cộng lại",
    "total": "Cộng điểm của mỗi giám khảo rồi tính điểm chung",
}
STANDS = {
    "third": "điểm của người thứ ba là điểm của bài",
    "closest_two": "lấy trung bình hai điểm gần nhau nhất",
    "median": "lấy điểm đứng giữa của ba người",
}
SEVERITY = {"additive": "cộng bù hoặc trừ bớt ở mọi bài người ấy chấm"}
TALKS = {
    "none": "Chấm độc lập: giám khảo không xem phiếu của nhau",
    "discussion": "Chấm độc lập, rồi thảo luận những bài do Trưởng ban mở; ai muốn thì tự sửa phiếu của mình",
    "joint": "Chấm chung: cả Ban họp, thống nhất một phiếu cho mỗi bài, từng thành viên xác nhận",
}
SHOWS = {"key": "Ký hiệu giám khảo (J1, J2 …)", "name": "Họ tên giám khảo"}
POOLS = {"none": "Xếp hạng chung mọi thể loại", "category": "Xếp hạng riêng từng thể loại"}

_FIELDS = {
    "format": "dạng quy chế",
    "pools": "cách xếp hạng",
    "rounds": "các vòng",
    "key": "mã",
    "name": "tên",
    "weight": "hệ số",
    "judges_per_entry": "số giám khảo chấm mỗi bài",
    "criteria": "các tiêu chí",
    "guidance": "gợi ý chấm",
    "max": "điểm tối đa",
    "step": "bước điểm",
    "panel": "cách lấy điểm chung",
    "average": "điểm chung",
    "drop_high": "số điểm cao nhất bỏ đi",
    "drop_low": "số điểm thấp nhất bỏ đi",
    "drop_needs": "chỉ bỏ điểm khi có ít nhất",
    "of": "thứ tự tính",
    "tolerance": "mức lệch cho phép",
    "rounding": "làm tròn",
    "weighted": "làm tròn sau khi nhân hệ số",
    "round": "làm tròn điểm của vòng",
    "advance": "vào vòng sau",
    "count": "số lượng",
    "min_total": "điểm tối thiểu",
    "tiebreaks": "thứ tự xét khi bằng điểm",
    "third_marker": "người chấm thứ ba",
    "gap": "mức chênh lệch",
    "stands": "điểm được lấy",
    "severity": "hiệu chỉnh mức chặt, rộng của giám khảo",
    "deliberation": "thảo luận",
    "mode": "hình thức",
    "shows": "khi thảo luận ghi",
    "total": "tổng điểm",
    "combine": "cách tính tổng điểm",
    "prizes": "các giải",
    "other_prizes": "các giải khác",
    "value": "mức thưởng",
}
_ITEMS = {"rounds": "vòng", "criteria": "tiêu chí", "tiebreaks": "tiêu chí xét bằng điểm"}

_PROBLEMS = {
    "unknown_field": "mục này không có trong quy chế.",
    "missing": "còn thiếu.",
    "not_text": "cần là chữ.",
    "empty": "chưa điền.",
    "empty_list": "cần ít nhất một dòng.",
    "not_a_key": "mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.",
    "not_a_number": "cần là một số không âm, ví dụ 9,25.",
    "not_positive": "phải lớn hơn 0.",
    "not_whole": "cần là số nguyên.",
    "out_of_range": "phải từ %(least)s đến %(most)s.",
    "not_a_choice": "hãy chọn một mục trong danh sách.",
    "not_a_list": "cần là một danh sách.",
    "not_an_object": "cần là một nhóm mục.",
    "twice": "bị trùng.",
    "step_misses_max": "bước %(step)s không cho được điểm tối đa %(max)s.",
    "drops_leave_nothing": "bỏ %(dropped)s điểm thì cần có nhiều hơn %(dropped)s điểm; hiện chỉ đòi %(needs)s.",
    "drops_never_apply": "đòi %(needs)s điểm mới bỏ, nhưng mỗi bài chỉ có %(judges)s giám khảo nên không bao giờ bỏ.",
    "tolerance_unused": "chỉ dùng khi bỏ điểm lệch quá mức cho phép; hãy để trống.",
    "third_marker_needs_two": "chỉ dùng khi mỗi bài có đúng 2 giám khảo; hiện là %(judges)s.",
    "severity_with_third_marker": "không dùng cùng người chấm thứ ba; hãy chọn một trong hai.",
    "severity_needs_two": "mỗi bài cần ít nhất 2 giám khảo, nếu không thì không so được ai với ai.",
    "joint_needs_one": "chấm chung thì mỗi bài chỉ có 1 phiếu: ghi số giám khảo chấm mỗi bài là 1; hiện là %(judges)s.",
    "discussion_needs_two": "thảo luận cần ít nhất 2 giám khảo chấm mỗi bài; hiện là %(judges)s.",
    "above_max": "%(value)s cao hơn mức cao nhất có thể đạt là %(max)s.",
    "advance_missing": "chỉ tính điểm vòng cuối thì vòng này phải chọn bài vào vòng sau.",
    "advance_after_last": "vòng cuối không có vòng sau.",
    "advance_empty": "hãy ghi số bài hoặc điểm tối thiểu.",
    "unknown_tiebreak": "không có vòng hoặc tiêu chí này.",
    "after_lot": "đứng sau bốc thăm nên không bao giờ được xét.",
    "prize_order": "giải thấp hơn không được đòi điểm cao hơn giải trên.",
}


def problem_text(problem: Problem, body: Any) -> str:
    """One fault as a sentence that says where and what."""
    facts = {name: show_number(value) if _is_number(value) else value for name, value in problem.facts.items()}
    said = _(_PROBLEMS.get(problem.code, "chưa hợp lệ."))
    return f"{place_name(problem.path, body)}: {said % facts if facts else said}"


def change_text(change: Change, old: Body, new: Body) -> str:
    """One difference as a sentence."""
    here = place_name(change.path, new if change.kind == "added" else old)
    if change.kind == "added":
        return _("%(place)s: thêm %(value)s", place=here, value=value_text(change.new)).rstrip()
    if change.kind == "removed":
        return _("%(place)s: bỏ (trước là %(value)s)", place=here, value=value_text(change.old))
    if change.kind == "reordered":
        return _("%(place)s: đổi thứ tự", place=here)
    return _("%(place)s: %(old)s → %(new)s", place=here, old=value_text(change.old), new=value_text(change.new))


def value_text(value: Any) -> str:
    """A value of a body for people."""
    if value is None or value == [] or value == "":
        return _("không")
    if isinstance(value, list):
        return "; ".join(value_text(item) for item in value)
    if isinstance(value, dict):
        if "name" in value:
            return f"“{value['name']}”"
        return ", ".join(f"{_field(name)} {value_text(item)}" for name, item in value.items())
    for known in (COMBINE, AVERAGE, OF, STANDS, SEVERITY, POOLS, TALKS, SHOWS):
        if value in known:
            return _(known[str(value)])
    return str(show_number(value)) if _is_number(value) else str(value)


def place_name(path: str, body: Any) -> str:
    """Where a path leads, in words: "vòng Sơ khảo, tiêu chí Nội dung, điểm tối đa"."""
    here: Any = body
    names = []
    for field, index in _STEP.findall(path):
        here = here.get(field) if isinstance(here, dict) else None
        if not index:
            names.append(_field(field))
            continue
        here = _item(here, index)
        name = here.get("name", "") if isinstance(here, dict) else ""
        kind = _(_ITEMS[field]) if _ITEMS.get(field) else ""
        names.append(f"{kind} {name or _ordinal(index)}".strip())
    said = ", ".join(names)
    return said[:1].upper() + said[1:]


def round_sentences(body: Body, key: str) -> list[str]:
    """How a round is judged, as short sentences."""
    item = round_of(body, key)
    panel = item["panel"]
    if talks(item) == "joint":
        agreed = _(
            "Ban Giám khảo họp, thống nhất một phiếu cho mỗi bài; từng thành viên xác nhận hoặc ghi ý kiến khác."
        )
        return [agreed, advance_text(item["advance"])] if item["advance"] else [agreed]
    said = [_("Mỗi bài do %(count)s giám khảo chấm độc lập.", count=item["judges_per_entry"])]
    if talks(item) == "discussion":
        said.append(
            _("Sau khi mọi phiếu đã gửi, Trưởng ban có thể mở thảo luận từng bài; giám khảo tự sửa phiếu của mình.")
        )
    said.append(_("Điểm của bài là %(average)s.", average=_(AVERAGE[panel["average"]])))
    if panel["drop_high"] or panel["drop_low"]:
        said.append(
            _("Khi có từ %(needs)s điểm trở lên thì bỏ %(high)s điểm cao nhất và %(low)s điểm thấp nhất.",
              needs=panel["drop_needs"], high=panel["drop_high"], low=panel["drop_low"])
        )  # fmt: skip
    if third := item.get("third_marker"):
        said.append(
            _("Hai giám khảo lệch nhau từ %(gap)s điểm trở lên thì có người thứ ba chấm; %(stands)s.",
              gap=show_number(third["gap"]), stands=_(STANDS[third["stands"]]))
        )  # fmt: skip
    if item.get("severity"):
        said.append(
            _(
                "Điểm được hiệu chỉnh theo mức chặt, rộng của từng giám khảo, tính từ các bài nhiều người cùng chấm; "
                "chưa đủ số liệu thì giữ nguyên."
            )
        )
    if places := rounding_text(item["rounding"]["panel"]):
        said.append(places)
    if item["advance"]:
        said.append(advance_text(item["advance"]))
    return said


def rounding_text(places: int | None) -> str:
    """How an average is rounded; empty where it is not."""
    if places is None:
        return ""
    if places == 0:
        return _("Điểm làm tròn đến số nguyên.")
    return _("Điểm làm tròn đến %(places)s chữ số thập phân.", places=places)


def advance_text(advance: dict[str, Any]) -> str:
    """Who goes on to the next round."""
    count, floor = advance["count"], advance["min_total"]
    if count and floor:
        return _("%(count)s bài điểm cao nhất, đạt từ %(floor)s điểm, vào vòng sau; bằng điểm ở mức cuối thì cùng vào.",
                 count=count, floor=show_number(floor))  # fmt: skip
    if count:
        return _("%(count)s bài điểm cao nhất vào vòng sau; bằng điểm ở mức cuối thì cùng vào.", count=count)
    return _("Bài đạt từ %(floor)s điểm vào vòng sau.", floor=show_number(floor))


def tiebreak_name(rule: str, body: Body) -> str:
    """What a tie-break looks at."""
    if rule in _TIES:
        return _(_TIES[rule])
    kind, found, rest = rule.partition(":")
    names = {item["key"]: item for item in body["rounds"]}
    if kind == "round" and rest in names:
        return _("Điểm vòng %(name)s", name=names[rest]["name"].lower())
    key, found, criterion = rest.partition("/")
    if kind == "criterion" and key in names:
        entries = {entry["key"]: entry["name"] for entry in names[key]["criteria"]}
        if criterion in entries:
            return _("Tiêu chí %(criterion)s, vòng %(round)s",
                     criterion=entries[criterion].lower(), round=names[key]["name"].lower())  # fmt: skip
    return rule


_TIES = {
    "judge:head": "Điểm của trưởng ban giám khảo",
    "places": "Số lần được giám khảo xếp thứ nhất, rồi thứ nhì",
    "lot": "Bốc thăm",
}


def tiebreak_choices(body: Body, *, key: str | None = None) -> dict[str, str]:
    """Every tie-break a rule set could use, named; key: those of one round alone."""
    rounds = [item for item in body["rounds"] if key in (None, item["key"])]
    rules = [f"round:{item['key']}" for item in rounds] if key is None else []
    rules += [f"criterion:{item['key']}/{entry['key']}" for item in rounds for entry in item["criteria"]]
    rules += list(_TIES)
    return {rule: tiebreak_name(rule, body) for rule in rules}


def rounds_text(body: Body) -> str:
    """How everything is judged, as Markdown for the full rules."""
    parts = [
        f"**{markup.escape(item['name'])}.** {' '.join(round_sentences(body, item['key']))}" for item in body["rounds"]
    ]
    if len(body["rounds"]) > 1:
        parts.append(f"{_(COMBINE[body['total']['combine']])}.")
    if body["tiebreaks"]:
        names = [tiebreak_name(rule, body) for rule in body["tiebreaks"]]
        order = "; ".join(markup.escape(name[:1].lower() + name[1:]) for name in names)
        parts.append(
            _("Bài bằng điểm được xét lần lượt theo: %(order)s. Vẫn bằng nhau thì xếp cùng hạng.", order=order)
        )
    return "\n\n".join(parts)


def _item(items: Any, index: str) -> Any:
    if not isinstance(items, list):
        return None
    if index.isdigit():
        return items[int(index)] if int(index) < len(items) else None
    return next((item for item in items if isinstance(item, dict) and item.get("key") == index), None)


def _ordinal(index: str) -> str:
    return _("thứ %(n)s", n=int(index) + 1) if index.isdigit() else index


def _field(name: str) -> str:
    return _(_FIELDS.get(name, name))


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int) or (isinstance(value, str) and re.fullmatch(r"\d+(\.\d+)?", value) is not None)
