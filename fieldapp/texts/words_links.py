"""The words for what ties entries, clients and files together."""

from fieldapp.texts.catalogues import N_

LINKS = {
    "file_kind": {
        "letter": N_("Bilde av brev"),
        "damage": N_("Bilde av skade"),
        "other": N_("Bilde"),
    },
}

LINK_TYPES = {
    "subject_client_set": N_("Hvem det gjaldt"),
    "file_attached": N_("Bilde"),
    "journal_noted": N_("Kopiert til journalen"),
}
