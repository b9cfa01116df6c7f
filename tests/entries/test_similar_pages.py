"""The pages of alike texts: the list, two side by side, a decision; and who sees how much of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.exc import DatabaseError

from contest.accounts.models import Account
from contest.audit import AuditEvent
from contest.contests.models import Contest
from contest.db import db
from contest.entries.models import Author, Entry, JudgeCopy, LikeDecision, LikePair, Screening
from contest.entries.similar_shown import marked, shown_at
from contest.entries.similar_words import percent
from contest.rules.permissions import Role
from tests.entries.alike import again, prose, work_off

NAME = "Hoàng Văn Páo"


@pytest.fixture
def contest(make_contest: Callable[..., Contest]) -> Contest:
    return make_contest()


@pytest.fixture
def hand_in(make_entry: Callable[..., Entry]) -> Callable[..., Entry]:
    def make(contest: Contest, text: str, **columns: Any) -> Entry:
        entry = make_entry(contest, **columns)
        entry.versions[0].text = text
        db.session.commit()
        return entry

    return make


@pytest.fixture
def desk(contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    return sign_in(make_account("Lý Thị Thư", Role.INTAKE_SECRETARY, contest=contest))


@pytest.fixture
def organiser(
    contest: Contest, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient]
) -> FlaskClient:  # fmt: skip
    return sign_in(make_account("Hoàng Thị Tổ Chức", Role.ORGANISER, contest=contest))


@pytest.fixture
def pair(contest: Contest, hand_in: Callable[..., Entry]) -> LikePair:
    """Bài chép takes two passages of Bài gốc, which names its author."""
    first, second = prose(60, 1), prose(60, 2)
    hand_in(contest, f"Tôi là {NAME}. {first}\n\n{prose(60, 3)}\n\n{second}", title=f"Bài gốc của {NAME}", author=NAME)
    hand_in(contest, f"{prose(30, 4)}\n\n{second}\n\n{prose(30, 5)} {first}", title="Bài chép", author="Đỗ Thị Hà")
    work_off()
    return db.session.query(LikePair).one()


def _at(contest: Contest, tail: object = "") -> str:
    return f"/cuoc-thi/{contest.slug}/bai-giong-nhau{f'/{tail}' if tail else ''}"


def _decide(client: FlaskClient, contest: Contest, pair: LikePair, verdict: str, seen: int = 0, **more: str) -> Any:
    data = {"verdict": verdict, "reason": "Đã đọc cả hai bài.", "seen": str(seen), **more}
    return client.post(_at(contest, pair.id), data=data)


def test_the_list_says_how_much_of_which(contest: Contest, desk: FlaskClient, pair: LikePair) -> None:
    page = desk.get(_at(contest)).text

    assert "67% bài A có trong bài B, 65% bài B có trong bài A" in page
    assert page.index("Bài chép") < page.index("Bài gốc")
    assert NAME in page and "Đỗ Thị Hà" in page
    assert "Đã so 2 trong 2 bài" in page


def test_the_pair_shows_each_passage_in_both_texts(contest: Contest, desk: FlaskClient, pair: LikePair) -> None:
    page = desk.get(_at(contest, pair.id)).text

    assert sorted(re.findall(r'<mark data-passage="(\d)" data-target="\d" id="([ab])-\d">', page)) == [
        ("1", "a"), ("1", "b"), ("2", "a"), ("2", "b")
    ]  # fmt: skip
    assert page.count('href="#b-1"') == page.count('href="#a-2"') == 1
    assert "2 đoạn giống nhau" in page
    assert "120 trong 180 chữ" in page
    assert NAME in page


def test_a_decision_is_kept_with_name_and_reason_and_changes_no_entry(
    contest: Contest, desk: FlaskClient, pair: LikePair
) -> None:
    answer = _decide(desk, contest, pair, "exclude", reason="Chép nguyên hai đoạn.")

    assert answer.status_code == 302
    page = desk.get(_at(contest, pair.id)).text
    db.session.expire_all()
    [row] = db.session.query(LikeDecision).all()
    assert (row.verdict, row.reason, pair.state) == ("exclude", "Chép nguyên hai đoạn.", "exclude")
    assert "Chép nguyên hai đoạn." in page and "Lý Thị Thư" in page
    assert {entry.screening for entry in db.session.query(Entry)} == {"valid"}
    assert db.session.query(Screening).count() == 0
    [event] = db.session.query(AuditEvent).filter_by(action="entries.decide_likeness")
    assert event.details["verdict"] == "exclude"
    assert event.details["other"].startswith("entry:")
    with pytest.raises(DatabaseError, match="append-only"):
        row.reason = "khác"
        db.session.commit()
    db.session.rollback()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"reason": ""}, "Cần điền mục này."),
        ({"reason": "ừ"}, "Cần từ 5 đến 2000 ký tự."),
        ({"verdict": "drop"}, "Hãy chọn một mục trong danh sách."),
        ({"verdict": "open"}, "Hãy chọn một mục trong danh sách."),  # it is open already
    ],
)
def test_a_decision_without_reason_or_name_is_refused(
    contest: Contest, desk: FlaskClient, pair: LikePair, sent: dict[str, str], said: str
) -> None:
    answer = _decide(desk, contest, pair, **{"verdict": "cleared", **sent})

    assert answer.status_code == 422
    assert said in answer.text
    assert db.session.query(LikeDecision).count() == 0


def test_of_two_who_decide_at_once_the_second_looks_again(contest: Contest, desk: FlaskClient, pair: LikePair) -> None:
    _decide(desk, contest, pair, "cleared")
    late = _decide(desk, contest, pair, "exclude")
    said = desk.get(late.headers["Location"]).text
    seen = db.session.query(LikeDecision.id).scalar()
    reopened = _decide(desk, contest, pair, "open", seen=seen)

    assert "Vừa có người khác ghi kết luận" in said
    assert reopened.status_code == 302
    assert [row.verdict for row in db.session.query(LikeDecision).order_by(LikeDecision.id)] == ["cleared", "open"]


def test_the_list_is_filtered_by_decision_and_by_entry(
    contest: Contest, desk: FlaskClient, pair: LikePair, hand_in: Callable[..., Entry]
) -> None:
    third = hand_in(contest, prose(90, 1), title="Bài thứ ba")
    hand_in(contest, prose(90, 1), title="Bài thứ tư")
    work_off()
    _decide(desk, contest, pair, "cleared")

    def shown(query: str) -> list[bool]:
        page = desk.get(f"{_at(contest)}?{query}").text
        return [name in page for name in ("Bài chép", "Bài thứ tư")]

    assert shown("") == [True, True]
    assert shown("trang-thai=cleared") == [True, False]
    assert shown("trang-thai=open") == [True, True]  # the third and fourth hold a passage of the first two
    assert shown("trang-thai=ask") == [False, False]
    assert shown(f"bai={third.public_id}") == [True, True]
    assert shown("bai=khong-co") == [False, False]


def test_the_intake_marks_what_is_undecided(contest: Contest, desk: FlaskClient, pair: LikePair) -> None:
    intake = f"/cuoc-thi/{contest.slug}/tiep-nhan"
    assert pair.one.entry is not None
    entry = f"{intake}/{pair.one.entry.public_id}"
    before = [desk.get(address).text for address in (intake, entry)]
    _decide(desk, contest, pair, "cleared")
    after = [desk.get(address).text for address in (intake, entry)]

    assert before[0].count("giống bài khác") == 2
    assert "Có đoạn giống bài khác: 1 cặp chưa kết luận" in before[1]
    assert f"bai-giong-nhau?bai={pair.one.entry.public_id}" in before[1]
    assert not any("giống bài khác" in page for page in after)


def test_a_pair_whose_text_was_replaced_or_taken_back_is_gone(
    contest: Contest, desk: FlaskClient, pair: LikePair
) -> None:
    entry = pair.other.entry
    assert entry is not None
    seen = desk.get(_at(contest, pair.id)).status_code
    again(entry, prose(100, 9))

    assert (seen, desk.get(_at(contest, pair.id)).status_code) == (200, 404)
    assert _decide(desk, contest, pair, "cleared").status_code == 404
    assert "Bài chép" not in desk.get(_at(contest)).text


def test_the_organiser_reads_it_without_names(contest: Contest, organiser: FlaskClient, pair: LikePair) -> None:
    entry = pair.other.entry
    assert entry is not None
    copy = db.session.query(JudgeCopy).filter_by(entry_id=entry.id).one()
    word = prose(60, 3).split()[0]
    copy.title, copy.plain, copy.covered = "Bài gốc của ▇▇▇", word, [[0, len(word)]]
    db.session.commit()

    pages = [organiser.get(_at(contest, tail)).text for tail in ("", pair.id)]

    for page in pages:
        assert NAME not in page and "Páo" not in page and "Đỗ Thị Hà" not in page
        assert entry.public_id not in page
        assert "Bài gốc của ▇▇▇" in page and str(entry.receipt_code) in page
    assert "Tôi là ▇▇▇." in pages[1]
    assert not re.search(rf"\b{word}\b", pages[1].split('data-side="b"')[1])
    assert "\ue000" not in pages[1]


def test_a_reason_that_names_an_author_is_covered_for_who_may_not_know(
    contest: Contest, desk: FlaskClient, organiser: FlaskClient, pair: LikePair
) -> None:
    _decide(desk, contest, pair, "ask", reason=f"Đã gọi {NAME} và Đỗ Thị Hà, chờ trả lời.")

    assert NAME in _told(desk.get(_at(contest, pair.id)).text)
    told = _told(organiser.get(_at(contest, pair.id)).text)
    assert "Đã gọi" in told and "chờ trả lời." in told
    assert NAME not in told and "Đỗ Thị Hà" not in told


def _told(page: str) -> str:
    return page.partition("<h3>Đã ghi</h3>")[2]


def test_a_title_nobody_has_looked_through_is_not_shown_to_who_may_not_know(
    contest: Contest, organiser: FlaskClient, pair: LikePair
) -> None:
    page = organiser.get(_at(contest)).text

    assert "Bài gốc" not in page
    assert pair.other.entry is not None and f"Bài {pair.other.entry.receipt_code}" in page


def test_an_earlier_years_author_is_for_that_contests_secretariat(
    contest: Contest, desk: FlaskClient, hand_in: Callable[..., Entry], make_contest: Callable[..., Contest],
    make_campaign: Callable[..., Any],
) -> None:  # fmt: skip
    before = make_contest(campaign=make_campaign(year=2022), name="Cuộc thi cũ")
    hand_in(before, f"{prose(200, 1)} Người viết: {NAME}.", author=NAME)
    hand_in(contest, prose(200, 1), title="Bài mới", author="Đỗ Thị Hà")
    work_off()
    number = db.session.query(LikePair.id).scalar()

    pages = [desk.get(_at(contest, tail)).text for tail in ("", number)]

    for page in pages:
        assert "Cuộc thi cũ, năm 2022" in page and "Đỗ Thị Hà" in page
        assert NAME not in page and "Páo" not in page
    assert "Người viết: ▇▇▇." in pages[1]


def test_the_panel_and_others_never_see_it(
    contest: Contest, pair: LikePair, make_account: Callable[..., Account], sign_in: Callable[..., FlaskClient],
    make_contest: Callable[..., Contest],
) -> None:  # fmt: skip
    roles = (Role.JUDGE, Role.HEAD_JUDGE, Role.TALLY_SECRETARY, Role.CODE_KEEPER, Role.ADMIN, Role.COMMITTEE_MEMBER)
    people = [sign_in(make_account(role, role, contest=contest)) for role in roles]
    other = make_contest()
    foreign = sign_in(make_account("Thư ký khác", Role.INTAKE_SECRETARY, contest=other))

    for address in (_at(contest), _at(contest, pair.id)):
        assert [each.get(address).status_code for each in (*people, foreign)] == [403] * 7
    assert foreign.get(_at(other, pair.id)).status_code == 404
    assert _decide(foreign, other, pair, "cleared").status_code == 404


def test_one_author_twice_is_said(contest: Contest, desk: FlaskClient, pair: LikePair) -> None:
    before = desk.get(_at(contest)).text
    for author in db.session.query(Author):
        author.name_key = "do thi ha"
    db.session.commit()

    assert "Cùng tác giả" not in before
    assert "Cùng tác giả" in desk.get(_at(contest)).text


def test_what_came_before_is_compared_when_somebody_asks(
    contest: Contest, desk: FlaskClient, hand_in: Callable[..., Entry]
) -> None:
    for _ in range(2):
        hand_in(contest, prose(100, 1))
    before = desk.get(_at(contest)).text

    desk.post(_at(contest, "so"))
    work_off()
    after = desk.get(_at(contest)).text

    assert "Đã so 0 trong 2 bài" in before and "So các bài còn lại" in before
    assert "Đã so 2 trong 2 bài" in after and "So các bài còn lại" not in after


def test_an_empty_list_says_why(contest: Contest, desk: FlaskClient, hand_in: Callable[..., Entry]) -> None:
    nothing = desk.get(_at(contest)).text
    hand_in(contest, prose(100, 1))
    work_off()

    assert "Chưa có bài để so" in nothing
    assert "Không thấy bài nào giống nhau" in desk.get(_at(contest)).text
    assert "Không có cặp nào ở mục này" in desk.get(_at(contest) + "?trang-thai=ask").text


@pytest.mark.parametrize("who", ["desk", "organiser"])
def test_the_list_costs_the_same_for_many(
    contest: Contest, who: str, request: pytest.FixtureRequest, hand_in: Callable[..., Entry],
    count_queries: Callable[..., Any],
) -> None:  # fmt: skip
    client: FlaskClient = request.getfixturevalue(who)
    costs = []
    for more in (2, 3, 6):
        for _ in range(more):
            hand_in(contest, prose(60, 1))
        work_off()
        with count_queries() as statements:
            assert client.get(_at(contest)).status_code == 200
        costs.append(len(statements))

    assert costs[0] == costs[1] == costs[2]


def test_pages_hold_each_pair_once_most_alike_first(
    contest: Contest, desk: FlaskClient, hand_in: Callable[..., Entry]
) -> None:
    source = prose(60, 1)
    for number in range(12):
        hand_in(contest, source + " " + prose(number, 100 + number))
    work_off()

    first = desk.get(_at(contest)).text
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = desk.get(following[1].replace("&amp;", "&")).text

    numbers = [re.findall(r"bai-giong-nhau/(\d+)", page) for page in (first, second)]
    assert (len(numbers[0]), len(numbers[1])) == (50, 16)
    assert len({*numbers[0], *numbers[1]}) == 66
    scores = [int(each) for page in (first, second) for each in re.findall(r"mức giống chung (\d+)%", page)]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("shared", "words", "said"),
    [
        (0, 10, 0),
        (0, 0, 0),
        (10, 10, 100),
        (999, 1000, 99),
        (1, 1000, 1),
        (1, 200, 1),
        (125, 1000, 13),
        (124, 1000, 12),
    ],
)
def test_shares_are_said_in_hundredths(shared: int, words: int, said: int) -> None:
    assert percent(shared, words) == said


def test_passages_that_lie_over_one_another_are_marked_once() -> None:
    text = "một hai ba bốn năm sáu\n\nbảy tám"
    places = [(0, 11), (4, 18), (8, 10), (19, 27)]
    shown = shown_at(places)

    pieces = [
        [(piece.text, piece.passage, piece.is_first) for piece in part] for part in marked(text, places, shown, {})
    ]

    assert shown == {1: 1, 2: 2, 3: 1, 4: 4}
    assert pieces == [
        [("một hai ba ", 1, True), ("bốn năm", 2, True), (" ", 0, False), ("sáu", 4, True)],
        [("bảy", 4, False), (" tám", 0, False)],
    ]
