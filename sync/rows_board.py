"""Rows of sync/entry_types.py: the team's board, its settings, and a drill of its alerts."""

from functools import partial

from sync.bodies_board import BoardColumnsSet, BoardPlaced, BoardRemoved, DrillStarted, TeamSettingSet
from sync.entry_type import LEADER, NOT_PEERS, EntryType

_ON_BOARD = partial(
    EntryType, roles=NOT_PEERS, read_by=NOT_PEERS, moves=False, checks=("board_team",), refreshes=("board",)
)
"""Who is up and why, for those who share the list of everybody: a peer is never loaded with it."""
_OF_TEAM = partial(
    EntryType,
    about="team",
    points_at="led_team",
    roles=LEADER,
    checks=("leads_team",),
    steering="always",
    moves=False,
)
"""What a leader decides for a team."""

BOARD_ROWS: dict[str, EntryType] = {
    "board_placed": _ON_BOARD(body=BoardPlaced, line=("reasons", "goal", "down_when")),
    "board_removed": _ON_BOARD(body=BoardRemoved, line=("reason",)),
    "board_columns_set": _OF_TEAM(body=BoardColumnsSet, refreshes=("board_columns",)),
    "team_setting_set": _OF_TEAM(
        body=TeamSettingSet, outcome=("setting_key", "key"), refreshes=("team_settings",), line=("value", "reason")
    ),
    "drill_started": _OF_TEAM(body=DrillStarted, settles=("drill",), timeline="none"),
}
