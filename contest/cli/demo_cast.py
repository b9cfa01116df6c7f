"""Who plays in the demo: invented people of Tuyên Quang, and which of them hands in what.

Names are made up from the family and given names usual there; none is an official's. Phones stand in a
block (050…) that no operator has, addresses in example.com: nothing is ever rung or written to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from contest.cli.demo_works import Place
from contest.rules.permissions import Role


@dataclass(frozen=True)
class Staff:
    """Somebody with a role. unit: code of the unit; email: what comes before the sign, empty for none."""

    key: str
    full_name: str
    role: Role
    post: str
    unit: str
    email: str = ""


STAFF = (
    Staff("admin", "Đinh Công Thắng", Role.ADMIN, "Chuyên viên công nghệ thông tin", "tq-van-phong-tinh-uy", "quantri"),
    Staff("organiser", "Hoàng Thị Bảo Yến", Role.ORGANISER, "Ủy viên Thường trực Ban Tổ chức", "tq-ban-dan-van", "btc"),
    Staff("intake", "Lưu Thị Thanh Mai", Role.INTAKE_SECRETARY, "Chuyên viên", "tq-ban-dan-van", "tiepnhan"),
    Staff("keeper", "Quách Văn Tĩnh", Role.CODE_KEEPER, "Văn thư", "tq-van-phong-tinh-uy", "phach"),
    Staff("tally1", "Tạ Thị Hồng Vân", Role.TALLY_SECRETARY, "Chuyên viên", "tq-ban-to-chuc", "tonghop1"),
    Staff("tally2", "Ngô Đình Lượng", Role.TALLY_SECRETARY, "Chuyên viên", "tq-uy-ban-kiem-tra", "tonghop2"),
    Staff("head", "Lương Thị Ngần", Role.HEAD_JUDGE, "Nhà báo", "tq-ban-tuyen-giao"),
    Staff("judge1", "Vi Trọng Khải", Role.JUDGE, "Nhà báo", "tq-ban-tuyen-giao"),
    Staff("judge2", "Đàm Thị Tố Uyên", Role.JUDGE, "Giáo viên ngữ văn nghỉ hưu", "tq-hoi-phu-nu"),
    Staff("judge3", "Phan Đăng Thiện", Role.JUDGE, "Biên tập viên", "tq-tinh-doan"),
    Staff("judge4", "Nông Minh Huệ", Role.JUDGE, "Chuyên viên", "073-2024"),
    Staff("judge5", "Trịnh Quốc Vượng", Role.JUDGE, "Nhà văn", "tq-mttq"),
    Staff("judge6", "Âu Thị Hoài", Role.JUDGE, "Công chức văn hóa - xã hội", "02203-2024"),
    Staff("contact", "Ma Thị Kiều Oanh", Role.UNIT_CONTACT, "Chuyên viên Ban Dân vận Huyện ủy", "073-2024", "daumoi"),
    Staff("committee", "Chu Văn Đạt", Role.COMMITTEE_MEMBER, "Thành viên Ban Chỉ đạo", "tq-lien-doan-lao-dong", "bcd"),
)
JUDGES = tuple(person for person in STAFF if person.role in (Role.HEAD_JUDGE, Role.JUDGE))


@dataclass(frozen=True)
class Writer:
    """Somebody who enters a contest. unit: code of the unit as it was in 2024."""

    key: str
    full_name: str
    born: date
    work: str
    unit: str


WRITERS = (
    Writer("duyen", "Ma Thị Duyên", date(1986, 4, 12), "Giáo viên", "02269-2024"),
    Writer("thuan", "Hoàng Đức Thuận", date(1971, 9, 30), "Công chức", "02216-2024"),
    Writer("phin", "Đặng Văn Phin", date(1979, 1, 5), "Nông dân", "02254-2024"),
    Writer("do", "Sùng Thị Dợ", date(2001, 11, 22), "Cán bộ đoàn xã", "02455-2024"),
    Writer("men", "Hoàng Thị Mến", date(1990, 6, 3), "Giáo viên", "02350-2024"),
    Writer("quyet", "Nông Văn Quyết", date(1968, 12, 19), "Bộ đội nghỉ hưu", "02227-2024"),
    Writer("ngoc", "Trần Thị Bích Ngọc", date(1983, 8, 8), "Chuyên viên", "02200-2024"),
    Writer("khuong", "Trần Văn Khương", date(1975, 3, 27), "Trưởng thôn", "02497-2024"),
    Writer("hung", "Vũ Quốc Hưng", date(1988, 10, 14), "Phóng viên đài huyện", "02287-2024"),
    Writer("nga", "Sầm Thị Nga", date(1994, 2, 9), "Cán bộ văn hóa xã", "02497-2024"),
    Writer("oanh", "Đỗ Thị Kim Liên", date(1977, 7, 21), "Công chức một cửa", "02203-2024"),
    Writer("hoa", "Ninh Văn Hòa", date(1965, 5, 1), "Nông dân", "02392-2024"),
    Writer("chu", "Thào Thị Chứ", date(1998, 9, 16), "Y tá thôn bản", "02437-2024"),
    Writer("duc", "Phạm Minh Đức", date(1981, 4, 4), "Luật gia", "02560-2024"),
    Writer("bay", "Lục Văn Bảy", date(1959, 10, 28), "Công an nghỉ hưu", "02614-2024"),
    Writer("lan", "Triệu Thị Lan", date(1992, 12, 2), "Giáo viên", "02242-2024"),
    Writer("loi", "Quan Văn Lợi", date(1973, 6, 18), "Bí thư chi bộ", "02314-2024"),
    Writer("sinh", "Bàn Văn Sính", date(1985, 3, 11), "Nông dân", "02275-2024"),
    Writer("hien", "Chẩu Thị Hiền", date(1996, 8, 25), "Cán bộ hội phụ nữ", "02251-2024"),
    Writer("quan", "Lê Hồng Quân", date(1970, 1, 31), "Cán bộ mặt trận", "02212-2024"),
    Writer("mui", "Bàn Thị Mụi", date(2004, 5, 19), "Sinh viên", "02284-2024"),
    Writer("toan", "Ma Khánh Toàn", date(1962, 11, 7), "Người có uy tín", "02320-2024"),
    Writer("binh", "La Thị Bình", date(1989, 7, 15), "Kế toán hợp tác xã", "02374-2024"),
    Writer("hiep", "Tống Văn Hiệp", date(1978, 2, 23), "Thợ xây", "02506-2024"),
    Writer("sao", "Lý Thị Sao", date(1999, 9, 9), "Công nhân", "02494-2024"),
    Writer("phuoc", "Nguyễn Hữu Phước", date(1966, 4, 17), "Cựu chiến binh", "02215-2024"),
)

_PEOPLE = (
    "bà Lò Thị Pành", "ông Tằng Văn Chảo", "anh Hứa Văn Đức", "chị Nịnh Thị Ba", "ông Mai Xuân Định",
    "bà Lâm Thị Coóng", "chị Phương Thị Tân", "ông Chúc Văn Tiến", "anh Ngọc Văn Chương", "bà Tô Thị Vượng",
    "ông Diệp Văn Sơn", "chị Tạ Mùi Phẩy",
)  # fmt: skip
_ROLES = (
    "Trưởng ban Công tác Mặt trận", "Bí thư Chi bộ", "Trưởng thôn", "Chi hội trưởng phụ nữ", "người có uy tín",
    "Chi hội trưởng cựu chiến binh",
)  # fmt: skip
_HAMLETS = (
    "thôn Nà Tâng", "thôn Khuôn Thẳm", "thôn Đồng Giang", "thôn Cây Thông", "thôn Bản Chỏn", "thôn Phia Mạ",
    "thôn Làng Chang", "thôn Tân Hòa", "thôn Ngòi Sen", "thôn Khau Phiêng", "thôn Thẩm Vài",
)  # fmt: skip
_COMMUNES = (
    "xã Hùng Mỹ", "xã Phúc Sơn", "xã Yên Hoa", "xã Đà Vị", "xã Tân Trào", "xã Phúc Ứng", "xã Yên Thuận", "xã Bạch Xa",
    "xã Đạo Viện", "xã Xuân Vân", "xã Lang Quán", "xã Thổ Bình", "xã Trung Hà",
)  # fmt: skip


def place(number: int) -> Place:
    """Where composed story `number` happens: the lists have lengths without a common factor, so pairs differ."""
    return Place(
        person=_PEOPLE[number % len(_PEOPLE)],
        role=_ROLES[number * 5 % len(_ROLES)],
        hamlet=_HAMLETS[number % len(_HAMLETS)],
        commune=_COMMUNES[number % len(_COMMUNES)],
    )


@dataclass(frozen=True)
class Handed:
    """A work handed in. story: of the written ones (from 0), 100 + number of a composed one, or POEM.

    form: docx | header | pdf | typed | photos. day: of the year, when it came. fate: valid | named | late | invalid |
    withdrawn | returned | mended (returned, sent again) | draft | pending. by: who hands in for the author.
    copies: the written story whose middle stands in it word for word, or nearly; none when it is their own.
    """

    writer: str
    story: int
    form: str
    day: tuple[int, int]
    fate: str = "valid"
    category: int = 0
    second: str = ""
    by: str = ""
    copies: int | None = None


POEM = -1

# The contest of 2024. "named" has its author's name inside, which the secretariat covers.
WORKS = (
    Handed("duyen", 0, "header", (4, 18), category=1),
    Handed("thuan", 1, "docx", (4, 29), category=1),
    Handed("phin", 2, "pdf", (5, 12), category=1),
    Handed("do", 3, "photos", (5, 20)),
    Handed("men", 4, "docx", (5, 31), category=1, second="loi"),
    Handed("quyet", 5, "named", (6, 6), "named", 1),
    Handed("ngoc", 6, "pdf", (6, 14)),
    Handed("khuong", 7, "docx", (6, 25)),
    Handed("nga", 8, "typed", (7, 2)),
    Handed("oanh", 9, "docx", (7, 9)),
    Handed("hoa", 10, "header", (7, 16), category=1),
    Handed("chu", 11, "docx", (7, 24), category=1),
    Handed("duc", 12, "pdf", (7, 30)),
    Handed("bay", 13, "docx", (8, 5), category=1),
    Handed("lan", 14, "docx", (8, 9)),
    Handed("loi", 100, "docx", (8, 12), category=1, by="contact"),
    Handed("sinh", 101, "typed", (8, 15), category=1),
    Handed("hien", 106, "docx", (8, 19), category=1),
    Handed("quan", 107, "pdf", (8, 21), category=1),
    Handed("mui", 108, "docx", (8, 23)),
    Handed("toan", 105, "photos", (8, 26), by="contact"),
    Handed("binh", 111, "docx", (8, 28), copies=14),
    Handed("hiep", 112, "docx", (8, 30)),
    Handed("phuoc", 109, "docx", (9, 1), "late", 1),  # the day was 31/8
    Handed("duyen", POEM, "photos", (8, 8), "invalid"),
    Handed("thuan", 103, "docx", (6, 19), "withdrawn"),
    Handed("sao", 113, "photos", (8, 27), "mended"),
    Handed("hung", 104, "typed", (8, 22), "draft"),
    Handed("sao", 115, "typed", (8, 30), "draft"),
)

# The contest of 2023, which is over: one round, few works, typed.
WORKS_2023 = tuple(
    Handed(writer, 116 + number, "typed" if number % 3 else "docx", (6, 3 + 2 * number), category=number % 2)
    for number, writer in enumerate(("lan", "quyet", "binh", "thuan", "hien", "khuong", "duc", "sinh", "men", "phuoc"))
)

# The contest that takes entries now; days are counted from the opening.
WORKS_NOW = (
    Handed("ngoc", 126, "docx", (0, 3), "pending"),
    Handed("mui", 127, "typed", (0, 6), "pending", 1, copies=10),
    Handed("hoa", 128, "pdf", (0, 9), "pending", 1),
    Handed("sao", 130, "photos", (0, 8), "returned"),
    Handed("khuong", 131, "docx", (0, 5), category=1),
    Handed("nga", 129, "typed", (0, 11), "draft"),
)

# Whose accounts are told at the start, and what there is to see in them.
SHOWN_WRITERS = (
    ("duyen", "Tác giả, bài đang chấm"),
    ("sao", "Tác giả, bài được trả lại để sửa"),
    ("hung", "Tác giả, bài viết dở"),
    ("ngoc", "Tác giả, bài mới nộp năm nay"),
)
