"""Forms about texts that are alike."""

from __future__ import annotations

from typing import Any

from wtforms import HiddenField, MultipleFileField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from contest.entries.similar_words import PURPOSES
from contest.web.forms import Form
from contest.web.language import _, lazy


class LikeForm(Form):
    """What somebody makes of a pair. seen: id of the last decision that was looked at."""

    verdict = RadioField(lazy("Kết luận về hai bài"), validators=[InputRequired()])
    reason = TextAreaField(lazy("Lý do"), validators=[DataRequired(), Length(min=5, max=2000)])
    seen = HiddenField()

    def __init__(self, *args: Any, state: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verdict.choices = [
            SelectChoice("cleared", _("Không phải sao chép")),
            SelectChoice("ask", _("Cần hỏi tác giả")),
            SelectChoice("exclude", _("Đề nghị loại")),
        ]
        if state != "open":
            self.verdict.choices.append(SelectChoice("open", _("Mở lại, chưa kết luận")))


class ReferencesForm(Form):
    """Texts to compare entries with, or that all may quote from."""

    files = MultipleFileField(lazy("Các tệp, hoặc một thư mục nén .zip"))
    source = StringField(lazy("Lấy ở đâu"), validators=[Length(max=300)])
    purpose = RadioField(lazy("Dùng để"), default="compare", validators=[InputRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.purpose.choices = [SelectChoice(key, str(text)) for key, text in PURPOSES.items()]
