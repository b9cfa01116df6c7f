"""Sentences of the entries room: what was refused and how to mend it, what a check found, names of states."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from contest.contests.words import last_moment
from contest.documents.sniff import UNREAD_IMAGES
from contest.entries.checks import Finding, Gap
from contest.entries.receive import FileRefused
from contest.entries.refused import EntryRefused
from contest.web.language import _, lazy, locale, show_bytes, show_instant, show_number

KIND_NAMES: Mapping[str, Any] = {
    "docx": lazy("Word (.docx)"),
    "pdf": lazy("PDF"),
    "txt": lazy("văn bản thuần (.txt)"),
    "image": lazy("ảnh chụp trang viết (.jpg, .png)"),
}
ACCEPT = {
    "docx": ".docx", "pdf": ".pdf,application/pdf", "txt": ".txt,text/plain",
    # Not HEIC: an iPhone that finds it here sends its photographs so, and turns them into JPEG where it does not.
    "image": "image/jpeg,image/png,image/webp",
}  # fmt: skip
ROLE_NAMES: Mapping[str, Any] = {
    "organiser": lazy("thành viên Ban Tổ chức"),
    "intake_secretary": lazy("thư ký tiếp nhận"),
    "code_keeper": lazy("người giữ phách"),
    "judge": lazy("giám khảo"),
    "head_judge": lazy("Trưởng Ban Giám khảo"),
    "tally_secretary": lazy("thư ký tổng hợp"),
}
# Why an entry is not valid, or is given back; keys are stored, words are shown.
REASONS: Mapping[str, Any] = {
    "off_topic": lazy("Không đúng chủ đề, nội dung của cuộc thi"),
    "wrong_length": lazy("Không đúng số chữ quy định"),
    "wrong_form": lazy("Không đúng thể loại, hình thức quy định"),
    "author_missing": lazy("Thông tin tác giả thiếu hoặc chưa đúng"),
    "author_not_allowed": lazy("Tác giả không thuộc đối tượng dự thi"),
    "published": lazy("Tác phẩm đã công bố hoặc đã gửi cuộc thi khác"),
    "copied": lazy("Có dấu hiệu sao chép"),
    "unreadable": lazy("Tệp không đọc được, thiếu trang hoặc mờ"),
    "name_inside": lazy("Tên tác giả hiện trong tác phẩm"),
    "duplicate": lazy("Trùng với một bài đã nộp"),
    "late": lazy("Nộp quá hạn"),
    "other": lazy("Lý do khác"),
}
STATES: Mapping[str, tuple[str, Any]] = {
    "draft": ("neutral", lazy("Bản nháp, chưa nộp")),
    "submitted": ("info", lazy("Đã nộp")),
    "withdrawn": ("neutral", lazy("Đã rút")),
}
SCREENINGS: Mapping[str, tuple[str, Any]] = {
    "pending": ("info", lazy("Chờ kiểm tra")),
    "valid": ("ok", lazy("Hợp lệ")),
    "invalid": ("bad", lazy("Không hợp lệ")),
    "returned": ("warn", lazy("Trả lại để sửa")),
}
CHANNELS: Mapping[str, Any] = {
    "web": lazy("Tự nộp trên mạng"),
    "unit": lazy("Đơn vị nộp thay"),
    "paper": lazy("Bản giấy"),
}


def kinds_text(kinds: Sequence[str]) -> str:
    return ", ".join(str(KIND_NAMES[kind]) for kind in kinds if kind in KIND_NAMES)


def accept_of(kinds: Sequence[str]) -> str:
    """For the `accept` attribute of a file input."""
    return ",".join(ACCEPT[kind] for kind in kinds if kind in ACCEPT)


def closing_text(contest: Any) -> str:
    """The deadline as the official papers word it; in English, where they say nothing, the last moment."""
    is_worded = contest.closes_wording and locale() == "vi"
    return str(contest.closes_wording) if is_worded else last_moment(contest.closes_at)


def refusal(refused: EntryRefused) -> str:
    """Why, and what can be done, in one or two sentences."""
    facts = refused.facts
    match refused.code:
        case "barred":
            return _(
                "Ông/bà là %(role)s của cuộc thi này nên không dự thi được. Ban Tổ chức, Ban Giám khảo và Tổ thư ký "
                "không dự thi để việc chấm được khách quan.",
                role=ROLE_NAMES[facts["role"]],
            )
        case "not_announced":
            return _("Cuộc thi này hiện không nhận bài.")
        case "not_yet":
            return _("Cuộc thi chưa mở nhận bài. Xin quay lại từ %(at)s.", at=show_instant(facts["opens_at"]))
        case "closed":
            return _(
                "Đã hết hạn nộp bài (%(at)s). Nội dung đã nhập vẫn được giữ nguyên trong bản nháp.",
                at=last_moment(facts["closes_at"]),
            )
        case "only_units":
            return _("Cuộc thi này nhận bài qua đơn vị. Hãy gửi bài cho đầu mối của đơn vị mình.")
        case "author_limit":
            return _("Mỗi tác giả được gửi nhiều nhất %(limit)s bài; ông/bà đã gửi đủ.", limit=facts["limit"])
        case "drawn":
            return _("Bài đã được rọc phách để chấm nên không sửa hoặc rút ở đây được nữa. Cần thì liên hệ Tổ thư ký.")
        case "withdrawn":
            return _("Bài này đã rút nên không sửa được nữa.")
        case "not_draft":
            return _("Bài đã nộp. Muốn sửa, hãy bấm “Sửa bài” ở trang của bài.")
        case "not_submitted":
            return _("Bài này chưa nộp.")
        case "too_many_files":
            return _("Mỗi bài gồm nhiều nhất %(limit)s tệp. Hãy bỏ bớt tệp rồi thêm lại.", limit=facts["limit"])
        case "too_much_text":
            text = _("Các tệp của bài cộng lại dài quá %(limit)s ký tự. Hãy bỏ bớt tệp rồi thêm lại.")
            return text % {"limit": show_number(facts["limit"])}
        case "changed":
            return _("Bài vừa được thay đổi ở nơi khác. Hãy xem lại nội dung bên dưới rồi nộp.")
        case "incomplete":
            return _("Bài chưa nộp được. Hãy bổ sung những mục dưới đây; nội dung đã nhập vẫn được giữ.")
    return _("Việc này hiện không làm được.")


def file_refusal(refused: FileRefused) -> str:
    """What is wrong with a file, which one, and how to mend it."""
    name, facts = refused.name, refused.facts
    kinds = kinds_text(facts.get("kinds", ()))
    match refused.code:
        case "too_large":
            text = _("Tệp %(name)s lớn hơn %(limit)s. Hãy giảm dung lượng (ví dụ lưu lại thành PDF) rồi chọn lại.")
            return text % {"name": name, "limit": show_bytes(facts["limit"])}
        case "empty":
            return _("Tệp %(name)s không có nội dung (0 byte). Hãy chọn lại tệp.", name=name)
        case "encrypted":
            return _("Tệp %(name)s có mật khẩu nên không mở được. Hãy bỏ mật khẩu rồi nộp lại.", name=name)
        case "legacy_doc" if "docx" in facts.get("kinds", ("docx",)):
            return _(
                "Tệp %(name)s là Word bản cũ (.doc). Hãy mở bằng Word, chọn “Lưu thành” (Save As) dạng .docx "
                "rồi nộp lại.",
                name=name,
            )
        case "heic" | "unknown_kind" if "image" in facts.get("kinds", ()) and _picture(refused) in UNREAD_IMAGES:
            return _picture_refusal(name, _picture(refused))
        case "macro":
            return _(
                "Tệp %(name)s có chứa macro nên không nhận. Hãy lưu lại thành .docx thường rồi nộp lại.", name=name
            )
        case "too_many_pages":
            return _(
                "Tệp %(name)s có %(pages)s trang, nhiều hơn %(limit)s trang.", **{"name": name, **facts, "kinds": ""}
            )
        case "too_heavy":
            return _(
                "Tệp %(name)s nặng quá nên không mở hết được. Hãy bớt ảnh, lưu lại thành PDF rồi chọn lại.", name=name
            )
        case "too_much_text":
            text = _("Tệp %(name)s dài quá %(limit)s ký tự. Hãy bớt nội dung rồi chọn lại.")
            return text % {"name": name, "limit": show_number(facts["limit"])}
        case "image_too_large":
            return _("Ảnh %(name)s quá lớn để mở. Hãy chụp lại với độ phân giải thấp hơn.", name=name)
        case "no_text":
            return _("Tệp %(name)s không có chữ nào. Hãy mở xem lại tệp rồi nộp lại.", name=name)
        case "unknown_kind" | "kind_not_taken" if facts.get("promised"):
            return _(
                "Tệp %(name)s mang đuôi %(end)s nhưng bên trong là dạng khác nên không đọc được. Hãy mở tệp bằng "
                "phần mềm đã soạn, lưu lại đúng dạng (%(kinds)s) rồi nộp lại.",
                name=name, end=facts["promised"], kinds=kinds,
            )  # fmt: skip
        case "unknown_kind" | "kind_not_taken" | "heic" | "legacy_doc":
            return _("Tệp %(name)s không phải dạng được nhận. Cuộc thi nhận: %(kinds)s.", name=name, kinds=kinds)
    return _("Tệp %(name)s bị hỏng nên không đọc được. Hãy mở xem lại trên máy, lưu lại rồi nộp lại.", name=name)


def _picture(refused: FileRefused) -> str:
    return str(refused.facts.get("kind", refused.code))


def _picture_refusal(name: str, kind: str) -> str:
    """A picture of a kind that cannot be read, where pictures are taken."""
    if kind == "heic":
        return _(
            "Ảnh %(name)s ở dạng HEIC, dạng riêng của máy chụp, nên chưa đọc được. Hãy mở ảnh trên điện thoại, chụp "
            "màn hình rồi gửi ảnh vừa chụp; hoặc trên iPhone vào Cài đặt → Camera → Định dạng → “Tương thích nhất”, "
            "chụp lại trang viết.",
            name=name,
        )  # fmt: skip
    return _(
        "Ảnh %(name)s ở dạng %(kind)s nên chưa đọc được. Hãy mở ảnh, lưu lại thành .jpg hoặc .png (hoặc chụp màn hình) "
        "rồi gửi ảnh đó.",
        name=name, kind=kind.upper(),
    )  # fmt: skip


def gap_text(gap: Gap, files: Sequence[Any] = ()) -> str:
    """What a draft still lacks; `author` and `file` in the facts count from 0."""
    facts = dict(gap.facts)
    author = int(facts.get("author", 0)) + 1
    place = int(facts.get("file", 0))
    name = files[place].name if place < len(files) else ""
    texts = {
        "title_missing": _("Chưa có tên tác phẩm."),
        "empty": _("Chưa có nội dung: hãy viết vào ô bài viết hoặc thêm tệp."),
        "typed_not_taken": _("Cuộc thi này chỉ nhận bài bằng tệp. Hãy chuyển phần đã gõ vào tệp."),
        "words_unknown": _("Không đếm được số chữ trong ảnh; Tổ thư ký sẽ đếm."),
        "file_empty": _("Tệp %(name)s không có nội dung.", name=name),
        "file_kind": _("Tệp %(name)s không phải dạng cuộc thi nhận.", name=name),
        "file_too_large": _("Tệp %(name)s lớn quá mức cho phép.", name=name),
        "no_author": _("Chưa có tác giả."),
        "name_missing": _("Tác giả thứ %(n)s chưa có họ và tên.", n=author),
        "birth_date_missing": _("Tác giả thứ %(n)s chưa có ngày sinh.", n=author),
        "birth_date_wrong": _("Ngày sinh của tác giả thứ %(n)s chưa đúng.", n=author),
        "category_missing": _("Chưa chọn thể loại."),
        "category_unknown": _("Thể loại đã chọn không còn. Hãy chọn lại."),
        "pledge_missing": _("Chưa đồng ý lời cam kết."),
    }
    return texts.get(gap.code) or _counted_gap(gap.code, {**facts, "author": author})


def _counted_gap(code: str, facts: Mapping[str, Any]) -> str:
    shown = {key: show_number(value) if isinstance(value, int) else value for key, value in facts.items()}
    texts = {
        "words_below": _("Bài có %(words)s chữ, ít hơn mức tối thiểu %(least)s chữ."),
        "words_above": _("Bài có %(words)s chữ, nhiều hơn mức tối đa %(most)s chữ."),
        "too_many_files": _("Bài có %(files)s tệp, nhiều hơn mức tối đa %(most)s tệp."),
        "too_many_authors": _("Bài có %(authors)s tác giả, nhiều hơn mức tối đa %(most)s người."),
        "too_young": _("Tác giả thứ %(author)s %(age)s tuổi; cuộc thi dành cho người từ %(least)s tuổi."),
        "too_old": _("Tác giả thứ %(author)s %(age)s tuổi; cuộc thi dành cho người đến %(most)s tuổi."),
        "author_limit": _("Tác giả thứ %(author)s đã gửi đủ %(most)s bài."),
        "unit_limit": _("Đơn vị đã gửi đủ %(most)s bài."),
        "names_inside": _("Có %(places)s chỗ trong tác phẩm nhắc tên, điện thoại hoặc đơn vị của tác giả."),
    }
    return texts.get(code, code) % shown


def finding_text(found: Finding, names: Mapping[str, str]) -> str:
    """One thing the automatic checks saw. names: file names by public id."""
    where = str(found["where"])
    file = names.get(where.removeprefix("margins:"), "")
    words = found.get("words", "")
    if found["code"] == "name_inside":
        place = {"title": _("tên tác phẩm"), "text": _("bài viết")}.get(where) or file
        if where.startswith("margins:"):
            return _("“%(words)s” ở đầu trang, cuối trang hoặc chỗ ẩn của tệp %(file)s.", words=words, file=file)
        return _("“%(words)s” trong %(place)s.", words=words, place=place)
    texts = {
        "margins": _("Đầu trang, cuối trang của tệp %(file)s có chữ: “%(words)s”."),
        "legacy_font": _("Tệp %(file)s gõ bằng phông chữ cũ (TCVN3, VNI) nên có thể đọc sai. Hãy chuyển sang Unicode."),
        "comments": _("Tệp %(file)s có ghi chú ở lề; ghi chú không được đưa vào bản chấm."),
        "changes": _("Tệp %(file)s còn dấu sửa (Track Changes); bản chấm lấy theo bản đã sửa."),
        "image_skipped": _("Một hình trong tệp %(file)s không đọc được và được bỏ qua."),
        "animated": _("Ảnh %(file)s là ảnh động; giám khảo chỉ thấy hình đầu tiên."),
        "really_txt": _(
            "Tệp %(file)s là văn bản thường, không phải dạng ghi ở tên, nên chỉ nhận được phần chữ. Nếu bài soạn bằng "
            "Word, hãy mở bài, chọn “Lưu thành” (Save As) dạng .docx rồi gửi tệp đó."
        ),
        "really_docx": _("Tệp %(file)s thực ra là tệp Word và được nhận như tệp Word."),
        "really_pdf": _("Tệp %(file)s thực ra là tệp PDF và được nhận như tệp PDF."),
        "really_image": _("Tệp %(file)s thực ra là ảnh và được nhận như một trang ảnh."),
    }
    return texts.get(str(found["code"]), str(found["code"])) % {"file": file, "words": words}


def finding_advice(findings: Sequence[Finding]) -> str:
    """What the author may do about names inside the work, once for all of them."""
    if any(found["code"] in ("name_inside", "margins") for found in findings):
        return _(
            "Giám khảo chấm không biết tác giả. Nên bỏ họ tên, điện thoại, đơn vị khỏi bài; "
            "phần đó đã có ở phiếu tác giả."
        )
    return ""


def copy_error(code: str) -> str:
    """Why there is no judge's copy."""
    texts = {
        "encrypted": _("tệp có mật khẩu"),
        "too_many_pages": _("tệp có quá nhiều trang"),
        "image_too_large": _("ảnh quá lớn"),
        "bomb": _("tệp nén bất thường"),
        "file_lost": _("không còn tệp trong kho"),
    }
    return texts.get(code) or _("tệp bị hỏng, không đọc được")


def state_badge(entry: Any) -> tuple[str, str]:
    """(kind, words) of where an entry stands, for its owner and the secretariat alike."""
    if entry.state != "submitted":
        kind, text = STATES[entry.state]
    elif entry.screening == "pending":
        kind, text = STATES["submitted"]
    else:
        kind, text = SCREENINGS[entry.screening]
    return kind, str(text)


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a typed text; a blank line parts them."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def channel_name(channel: str) -> str:
    return str(CHANNELS.get(channel, channel))


def reason_name(reason: str) -> str:
    return str(REASONS.get(reason, reason))


def staff_refusal(refused: EntryRefused) -> str:
    """The same, said to the secretariat."""
    texts = {
        "changed": _("Tác giả vừa nộp bản mới. Hãy xem bản mới rồi kết luận lại."),
        "decided": _("Người khác vừa kết luận bài này. Hãy xem kết luận đó dưới đây, rồi kết luận lại nếu cần."),
        "drawn": _("Bài đã rọc phách nên không đổi kết luận được nữa. Cần thì ghi bài rút, kèm lý do."),
        "not_submitted": _("Bài này đã rút."),
        "joined": _("Phách đã được khớp nên không đổi lĩnh vực của bài được nữa."),
    }
    return texts.get(refused.code) or refusal(refused)


def unblinding_refusal(code: str, facts: Mapping[str, Any]) -> str:
    """Why codes and authors stay apart."""
    rounds = ", ".join(facts.get("rounds", ()))
    texts = {
        "no_codes": _("Chưa có bài nào được rọc phách."),
        "unconfirmed": _(
            "Chưa khớp phách cả cuộc thi được: Trưởng Ban Giám khảo chưa xác nhận %(rounds)s.", rounds=rounds
        ),
        "unknown_code": _("Không có bài nào mang mã phách %(code)s.", code=facts.get("typed", "")),
        "same_person": _("Người đề nghị không tự đồng ý được; phải là người khác."),
        "already_decided": _("Đề nghị này đã được quyết định."),
    }
    return texts.get(code) or _("Việc này hiện không làm được.")


def sealed_text(rounds: Sequence[str]) -> str:
    """Why the joined list does not open; rounds: names of those that are judged again since it was agreed."""
    if rounds:
        return _(
            "Danh sách tạm niêm phong: %(rounds)s chưa được Trưởng Ban Giám khảo xác nhận.", rounds=", ".join(rounds)
        )
    return _("Đề nghị này chưa được người thứ hai đồng ý nên danh sách vẫn niêm phong.")


def screening_state(entry: Any) -> tuple[str, str]:
    """(kind, words) for the secretariat: what is still to be done, or what was decided."""
    kind, text = STATES["withdrawn"] if entry.state == "withdrawn" else SCREENINGS[entry.screening]
    return kind, str(text)


def verdict_name(verdict: str) -> str:
    return str(SCREENINGS[verdict][1])
