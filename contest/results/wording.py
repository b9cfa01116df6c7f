"""Words that official papers need, in Vietnamese whatever the visitor reads: papers are signed in Vietnamese."""

REASONS = {
    "off_topic": "Không đúng chủ đề",
    "too_long": "Quá số chữ quy định",
    "too_short": "Chưa đủ số chữ",
    "late": "Nộp sau thời hạn",
    "published": "Đã công bố nơi khác",
    "copied": "Sao chép tác phẩm khác",
    "barred": "Tác giả không thuộc đối tượng dự thi",
    "unreadable": "Tệp không đọc được",
    "no_author": "Thiếu thông tin tác giả",
    "over_limit": "Quá số bài cho phép",
    "other": "Lý do khác",
}
