"""What roles and refusals are called; the consent that is asked for."""

from __future__ import annotations

from contest.rules.permissions import Role
from contest.web.language import lazy as _

ROLES = {
    Role.ADMIN: _("Quản trị hệ thống"),
    Role.ORGANISER: _("Ban Tổ chức"),
    Role.INTAKE_SECRETARY: _("Thư ký tiếp nhận"),
    Role.CODE_KEEPER: _("Người giữ phách"),
    Role.JUDGE: _("Giám khảo"),
    Role.HEAD_JUDGE: _("Trưởng Ban Giám khảo"),
    Role.TALLY_SECRETARY: _("Thư ký tổng hợp"),
    Role.UNIT_CONTACT: _("Đầu mối đơn vị"),
    Role.COMMITTEE_MEMBER: _("Thành viên Ban Chỉ đạo"),
    Role.RECEPTIONIST: _("Lễ tân"),
}

CARD_REFUSED = {
    "unknown": _("Thẻ này không có trong hệ thống. Hãy quét lại, hoặc xin thư ký cấp thẻ mới."),
    "used": _("Thẻ đã được dùng trên một thiết bị khác. Mỗi thẻ chỉ dùng một lần; hãy xin thư ký cấp thẻ mới."),
    "expired": _("Thẻ đã hết hạn. Hãy xin thư ký cấp thẻ mới."),
    "revoked": _("Thẻ đã bị thu hồi. Hãy xin thư ký cấp thẻ mới."),
    "inactive": _("Tài khoản của thẻ này đã đóng. Hãy liên hệ Ban Tổ chức."),
}

# Raised with every change of the text below; what was agreed to is stored with the version and the words.
CONSENT_VERSION = "2024-1"
CONSENT = _(
    "Ban Tổ chức dùng họ tên, số điện thoại, thư điện tử và đơn vị của tôi để tiếp nhận bài dự thi, liên hệ, xét "
    "giải, trao giải và công bố người đạt giải; không dùng cho việc khác và không chuyển cho bên khác. Tôi có quyền "
    "xem, sửa, rút lại đồng ý và yêu cầu xóa dữ liệu của mình."
)
