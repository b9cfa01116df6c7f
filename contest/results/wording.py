"""Words that official papers need, in Vietnamese whatever the visitor reads: papers are signed in Vietnamese."""

# By the codes of the verdict (entries.words.REASONS): all of them, or a code would stand in the minutes.
REASONS = {
    "off_topic": "Không đúng chủ đề, nội dung",
    "wrong_length": "Không đúng số chữ quy định",
    "wrong_form": "Không đúng thể loại, hình thức",
    "author_missing": "Thông tin tác giả thiếu hoặc chưa đúng",
    "author_not_allowed": "Tác giả không thuộc đối tượng dự thi",
    "published": "Đã công bố hoặc đã gửi cuộc thi khác",
    "copied": "Có dấu hiệu sao chép",
    "unreadable": "Tệp không đọc được, thiếu trang hoặc mờ",
    "name_inside": "Tên tác giả hiện trong tác phẩm",
    "duplicate": "Trùng với một bài đã nộp",
    "late": "Nộp quá hạn",
    "other": "Lý do khác",
}

# A tie-break stands with the lower of the two entries it put apart (decided_by of contest-result/1).
_TIES = {
    "round": "điểm vòng",
    "criterion": "tiêu chí phụ",
    "measure": "số đo phụ",
    "judge": "điểm của Trưởng Ban Giám khảo",
    "places": "thứ hạng theo từng giám khảo",
    "lot": "bốc thăm",
}


def tie_note(decided_by: str | None) -> str:
    """Why an entry stands under another with as many points, or nothing."""
    by = _TIES.get((decided_by or "").split(":")[0])
    return f"Bằng điểm bài trên, xếp sau theo {by}" if by else ""
