"""The whole writing contest, every role in turn, from an empty database to a certificate that verifies.

Set STORY_SHOTS=1 to get a picture of each page in tests/screenshots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from tests.stories import contestants, judging, preparing, results, secretaries, works
from tests.stories.person import PC, PHONE, TABLET, Person

STAFF = (
    ("Thư ký tiếp nhận", "Vi Thị Lan"),
    ("Người giữ phách", "Đặng Văn Khải"),
    ("Trưởng Ban Giám khảo", "Nông Văn Hưởng"),
    ("Giám khảo", "Triệu Thị Mai"),
    ("Giám khảo", "Bàn Văn Quý"),
    ("Giám khảo", "Lò Thị Xuân"),
    ("Thư ký tổng hợp", "Hứa Thị Ngân"),
)
PANEL = ("Nông Văn Hưởng", "Triệu Thị Mai", "Bàn Văn Quý", "Lò Thị Xuân")
ROAD, STREAM, MARKET, SONG, POEM = (
    "Con đường mở từ bếp lửa",
    "Đoạn suối của tổ Bình Minh",
    "Chợ phiên không túi ni lông",
    "Lớp hát bên bếp",
    "Bài thơ ngắn",
)
FIRST_MARKS = {
    ROAD: ("60,5", "22", "9,25"),
    STREAM: ("55", "20.5", "8.75"),
    MARKET: ("48", "17", "7"),
    SONG: ("45,5", "16", "6,5"),
}
FINAL_MARKS = {ROAD: ("61", "22.5", "9,5"), STREAM: ("54,5", "20", "8,25")}
AUTHORS = (*works.WRITERS, "Lộc Thị Vân")
UNIT = "Xã Hùng Lợi"


@dataclass
class Cast:
    """Who is at which screen; everyone is asked at the end what went wrong."""

    app: Flask
    browser: Browser
    contest: str = ""
    people: list[Person] = field(default_factory=list)
    accounts: dict[str, tuple[str, str]] = field(default_factory=dict)
    judges: dict[str, Person] = field(default_factory=dict)

    def enters(self, who: str, screen: tuple[int, int] = PC) -> Person:
        person = Person(self.browser, self.app.config["PUBLIC_URL"], who, screen)
        self.people.append(person)
        return person

    def staff(self, name: str) -> Person:
        """Somebody of the staff signs in for the first time, with the password the organiser handed over."""
        person = self.enters(name)
        person.take_account(*self.accounts[name])
        return person

    def round(self, key: str) -> str:
        return f"{self.contest}/vong/{key}"

    @property
    def wrongs(self) -> list[str]:
        return [wrong for person in self.people for wrong in person.wrongs]


@pytest.mark.story
def test_a_writing_contest_from_nothing_to_a_verified_certificate(
    site: Flask, browser: Browser, tmp_path: Path
) -> None:
    cast = Cast(site, browser)
    organiser = a_contest_is_announced(cast)
    entries_come_in(cast)
    preparing.close_intake(organiser, cast.contest)
    secretary = cast.staff("Vi Thị Lan")
    entries_are_made_anonymous(cast, secretary)
    tally = cast.staff("Hứa Thị Ngân")
    the_first_round_is_judged(cast, organiser, tally)
    the_final_is_judged(cast, tally)
    keeper = cast.staff("Đặng Văn Khải")
    results_are_published(cast, organiser, keeper, tmp_path)
    papers_are_given(cast, tally)
    checked = site.test_cli_runner().invoke(args=["verify"])
    assert checked.exit_code == 0, checked.output
    assert cast.wrongs == []


def a_contest_is_announced(cast: Cast) -> Person:
    admin = cast.enters("quản trị")
    admin.take_account(*preparing.first_administrator(cast.app, "Lương Thị Tuyết"))
    preparing.load_units(admin)
    campaign = preparing.found_year(admin)
    account = preparing.make_organiser(admin, "Ma Thị Hằng")
    organiser = cast.enters("Ban Tổ chức")
    organiser.take_account(*account)
    preparing.set_year_up(organiser, campaign)
    cast.contest = preparing.found_contest(organiser, campaign)
    cast.accounts = preparing.make_staff(organiser, cast.contest, STAFF)
    preparing.announce(organiser, cast.contest)
    return organiser


def entries_come_in(cast: Cast) -> None:
    visitor = cast.enters("công chúng", PHONE)
    assert preparing.public_weight(visitor, cast.contest) < 100_000
    visitor.check("contest-public")

    road, stream, market, garden, song, poem = (cast.enters(name, PHONE) for name in (AUTHORS))
    contestants.register(road, cast.contest)
    contestants.write_through_a_bad_line(road, ROAD)
    contestants.give_name(road, unit=UNIT)
    contestants.hand_in(road)
    assert contestants.receipt_pdf(road).startswith(b"%PDF")

    contestants.register(stream, cast.contest)
    contestants.name_work(stream, STREAM)
    contestants.send_file(stream, "bài dự thi.docx", works.docx_of(stream.who, works.SECOND))
    contestants.sent(stream, "bài dự thi.docx")
    stream.check("submit-file")
    contestants.give_name(stream)
    contestants.hand_in(stream)

    contestants.register(market, cast.contest)
    contestants.name_work(market, MARKET)
    contestants.send_file(market, "chợ phiên.pdf", works.pdf_of(market.who, works.THIRD))
    contestants.sent(market, "chợ phiên.pdf")
    contestants.give_name(market)
    contestants.hand_in(market)

    contestants.register(garden, cast.contest)
    contestants.name_work(garden, "Vườn rau nuôi bếp ăn")
    with garden.refused_with(422):
        contestants.send_file(garden, "bai.docx", works.rubbish())
        garden.reads("Tệp bai.docx mang đuôi .docx nhưng bên trong là dạng khác")
    garden.check("submit-refused-file")
    garden.press("Bỏ")
    contestants.typed(garden, works.FOURTH)
    contestants.saved(garden)
    contestants.give_name(garden)
    contestants.hand_in(garden)
    contestants.withdraw(garden, "Vườn rau nuôi bếp ăn", "Tôi gửi bài này cho báo khác rồi.")

    contestants.register(song, cast.contest)
    contestants.name_work(song, SONG)
    contestants.send_file(song, "bai.txt", works.FIFTH.encode())
    contestants.sent(song, "bai.txt")
    contestants.give_name(song)
    contestants.hand_in(song)

    contestants.register(poem, cast.contest)
    contestants.name_work(poem, POEM)
    contestants.typed(poem, "Bốn câu thơ không phải là văn xuôi. " * 8)
    contestants.saved(poem)
    contestants.give_name(poem)
    contestants.hand_in(poem)


def entries_are_made_anonymous(cast: Cast, secretary: Person) -> None:
    secretary.go(f"{cast.contest}/tiep-nhan")
    secretary.check("intake")
    for title in (ROAD, STREAM, MARKET, SONG):
        secretaries.open_entry(secretary, cast.contest, title)
        secretaries.copy_is_made(secretary)
        if title == STREAM:
            secretary.check("intake-entry")
        copy = secretaries.copy_text(secretary)
        assert not [name for name in AUTHORS if name in copy]
        secretaries.find_valid(secretary)
    secretaries.find_invalid(
        secretary, cast.contest, POEM, reason="Không đúng thể loại", note="Bài là thơ; thể lệ chỉ nhận văn xuôi."
    )
    secretaries.draw_codes(secretary, cast.contest, 4)


def the_first_round_is_judged(cast: Cast, organiser: Person, tally: Person) -> None:
    round_ = cast.round("so-khao")
    judging.seat_panel(tally, round_, PANEL)
    for address in preparing.judges_cards(organiser, cast.contest):
        judge = cast.enters("giám khảo", TABLET)
        judge.never = (*AUTHORS, UNIT, "DV24-", "bài dự thi.docx")
        judging.by_card(judge, address)
        cast.judges[judge.who] = judge
    assert sorted(cast.judges) == sorted(PANEL)
    marker, sheet = next(
        (judge, address)
        for judge in cast.judges.values()
        for title, address in judging.sheets(judge, FIRST_MARKS)
        if title == ROAD
    )
    judging.mark_through_a_bad_line(marker, sheet)
    for judge in cast.judges.values():
        judging.mark_all(judge, FIRST_MARKS)
    a_second_look(cast, round_)
    judging.close_round(tally, round_)
    judging.confirm_round(cast.judges["Nông Văn Hưởng"], round_)
    results.lock(tally, round_)
    results.advance(tally, 2)


def a_second_look(cast: Cast, round_: str) -> None:
    """The head judge asks about a sheet of somebody else, who corrects it and says why."""
    head = cast.judges["Nông Văn Hưởng"]
    head.go(f"{round_}/tien-do")
    head.check("board")
    asked, title, sheet = next(
        (judge, title, address)
        for name, judge in cast.judges.items()
        for title, address in judging.sheets(judge, FIRST_MARKS)
        if judge is not head and title in (MARKET, SONG)
    )
    code = judging.code_of(asked, sheet)
    judging.ask_second_look(head, round_, code, asked.who, "Đề nghị đọc lại phần kết quả cụ thể của bài.")
    judging.correct(asked, sheet, {"Nội dung": "50,5"}, "Đã đọc lại: bài có kết quả cụ thể.")
    judging.history_says(head, round_, code, asked.who, "Đã đọc lại: bài có kết quả cụ thể.")


def the_final_is_judged(cast: Cast, tally: Person) -> None:
    round_ = cast.round("chung-khao")
    judging.seat_panel(tally, round_, PANEL[:2])
    for name in PANEL[:2]:
        judging.mark_all(cast.judges[name], {**FIRST_MARKS, **FINAL_MARKS})
    judging.close_round(tally, round_)
    judging.confirm_round(cast.judges["Nông Văn Hưởng"], round_)
    results.lock(tally, round_)


def results_are_published(cast: Cast, organiser: Person, keeper: Person, folder: Path) -> None:
    results.join_codes(keeper, organiser, cast.contest)
    results.decide_prizes(organiser, cast.contest)
    results.publish(organiser, cast.contest)
    visitor = cast.enters("công chúng", PHONE)
    visitor.go(f"{cast.contest}/ket-qua")
    visitor.check("results-public")
    winners = visitor.page.locator(".winners li").all_inner_texts()
    assert [("Hoàng Thị Sen" in text, "Chẩu Văn Đồng" in text) for text in winners[:2]] == [
        (True, False),
        (False, True),
    ]
    results.run_again(visitor, cast.app, folder)


def papers_are_given(cast: Cast, tally: Person) -> None:
    addresses = results.certificate_addresses(results.issue_certificates(tally, cast.contest))
    assert len(addresses) == 4
    for address in addresses:
        stranger = cast.enters("người kiểm tra", PHONE)
        stranger.go(address)
        stranger.reads("Giấy thật, còn hiệu lực")
        stranger.check("verify")
    head_of_ledger = results.ledger_head(tally, cast.round("chung-khao"))
    papers = results.make_papers(tally, cast.contest)
    assert len(papers) == 2
    for paper in papers:
        assert results.grouped(head_of_ledger) in results.words_of(paper)
