"""Whose name is printed: the one in the settings, or one that no stranger can own."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contest.web.hosts import is_near

NEAR = (
    "localhost",
    "127.0.0.1:8000",
    "[::1]:8000",
    "192.168.1.5:8000",
    "10.0.0.7",
    "169.254.1.1",
    "may-chu:8000",
    "hoi-truong.local",
)
FAR = (
    "evil.example",
    "evil.example:8000",
    "8.8.8.8",
    "[2606:4700::1]",
    "",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "[::",
    "a b",
)


@pytest.mark.parametrize("host", NEAR)
def test_a_phone_in_the_same_hall_is_served(host: str) -> None:
    assert is_near(host)


@pytest.mark.parametrize("host", FAR)
def test_a_name_that_somebody_could_own_is_not_near(host: str) -> None:
    assert not is_near(host)


def test_a_strangers_name_is_refused_until_ours_is_set(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "")

    refused = client.get("/dang-nhap", headers={"Host": "evil.example"})

    assert (refused.status_code, "CONTEST_PUBLIC_URL" in refused.text) == (421, True)
    assert client.get("/dang-nhap", headers={"Host": "192.168.1.5:8000"}).status_code == 200
    assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 200


def test_with_our_own_name_set_any_host_is_served_and_none_is_printed(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, make_contest: object
) -> None:
    monkeypatch.setitem(app.config, "PUBLIC_URL", "https://danvan.vidu.vn")
    contest = make_contest()  # type: ignore[operator]

    page = client.get(f"/cuoc-thi/{contest.slug}", headers={"Host": "evil.example"})

    assert page.status_code == 200
    assert "evil.example" not in page.text
