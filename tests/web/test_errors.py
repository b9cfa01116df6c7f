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
