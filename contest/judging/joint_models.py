"""What each member of a panel says of the sheet that the panel agreed on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from contest.db import Base, Instant, append_only


class JointConsent(Base):
    """One member's word on one version of a joint sheet; the newest counts, a new version asks again.

    stance: agreed | differs (the sheet stands, the other opinion goes into the minutes) | signed (on paper) | away.
    by_id: who entered it; of agreed and differs the member, of signed and away the head judge or a tally secretary.
    """

    __tablename__ = "joint_consents"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    assignment_id: Mapped[int] = mapped_column(ForeignKey("assignments.id"), index=True)
    panel_member_id: Mapped[int] = mapped_column(ForeignKey("panel_members.id"))
    version_uuid: Mapped[str] = mapped_column(String(36))
    stance: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
    by_id: Mapped[int] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime] = mapped_column(Instant)


append_only(JointConsent.__table__)
