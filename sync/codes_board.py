"""The code lists of the team's board and of its settings, beside sync/codes.py, which takes them in."""

from enum import StrEnum

BoardReason = StrEnum(
    "BoardReason",
    "crisis new newly_out admitted prison hard_to_reach medication lar community_treatment overdose suicide_risk "
    "somatic pregnancy_children housing_at_risk life_event violence other",
)
# The columns of a team that has chosen none of its own.
BoardColumn = StrEnum("BoardColumn", "crisis tight new hard_to_reach away other")
# What a leader sets for a team; each is read by something.
SettingKey = StrEnum("SettingKey", "duty_phone aat_phone review_days places")

BOARD_LISTS: dict[str, type[StrEnum]] = {
    "board_reason": BoardReason,
    "board_column": BoardColumn,
    "setting_key": SettingKey,
}
