"""A small app that shows every shared page part with invented data: `python -m tests.web.gallery_app [folder]`.

With a folder it takes screenshots there instead of serving.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, flash, render_template
from jinja2 import ChoiceLoader, FileSystemLoader
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    MultipleFileField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length

from contest.assets import compress_all
from contest.web.forms import DecimalField, Form
from contest.web.headers import init_headers
from contest.web.language import init_language
from contest.web.static import init_static
from contest.web.timeline import timeline

ROOT = Path(__file__).parent.parent.parent
PAGES = ("/public", "/submit", "/receipt", "/staff", "/list", "/judge", "/stage", "/confirm")
ERRORS = (400, 403, 404, 405, 413, 429, 500, 503)
LONG_NAME = "Nguyễn Thị Hoàng Phương Thảo – Phường Hoàn Kiếm, Ban Tuyên giáo và Dân vận"
DATES = (
    ("Phát động", date(2024, 3, 5), "05/3/2024"),
    ("Bắt đầu nhận bài", date(2024, 4, 1), "01/4/2024"),
    ("Hết hạn nhận bài", date(2024, 8, 31), "31/8/2024"),
    ("Chấm sơ khảo, chung khảo", date(2024, 9, 25), "25/9/2024"),
    ("Trao giải", date(2024, 10, 15), "15/10/2024"),
)


class Sample(Form):
    full_name = StringField("Họ và tên", [InputRequired()])
    phone = TelField("Số điện thoại", description="Để Tổ Thư ký liên hệ khi cần bổ sung.")
    email = EmailField("Thư điện tử")
    password = PasswordField("Mật khẩu", [InputRequired()])
    born = DateField("Ngày sinh", [InputRequired()])
    unit = SelectField("Đơn vị", choices={"": "Chọn đơn vị", "tq": "Thành phố Tuyên Quang", "hk": LONG_NAME})
    kind = RadioField(
        "Cách gửi tác phẩm",
        [InputRequired()],
        choices={"text": "Viết trên trang", "file": "Gửi tệp", "scan": "Ảnh chụp trang viết tay"},
    )
    lone = RadioField("Tác giả", choices={"one": "Một người", "group": "Nhóm tác giả"}, default="one")
    weight = DecimalField("Trọng số")
    summary = TextAreaField("Tóm tắt", [Length(max=200)])
    files = MultipleFileField("Tệp tác phẩm")
    pledge = BooleanField("Tôi cam kết tác phẩm do tôi viết, chưa gửi dự thi nơi khác", [InputRequired()])


def gallery_app() -> Flask:
    """The app; no database, nobody signed in unless the page is for staff."""
    compress_all(ROOT / "contest" / "static")  # WhiteNoise would serve the copy of an older style sheet
    app = Flask("gallery", static_folder=None)
    app.config.update(SECRET_KEY="gallery", TESTING=True, DEFAULT_LANGUAGE="vi")
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(ROOT / "templates"), FileSystemLoader(Path(__file__).parent / "gallery")]
    )  # type: ignore[assignment]
    init_language(app)
    init_headers(app)
    init_static(app)
    app.jinja_env.globals["csrf_token"] = lambda: "token"
    app.add_url_rule("/<page>", "page", show)
    app.add_url_rule("/errors/<int:code>", "error", show_error)
    return app


def show(page: str) -> str:
    staff = page in ("staff", "list")
    if page == "staff":
        flash("Đã khóa danh sách 88 bài dự thi.", "success")
        flash("Giám khảo Lê Văn An chưa mở phiếu nào.", "warning")
    return render_template(f"{page}.html", **_frame(staff), **_facts())


def show_error(code: int) -> str:
    return render_template(f"errors/{code}.html", code=code, **_frame(code == 403))


def _frame(staff: bool) -> dict[str, Any]:
    person = SimpleNamespace(is_authenticated=staff, full_name=LONG_NAME)
    names = (
        ("Tổng quan", "Cuộc thi", "Bài dự thi", "Chấm thi", "Kết quả", "Đơn vị", "Nhật ký")
        if staff
        else ("Cuộc thi", "Kết quả", "Tra cứu chứng nhận")
    )
    return {
        "current_user": person,
        "nav": [(name, "/public", index == 1) for index, name in enumerate(names)],
        "account_links": [("Bài dự thi của tôi", "/public"), ("Phiên đăng nhập", "/public")],
        "sign_in_url": "/public",
        "sign_out_url": "/public",
        "footer_links": [("Thể lệ", "/public"), ("Liên hệ", "/public")],
    }


def _facts() -> dict[str, Any]:
    return {
        "line": timeline(DATES, today=date(2024, 8, 19), today_text="19/8/2024"),
        "saved": datetime(2024, 8, 19, 7, 5, tzinfo=UTC),
        "long_name": LONG_NAME,
        "fresh": Sample(meta={"csrf": False}),
        "refused": _refused(),
    }


def _refused() -> Sample:
    typed = {
        "full_name": "",
        "summary": "Dân vận khéo thì việc gì cũng thành công. " * 8,
        "weight": "chín",
        "kind": "file",
    }
    form = Sample(formdata=MultiDict(typed), meta={"csrf": False}, prefix="")
    form.validate()
    form.form_errors.append(
        "Tệp bai-thi.docx có mật khẩu nên không mở được. Hãy bỏ mật khẩu rồi nộp lại; nội dung đã nhập vẫn được giữ."
    )
    return form


def screenshots(folder: Path) -> None:
    """Every page at phone, desk and hall size, light and dark."""
    from threading import Thread

    from playwright.sync_api import sync_playwright
    from werkzeug.serving import make_server

    from tests.browser import ARGUMENTS, executable

    server = make_server("127.0.0.1", 0, gallery_app(), threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        for width, height in ((360, 740), (1280, 800), (1920, 1080)):
            for scheme in ("light", "dark"):
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
                for path in (*PAGES, "/errors/404", "/errors/500"):
                    page.goto(f"http://127.0.0.1:{server.port}{path}")
                    page.wait_for_timeout(150)
                    whole = path not in ("/judge", "/stage")
                    page.screenshot(
                        path=folder / f"{path.strip('/').replace('/', '-')}-{width}-{scheme}.png", full_page=whole
                    )
                page.close()
        browser.close()
    server.shutdown()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        screenshots(Path(sys.argv[1]))
    else:
        gallery_app().run(port=8765)
