"""The secretariat can read every version that was handed in."""

from __future__ import annotations

from typing import Any

from contest.rules.permissions import Role
from tests.entries import kit


def test_the_secretary_reads_an_earlier_version_and_its_slip(
    make_contest: Any, make_account: Any, sign_in: Any
) -> None:
    contest = make_contest()
    author = make_account("Hoàng Văn Páo")
    entry = kit.submitted(sign_in(author), contest, author)
    desk = sign_in(make_account("Lý Thị Thư", Role.INTAKE_SECRETARY, contest=contest))
    listed = desk.get(f"/cuoc-thi/{contest.slug}/tiep-nhan/{entry.public_id}").text
    address = kit_address(listed)

    page = desk.get(address)

    assert (page.status_code, "Chuyện bên sông Gâm" in page.text, "Hoàng Văn Páo" in page.text) == (200, True, True)
    assert desk.get(address.rsplit("/", 1)[0] + "/99").status_code == 404


def kit_address(page: str) -> str:
    """The link to the first version."""
    start = page.index('<ol class="versions"')
    return page[page.index('href="', start) + 6 :].split('"')[0]
