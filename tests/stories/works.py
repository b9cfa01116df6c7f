"""What the story's contestants wrote, and the files they send."""

from __future__ import annotations

import io
import random

import typst
from docx import Document

WRITERS = ("Hoàng Thị Sen", "Chẩu Văn Đồng", "Quan Thị Thơm", "Sằm Văn Lợi", "Ma Thị Nguyệt")

FIRST = (
    "Con đường vào bản Nà Lừa trước kia chỉ rộng bằng bước chân trâu. Mùa mưa, học sinh phải nghỉ học. "
    "Tổ dân vận đến từng nhà, ngồi bên bếp lửa nghe bà con nói trước rồi mới bàn chuyện hiến đất."
)
OFFLINE = (
    "\n\nHai mươi ba hộ hiến một nghìn hai trăm mét vuông đất vườn. Người có của góp của, người có công góp công; "
    "ai cũng được nhìn thấy tên mình trên tấm bảng tính công đặt ở nhà văn hóa."
)
AFTER = "\n\nNgày thông đường, cả bản ra quét sân. Khéo là ở chỗ biết nghe, và làm cho dân thấy việc ấy là của mình."

SECOND = (
    "Bà con tổ Bình Minh giữ sạch đoạn suối dài bốn trăm mét. Mỗi chủ nhật một nhà nhận trưởng nhóm.",
    "Không ai bị nhắc tên trước cuộc họp. Việc tốt được ghi lên bảng, việc chưa tốt thì tổ trưởng đến nhà uống nước "
    "và cùng làm. Sau một năm, con suối có cá trở lại.",
)
THIRD = (
    "Chợ phiên Thượng Lâm từ ngày không còn túi ni lông có thêm tiếng đan lá. Các bà, các chị bán giỏ tre "
    "ngay cổng chợ; người mang làn đi chợ được bốc thăm một mớ rau. Ban quản lý chợ không phạt ai lần nào."
)
FOURTH = (
    "Vườn rau của hội phụ nữ nuôi bếp ăn bán trú suốt hai năm. Mỗi nhà một luống, mỗi tuần một buổi làm chung. " * 3
)
FIFTH = "Bài hát then được dạy trong sân nhà sàn vào tối thứ bảy, ai đến cũng được ngồi gần bếp và được hát. " * 4


def docx_of(author: str, paragraphs: tuple[str, ...]) -> bytes:
    """A Word file that knows who wrote it."""
    document = Document()
    document.core_properties.author = author
    document.core_properties.last_modified_by = author
    for text in paragraphs:
        document.add_paragraph(text)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_of(author: str, text: str) -> bytes:
    source = f'#set document(author: "{author}")\n#set page(width: 15cm, height: 20cm)\n#set text(size: 14pt)\n{text}'
    return bytes(typst.compile(source.encode()))


def rubbish() -> bytes:
    return random.Random(2024).randbytes(20_000)
