"""Error pages say what is wrong and how to go on; programs get problem documents."""

from __future__ import annotations

from typing import Any

import pytest

from contest.web import errors


@pytest.mark.parametrize("code", sorted(errors.KNOWN))
def test_each_known_error_has_a_page(app: Any, code: int) -> None:
    with app.test_request_context("/khong-co"):
        page = errors._page(code)

    assert page.count("<h1") == 1


def test_a_wrong_method_says_which_are_right(client: Any) -> None:
    answer = client.post("/healthz", headers={"Accept": "text/html"})

    assert (answer.status_code, "GET" in answer.headers["Allow"]) == (405, True)


def test_a_program_gets_a_problem_document(client: Any) -> None:
    answer = client.get("/khong-co", headers={"Accept": "application/json"})

    assert answer.content_type == "application/problem+json"
    assert answer.json == {"type": "about:blank", "status": 404, "title": "Not Found"}


LONG = "Thiếu chữ ký ở trang cuối, <b>đề nghị</b> bổ sung."


def test_a_form_sent_after_the_sign_in_ended_gives_back_what_was_typed(client: Any, make_contest: Any) -> None:
    contest = make_contest()
    address = f"/cuoc-thi/{contest.slug}/xet-giai"

    answer = client.post(address, data={"note": LONG, "password": "mật khẩu dài lắm rồi", "number": "12"})

    assert answer.status_code == 401
    assert "Phiên đăng nhập đã hết" in answer.text and "chưa có gì được ghi" in answer.text
    assert "Thiếu chữ ký ở trang cuối, &lt;b&gt;đề nghị&lt;/b&gt; bổ sung." in answer.text
    assert "mật khẩu dài" not in answer.text and "/dang-nhap?next=" in answer.text
    assert client.post(address, data={"number": "12"}).status_code == 302  # nothing to give back


def test_a_form_sent_after_the_role_was_taken_back_says_that_nothing_was_done(
    make_account: Any, make_contest: Any, sign_in: Any
) -> None:
    contest = make_contest()
    visitor = sign_in(make_account())

    answer = visitor.post(f"/cuoc-thi/{contest.slug}/xet-giai", data={"note": LONG})
    page = visitor.get(f"/cuoc-thi/{contest.slug}/xet-giai")

    assert (answer.status_code, page.status_code) == (403, 403)
    assert "chưa có gì được ghi" in answer.text and "Thiếu chữ ký ở trang cuối" in answer.text
    assert "chưa có gì được ghi" not in page.text
