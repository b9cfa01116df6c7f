"""Works as judges read them: the text a reader sees in Word, composed, safe, and covered where asked."""

from __future__ import annotations

import io
import unicodedata

import pytest
from docx import Document
from docx.oxml.ns import nsdecls

from contest.documents.blocks import Block, Run, Work, composed, cover, to_text
from contest.documents.reading import read_work
from contest.documents.sniff import Kind, Unreadable
from contest.documents.works import decode, is_legacy_font, to_html, work_from_text
from tests.documents.samples import CHANGES, body_docx, docx_bytes, photo, simple_docx, with_parts


def _p(*runs: str, props: str = "") -> str:
    return f"<w:p>{props}{''.join(f'<w:r>{run}</w:r>' for run in runs)}</w:p>"


def _t(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


def _read(xml: str) -> Work:
    return read_work(body_docx(xml), Kind.DOCX)


def test_insertions_are_taken_and_deletions_dropped() -> None:
    assert to_text(_read(CHANGES)) == "Bản có mười hai nóc nhà\n\nHết."


def test_a_deleted_paragraph_mark_joins_two_paragraphs() -> None:
    marked = '<w:pPr><w:rPr><w:del w:id="1" w:author="x"/></w:rPr></w:pPr>'

    assert to_text(_read(_p(_t("Dân vận "), props=marked) + _p(_t("khéo")))) == "Dân vận khéo"


def test_text_boxes_tables_and_both_forms_of_a_drawing_are_read_once() -> None:
    box = f"<w:txbxContent>{_p(_t('Khung'))}</w:txbxContent>"
    drawing = (
        "<mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
        f"{box}</wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape>"
        "</w:pict></mc:Fallback></mc:AlternateContent>"
    )
    table = f"<w:tbl><w:tr><w:tc>{_p(_t('a'))}</w:tc><w:tc>{_p(_t('b'))}{_p(_t('c'))}</w:tc></w:tr></w:tbl>"

    assert to_text(_read(_p(_t("Trước"), drawing) + table)) == "Trước\n\nKhung\n\na\tb\nc"


def test_styles_become_headings_and_lists() -> None:
    document = Document()
    document.add_heading("Mở đầu", 2)
    document.add_paragraph("Một", style="List Number")
    document.add_paragraph("Hai", style="List Number")
    document.add_paragraph("Ý", style="List Bullet")
    paragraph = document.add_paragraph()
    paragraph.add_run("đậm").bold = True
    paragraph.add_run(" thường ")
    paragraph.add_run("nghiêng").italic = True

    html = to_html(read_work(docx_bytes(document), Kind.DOCX))

    assert html == (
        '<h3>Mở đầu</h3><p class="level-0">1. Một</p><p class="level-0">2. Hai</p>'
        '<ul><li class="level-0">Ý</li></ul><p><strong>đậm</strong> thường <em>nghiêng</em></p>'
    )


def test_footnotes_are_kept_as_text() -> None:
    notes = f"<w:footnotes {nsdecls('w')}><w:footnote w:id='7'>{_p(_t('Theo báo'))}</w:footnote></w:footnotes>"
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    relation = f'<Relationship Id="rId99" Type="{kind}" Target="footnotes.xml"/></Relationships>'

    def relate(name: str, data: bytes) -> bytes:
        wanted = name == "word/_rels/document.xml.rels"
        return data.replace(b"</Relationships>", relation.encode()) if wanted else data

    data = body_docx(_p(_t("Chuyện"), "<w:footnoteReference w:id='7'/>"))
    work = read_work(with_parts(data, {"word/footnotes.xml": notes.encode()}, relate), Kind.DOCX)

    assert to_text(work) == "Chuyện[1]\n\nTheo báo"
    assert to_html(work) == '<p>Chuyện[1]</p><aside class="note">[1] Theo báo</aside>'


def test_what_is_typed_never_becomes_markup() -> None:
    work = _read(_p(_t("&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=y&gt; a &amp; b")))

    assert to_html(work) == "<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=y&gt; a &amp; b</p>"


def test_pictures_come_without_their_exif_and_by_address_when_asked() -> None:
    document = Document()
    document.add_picture(io.BytesIO(photo()))
    work = read_work(docx_bytes(document), Kind.DOCX)
    (key,) = work.images

    assert b"Exif" not in work.images[key]
    assert to_html(work, image_url="/cham/x/hinh/{key}") == (
        f'<figure><img src="/cham/x/hinh/{key}" alt="" loading="lazy"></figure>'
    )
    assert to_html(work).startswith('<figure><img src="data:image/jpeg;base64,')


def test_decomposed_text_split_over_runs_is_composed() -> None:
    text = unicodedata.normalize("NFD", "Nguyễn")
    runs = composed(Run(letter, bold=at % 2 == 0) for at, letter in enumerate(text))

    assert "".join(run.text for run in runs) == "Nguyễn"
    assert to_text(_read(_p(*map(_t, text)))) == "Nguyễn"


def test_invisible_characters_are_dropped() -> None:
    assert to_text(_read(_p(_t("Dân\u200b \u202evận\u00ad"), "<w:softHyphen/>"))) == "Dân vận"


def test_what_is_a_soft_hyphen_elsewhere_is_a_letter_in_a_tcvn3_font() -> None:
    """The fonts draw "ư" for it: "phường", "người", "đường"."""
    legacy = "C¸c ®ång chÝ ë ph\u00adêng lµ nh÷ng ng\u00adêi th¾p s¸ng con ®\u00adêng"
    whole, parts = _p(_t(legacy)), [_t(part) for part in legacy.split("\u00ad")]
    signs = [part for text in parts for part in (text, "<w:softHyphen/>")][:-1]

    assert to_text(_read(whole)) == legacy
    assert to_text(_read(_p(*signs))) == legacy
    assert to_text(read_work(legacy.encode("latin-1"), Kind.TXT)) == legacy


@pytest.mark.parametrize(
    "data",
    (
        "Hỡi đồng bào".encode(),
        "Hỡi đồng bào".encode("utf-8-sig"),
        unicodedata.normalize("NFD", "Hỡi đồng bào").encode(),
        "Hỡi đồng bào".encode("utf-16"),
        b"H\xf5\xdei \xf0\xf4\xccng b\xe0o",  # Windows-1258, as Windows' own Notepad saved it
    ),
)
def test_every_encoding_of_a_text_file_reads_the_same(data: bytes) -> None:
    assert decode(data) == "Hỡi đồng bào"


@pytest.mark.parametrize(
    ("data", "expected"),
    (
        ("B¶o Th¾ng lµ mét huyÖn vïng cao".encode("latin-1"), ("legacy_font",)),  # TCVN3
        ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam".encode("latin-1"), ("legacy_font",)),  # VNI
        ("Cộng hòa xã hội chủ nghĩa Việt Nam".encode(), ()),
        ("Le café où nous étions, le maïs".encode(), ()),
        (b"khong dau", ()),
    ),
)
def test_old_fonts_are_noticed_and_left_as_they_are(data: bytes, expected: tuple[str, ...]) -> None:
    assert read_work(data, Kind.TXT).findings == expected


def test_old_fonts_are_noticed_in_word_files() -> None:
    work = _read(_p('<w:rPr><w:rFonts w:ascii=".VnTime"/></w:rPr>' + _t("x")))

    assert work.findings == ("legacy_font",)
    assert is_legacy_font("") is False


def test_plain_text_makes_paragraphs_of_blank_lines_or_else_of_lines() -> None:
    assert [b.text for b in work_from_text("một\r\nhai\r\n\r\n ba ").blocks] == ["một\nhai", "ba"]
    assert [b.text for b in work_from_text("một\nhai").blocks] == ["một", "hai"]
    assert to_html(work_from_text("một\nhai\n\n<b>")) == "<p>một<br>hai</p><p>&lt;b&gt;</p>"


WORK = Work(
    (
        Block("heading", (Run("Chuyện ông Páo"),), 1),
        Block("image", image="k"),
        Block("table", rows=(((Block("paragraph", (Run("a"),)),), (Block("paragraph", (Run("ông Páo"),)),)),)),
        Block("paragraph", (Run("Hoàng ", bold=True), Run("Văn Páo đi."))),
    )
)


@pytest.mark.parametrize("word", ("ông Páo", "Hoàng Văn Páo", "Chuyện", "đi.", "a"))
def test_covered_places_are_those_of_the_plain_text(word: str) -> None:
    text = to_text(WORK)
    spans = [(at, at + len(word)) for at in range(len(text)) if text.startswith(word, at)]

    covered = to_text(cover(WORK, spans))

    assert spans
    assert covered == text.replace(word, "…")


def test_a_document_type_is_refused() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><w:document/>'

    with pytest.raises(Unreadable, match="broken"):
        read_work(with_parts(simple_docx(), {"word/document.xml": bomb}), Kind.DOCX)
    with pytest.raises(Unreadable, match="broken"):
        read_work(with_parts(simple_docx(), {"word/document.xml": bomb[21:].decode().encode("utf-16")}), Kind.DOCX)


@pytest.mark.parametrize("part", (b"", b"not xml", b"<a>", b"<a/>"))
def test_a_broken_body_is_refused(part: bytes) -> None:
    with pytest.raises(Unreadable, match="broken"):
        read_work(with_parts(simple_docx(), {"word/document.xml": part}), Kind.DOCX)


def test_only_texts_have_text() -> None:
    with pytest.raises(ValueError, match="no text"):
        read_work(photo(), Kind.JPEG)


def test_a_file_spoiled_anywhere_is_refused_or_read_but_never_breaks_the_reader() -> None:
    data = simple_docx("Dân vận khéo")
    for at in range(0, len(data), 97):
        spoiled = data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]
        try:
            to_html(read_work(spoiled, Kind.DOCX))
        except Unreadable as refused:
            assert refused.code in ("broken", "encrypted", "bomb")


@pytest.mark.parametrize("number", ("²", "9" * 5000, "99999999999", "-1"))
@pytest.mark.parametrize("place", ("start", "ilvl", "outlineLvl"))
def test_a_number_that_word_never_writes_counts_for_none(number: str, place: str) -> None:
    listed = (
        '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="{ilvl}"><w:start w:val="{start}"/>'
        '<w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl></w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
    )
    values = {"start": "1", "ilvl": "0", "outlineLvl": "0", place: number}
    numbering = f"<w:numbering {nsdecls('w')}>{listed.format(**values)}</w:numbering>"
    props = f'<w:pPr><w:numPr><w:ilvl w:val="{values["ilvl"]}"/><w:numId w:val="1"/></w:numPr>'
    props += f'<w:outlineLvl w:val="{values["outlineLvl"]}"/></w:pPr>'
    data = with_parts(body_docx(_p(_t("Một"), props=props)), {"word/numbering.xml": numbering.encode()})

    (block,) = read_work(data, Kind.DOCX).blocks

    assert (block.kind, block.level) == (("paragraph", 0) if place == "outlineLvl" else ("heading", 1))
    assert block.label == ("" if place == "ilvl" else "a)")
