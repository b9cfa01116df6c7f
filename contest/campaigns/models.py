"""A year of the movement: what it is about and what it rests on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from contest.db import Base, Instant
from contest.rules.permissions import Scope
from contest.units.models import Unit


class Campaign(Base):
    """One year's "Dân vận khéo" campaign of one organiser."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    year: Mapped[int] = mapped_column(Integer, index=True)
    period: Mapped[str] = mapped_column(String(80), default="")  # "giai đoạn 2021 - 2025"
    theme: Mapped[str] = mapped_column(Text, default="")
    organiser_id: Mapped[int] = mapped_column(ForeignKey("units.id"))
    # The issuer as documents name it; a steering committee is not always a unit of its own.
    superior_name: Mapped[str] = mapped_column(String(200), default="")
    issuer_name: Mapped[str] = mapped_column(String(200), default="")
    place_name: Mapped[str] = mapped_column(String(80), default="")
    is_public: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[datetime] = mapped_column(Instant)

    organiser: Mapped[Unit] = relationship(lazy="joined", innerjoin=True)
    focuses: Mapped[list[CampaignFocus]] = relationship(order_by="CampaignFocus.position", cascade="all, delete-orphan")
    fields_of_work: Mapped[list[FieldOfWork]] = relationship(
        order_by="FieldOfWork.position", cascade="all, delete-orphan"
    )
    documents: Mapped[list[SourceDocument]] = relationship(
        order_by="SourceDocument.position", cascade="all, delete-orphan"
    )
    anniversaries: Mapped[list[Anniversary]] = relationship(
        order_by="Anniversary.position", cascade="all, delete-orphan"
    )

    @property
    def scope(self) -> Scope:
        return Scope(campaign_id=self.id)


class CampaignFocus(Base):
    """One of the year's main contents (trọng tâm)."""

    __tablename__ = "campaign_focuses"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    text: Mapped[str] = mapped_column(Text)


class FieldOfWork(Base):
    """Lĩnh vực: the year's own list, since every source document has another (R17–R21)."""

    __tablename__ = "fields_of_work"
    __table_args__ = (UniqueConstraint("campaign_id", "key"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    key: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))


class SourceDocument(Base):
    """A document the campaign rests on (R30): number, issuer, day, what it is about."""

    __tablename__ = "source_documents"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    number: Mapped[str] = mapped_column(String(80))
    issuer: Mapped[str] = mapped_column(String(200), default="")
    issued_on: Mapped[date | None] = mapped_column(Date)
    title: Mapped[str] = mapped_column(Text, default="")


class Anniversary(Base):
    """A day that comes round each year; which time it is follows from the year (R43)."""

    __tablename__ = "anniversaries"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    campaign_id: Mapped[int] = mapped_column(ForeignKey("campaigns.id"), index=True)
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str] = mapped_column(String(300))
    origin: Mapped[date] = mapped_column(Date)
