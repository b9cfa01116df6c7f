"""Files as people send them, made on the spot; AUTHOR and other secrets stand wherever one can hold them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import typst
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from PIL import Image
from PIL.TiffImagePlugin import IFDRational

AUTHOR = "Lý Thị Sạch"
COMPANY = "Trạm Khuyến nông Nà Hẩu"
SECRETS = (AUTHOR, COMPANY, "Ma Doãn Khả", "ma-doan-kha", "C:\\Users\\lysach", "lysach@example.vn")
WORK = "Dòng sông Gâm chảy qua bản nhỏ."

W_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def photo(size: tuple[int, int] = (640, 480), *, orientation: int = 6) -> bytes:
    """A phone's JPEG lying on its side, red at its upper left as stored, with the place and the owner in its EXIF."""
    picture = Image.new("RGB", size, "white")
    picture.paste((200, 20, 20), (0, 0, size[0] // 4, size[1] // 4))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x013B] = AUTHOR
    exif[0x8298] = COMPANY
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (IFDRational(22), IFDRational(20), IFDRational(11))
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, comment=AUTHOR.encode())
    return out.getvalue()


def docx_bytes(document: Document) -> bytes:  # type: ignore[valid-type]
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def simple_docx(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs or (WORK,):
        document.add_paragraph(text)
    return docx_bytes(document)


def body_docx(xml: str) -> bytes:
    """A .docx whose body begins with the given WordprocessingML."""
    document = Document()
    holder = parse_xml(f"<w:body {nsdecls('w', 'a', 'r', 'wp', 'pic')} {VML}>{xml}</w:body>")
    for at, child in enumerate(list(holder)):
        document.element.body.insert(at, child)
    return docx_bytes(document)


VML = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
CHANGES = f"""
<w:p><w:r><w:t xml:space="preserve">Bản có </w:t></w:r>
<w:del w:id="1" w:author="{AUTHOR}" w:date="2024-08-01T00:00:00Z"><w:r><w:delText>mười</w:delText></w:r></w:del>
<w:ins w:id="2" w:author="{AUTHOR}" w:date="2024-08-01T00:00:00Z"><w:r><w:t>mười hai</w:t></w:r></w:ins>
<w:r><w:rPr><w:b/><w:rPrChange w:id="3" w:author="{AUTHOR}"><w:rPr/></w:rPrChange></w:rPr>
<w:t xml:space="preserve"> nóc nhà</w:t></w:r></w:p>
<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> AUTHOR </w:instrText></w:r>
<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{AUTHOR}</w:t></w:r>
<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>Hết.</w:t></w:r></w:p>
<w:sdt><w:sdtPr><w:alias w:val="{AUTHOR}"/>
<w:dataBinding w:xpath="/ns1:coreProperties[1]/ns0:creator[1]" w:storeItemID="x"/>
</w:sdtPr><w:sdtContent><w:p><w:r><w:t>{AUTHOR}</w:t></w:r></w:p></w:sdtContent></w:sdt>
<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>Ma Doãn Khả ẩn</w:t></w:r></w:p>"""


def planted_docx() -> bytes:
    """A work with the author in every corner Word has, and in none of its visible text."""
    document = Document()
    props = document.core_properties
    props.author = props.last_modified_by = AUTHOR
    props.comments, props.keywords, props.category = f"của {AUTHOR}", COMPANY, COMPANY
    document.add_heading("Chuyện ở bản", 1)
    paragraph = document.add_paragraph(WORK)
    document.add_comment(paragraph.runs, text=f"{AUTHOR} nhận xét", author=AUTHOR, initials="LTS")
    document.add_picture(io.BytesIO(photo()))
    drawing = document.element.body.findall(".//" + qn("wp:docPr"))[0]
    drawing.set("descr", "C:\\Users\\lysach\\anh.jpg")
    drawing.set("name", "ma-doan-kha.jpg")
    document.sections[0].header.paragraphs[0].text = f"Tác giả: {AUTHOR} - {COMPANY}"
    style = document.styles.add_style(f"Kiểu của {AUTHOR}", 1)
    document.add_paragraph("Kiểu riêng", style=style)
    link = document.part.relate_to("mailto:lysach@example.vn", f"{_OFFICE}/hyperlink", is_external=True)
    paragraph = document.add_paragraph()
    hyperlink = OxmlElement("w:hyperlink")
    hyperlink.set(qn("r:id"), link)
    paragraph._p.append(hyperlink)
    hyperlink.append(parse_xml(f"<w:r {W_NS}><w:t>liên hệ</w:t></w:r>"))
    holder = parse_xml(f"<w:body {nsdecls('w')}>{CHANGES}</w:body>")
    for child in list(holder):
        document.element.body.insert(2, child)
    return with_parts(docx_bytes(document), _HIDDEN_PARTS)


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    f"<Manager>{AUTHOR}</Manager><Company>{COMPANY}</Company></Properties>"
)
_HIDDEN_PARTS: dict[str, bytes] = {
    "docProps/app.xml": _APP.encode(),
    "docProps/custom.xml": f"<Properties><property>{AUTHOR}</property></Properties>".encode(),
    "docProps/thumbnail.jpeg": photo((64, 48)),
    "customXml/item1.xml": f"<b>{AUTHOR}</b>".encode(),
}


def with_parts(data: bytes, parts: dict[str, bytes], change: Callable[[str, bytes], bytes] | None = None) -> bytes:
    """The zip with parts put in or replaced, and the others changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, change(name, old.read(name)) if change else old.read(name))
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


def everything_in(data: bytes) -> bytes:
    """All bytes of a file, and of every part of it when it is a zip."""
    if not data.startswith(b"PK"):
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = " ".join(archive.namelist()).encode()
        return data + names + b"".join(everything_in(archive.read(name)) for name in archive.namelist())


def pdf(pages: int = 1, *, text: str = WORK) -> bytes:
    """A PDF with the author in its properties."""
    body = "#pagebreak()\n".join(f"#sys.inputs.text Trang {n}\n" for n in range(1, pages + 1))
    source = f'#set document(author: "{AUTHOR}", title: "{AUTHOR}")\n{body}'
    return bytes(typst.compile(source.encode(), format="pdf", sys_inputs={"text": text}, ignore_system_fonts=True))
