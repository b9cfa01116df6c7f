"""Outgoing mail: an outbox table, sent by a job, so that nothing is promised before the commit."""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlalchemy import Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest import jobs
from contest.db import Base, Instant, db, utcnow


class Mail(Base):
    """One letter. Without a mail server it stays here, `sent_at` empty, and can be read by staff."""

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    to: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(Instant)
    sent_at: Mapped[datetime | None] = mapped_column(Instant)


def post(to: str, subject: str, text: str, *, now: datetime) -> Mail:
    """Put a letter in the outbox, in the caller's transaction."""
    subject = " ".join(subject.split())
    letter = Mail(to=to, subject=subject, text=text, message_id=make_msgid(domain="dan-van-kheo"), created_at=now)
    db.session.add(letter)
    db.session.flush()
    jobs.enqueue("mail.send", now=now, mail_id=letter.id)
    return letter


@jobs.job("mail.send")
def send(mail_id: int) -> None:
    """Hand one letter to the mail server. The message id stays the same if this runs twice."""
    letter = db.session.get_one(Mail, mail_id)
    url = current_app.config["MAIL_URL"]
    if letter.sent_at is not None or not url:
        return
    message = EmailMessage()
    message["From"], message["To"] = current_app.config["MAIL_FROM"], letter.to
    message["Subject"], message["Message-ID"] = letter.subject, letter.message_id
    message["Date"] = format_datetime(letter.created_at)
    message.set_content(letter.text)
    # A mail server may take half a minute to answer: others must be able to write meanwhile.
    db.session.rollback()
    _deliver(url, message)
    db.session.get_one(Mail, mail_id).sent_at = utcnow()


def _deliver(url: str, message: EmailMessage) -> None:
    parts = urlsplit(url)
    host, port = parts.hostname or "localhost", parts.port
    server: smtplib.SMTP
    if parts.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port or 465, timeout=30, context=ssl.create_default_context())
    else:
        server = smtplib.SMTP(host, port or 25, timeout=30)
    with server:
        if parts.scheme == "smtp+starttls":
            server.starttls(context=ssl.create_default_context())
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
