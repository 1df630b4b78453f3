"""The words for the team's board and its settings, list by list; and what these entries are called."""

from fieldapp.texts.catalogues import N_

BOARD = {
    "board_reason": {
        "crisis": N_("Krise eller forverring"),
        "new": N_("Ny"),
        "newly_out": N_("Nettopp utskrevet, løslatt eller ferdig avruset"),
        "admitted": N_("Innlagt"),
        "prison": N_("Fengsel"),
        "hard_to_reach": N_("Vanskelig å nå"),
        "medication": N_("Medisin eller depot uteblitt eller endret"),
        "lar": N_("LAR ikke hentet"),
        "community_treatment": N_("Tvunget psykisk helsevern uten døgnopphold"),
        "overdose": N_("Overdose siste 30 dager"),
        "suicide_risk": N_("Selvmordsfare"),
        "somatic": N_("Somatisk syk"),
        "pregnancy_children": N_("Graviditet eller barn"),
        "housing_at_risk": N_("Bolig i fare"),
        "life_event": N_("Livshendelse"),
        "violence": N_("Voldsutsatt"),
        "other": N_("Annet"),
    },
    "board_column": {
        "crisis": N_("Krise eller forverring"),
        "tight": N_("Tett i en periode"),
        "new": N_("Nye"),
        "hard_to_reach": N_("Vanskelig å nå"),
        "away": N_("Innlagt, fengsel eller nettopp ute"),
        "other": N_("Annet"),
    },
    "setting_key": {
        "duty_phone": N_("Vakttelefonen"),
        "aat_phone": N_("AAT (ambulant akutteam)"),
        "review_days": N_("Dager til ny vurdering på tavla"),
        "places": N_("Steder på gata"),
    },
}

BOARD_TYPES = {
    "board_placed": N_("Satt på tavla"),
    "board_removed": N_("Tatt ned fra tavla"),
    "board_columns_set": N_("Kolonnene på tavla satt"),
    "team_setting_set": N_("Innstilling for teamet"),
    "drill_started": N_("Øvelse startet"),
}
