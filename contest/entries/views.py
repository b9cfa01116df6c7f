"""Pages of the entries room: each part stands in a file of its own."""

from __future__ import annotations

from flask import Blueprint

from contest.contests.words import last_moment
from contest.entries import (
    codes_views,
    copy_views,
    draft_views,
    intake_views,
    jobs,
    own_views,
    receipt_views,
    reference_views,
    similar_jobs,
    similar_views,
    similar_words,
    step_views,
    typed_units_views,
    words,
)
from contest.entries.blueprint import bp
from contest.rules.phones import display

# Importing a part registers its pages, importing jobs its work.
PARTS = (
    own_views,
    step_views,
    draft_views,
    receipt_views,
    intake_views,
    copy_views,
    codes_views,
    typed_units_views,
    similar_views,
    reference_views,
    jobs,
    similar_jobs,
)

bp.add_app_template_filter(display, "phone")
bp.add_app_template_filter(last_moment, "last_moment")
bp.add_app_template_filter(own_views.after_deadline, "after_deadline")
bp.add_app_template_filter(own_views.mend_until, "mend_until")
bp.add_app_template_filter(words.closing_text, "closing_text")
bp.add_app_template_filter(words.paragraphs, "paragraphs")
bp.add_app_template_filter(words.state_badge, "entry_state")
bp.add_app_template_filter(words.channel_name, "entry_channel")
bp.add_app_template_filter(words.copy_error, "copy_error")
bp.add_app_template_filter(words.screening_state, "screening_state")
bp.add_app_template_filter(words.verdict_name, "verdict_name")
bp.add_app_template_filter(words.reason_name, "screening_reason")
bp.add_app_template_filter(similar_words.like_state, "like_state")
bp.add_app_template_filter(similar_words.reference_error, "reference_error")


def blueprints() -> list[Blueprint]:
    return [bp]
