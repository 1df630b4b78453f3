"""The words for checks on people and for coming home, list by list."""

from fieldapp.texts.catalogues import N_

CHECKS = {
    "check_step": {
        "rang": N_("Ringte på"),
        "phoned": N_("Ringte telefonen"),
        "asked_base": N_("Spurte basen"),
        "asked_contact": N_("Ringte dem brukeren har sagt vi kan ringe"),
        "asked_partner": N_("Spurte samarbeidspartner"),
        "colleague_there": N_("To sammen"),
        "called_out": N_("Ropte inn"),
        "waited": N_("Ventet ved døra"),
        "left_note": N_("La igjen lapp"),
    },
    "check_in": {
        "ok": N_("Meldte selv: har det bra"),
        "ring_me": N_("Ber om å bli ringt"),
    },
    "step_watch": {
        "on": N_("Tilsynet går"),
        "off": N_("Tilsynet står"),
    },
    "discharge_check": {
        "meeting": N_("Utskrivingsmøte holdt"),
        "date": N_("Dato er avtalt"),
        "home": N_("Boligen er klar"),
        "followup": N_("Første kontakt er avtalt"),
        "account": N_("Penger og ytelser er i orden"),
        "medicine": N_("Medisiner er klare"),
    },
    "home_to_go_to": {
        "yes": N_("Har en bolig å komme hjem til"),
        "no": N_("Har ingen bolig å komme hjem til"),
        "unsure": N_("Usikkert om det er en bolig å komme hjem til"),
    },
    "after_death": {
        "called": N_("113 og 112 er ringt"),
        "doctor": N_("Lege eller ambulanse har vært der"),
        "team_told": N_("Teamet har fått vite det, muntlig"),
        "next_of_kin": N_("Pårørende får vite det av politi, lege eller prest, ikke av oss"),
        "landlord": N_("Huseier får bare vite at leieforholdet er over"),
        "pets": N_("Dyr har noen som ser etter dem"),
        "keys": N_("Nøkler er levert, og post tatt hånd om"),
        "debrief": N_("De som var der, har fått samtale etterpå"),
        "serious_event": N_("Alvorlig hendelse? Meldeplikt vurdert"),
    },
    "missing_for_home": {
        "no_home": N_("Ingen bolig å komme hjem til."),
        "home_unsure": N_("Usikkert om det er en bolig å komme hjem til."),
        "no_visit": N_("Ingen besøk er planlagt det første døgnet hjemme."),
    },
}

CHECK_TYPES = {
    "client_checked_in": N_("Melding fra brukeren selv"),
    "absence_step_set": N_("Steg hjem"),
    "discharge_planned": N_("Utskriving planlagt"),
    "check_step_logged": N_("Steg i sjekken"),
}
