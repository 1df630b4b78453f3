"""What people say and what staff write, by topic: plain, warm, never a diagnosis, a guess or a joke about anyone."""

SAID = {
    "economy": (
        "Jeg har ikke åpnet posten på en stund. Kan vi ta den sammen?",
        "Husleia er betalt denne måneden, det føles godt.",
        "Pengene varer ikke helt fram. Det blir trangt fra den tjuende.",
        "Jeg skjønner ikke brevet fra NAV.",
        "Det hjelper at husleia går av seg selv.",
    ),
    "home": (
        "Jeg liker meg her. Det er stille.",
        "Det er rotete, men jeg har begynt.",
        "Det ringer på om natta av folk jeg ikke vil ha inn.",
        "Jeg har hengt opp gardiner. Nå ser det ut som et hjem.",
        "Vasken er tett igjen.",
        "Kunne du bli mens vaktmesteren er her?",
    ),
    "health": (
        "Jeg sover litt bedre nå.",
        "Jeg vil gjerne til fastlegen, men ikke alene.",
        "Det går opp og ned, men mest opp.",
    ),
    "dental_wounds": (
        "Tanna er borte. For en lettelse.",
        "Såret gror, se her.",
        "Jeg gruer meg til tannlegen, men jeg går.",
    ),
    "medication": (
        "Jeg tok dem mens du så på, ikke sant?",
        "Jeg vil snakke med legen om det før jeg tar flere.",
        "Det er enklere når dere kommer innom med dem.",
    ),
    "lar": (
        "Jeg rakk apoteket i dag.",
        "Kan jeg få hente et annet sted? Der jeg henter nå, står alle jeg vil unngå.",
        "Hentingen går greit, men det er langt å gå.",
    ),
    "food": (
        "Jeg laget middag i går. Ordentlig middag.",
        "Kjøleskapet er ganske tomt.",
        "Takk for suppa. Den varte i to dager.",
        "Jeg får bedre matlyst når vi spiser sammen.",
    ),
    "children_family": (
        "Jeg skal treffe datteren min på lørdag.",
        "Mor ringte. Det var fint.",
        "Jeg savner ungene mest på søndager.",
        "Broren min kommer innom med en stol.",
    ),
    "animals": (
        "Katta har fått navn nå. Hun heter Pusling.",
        "Hunden får meg opp om morgenen.",
        "Hvem passer bikkja hvis jeg må inn?",
    ),
    "substance_use": (
        "Det har vært mye i helga. Jeg vil ned igjen.",
        "Sju dager i dag.",
        "Jeg vil heller snakke om noe annet i dag.",
        "Jeg har nalokson i jakka nå.",
        "Det er lettest når jeg ikke er alene.",
    ),
    "network": (
        "Jeg traff en gammel kamerat på varmestua.",
        "Det er bare dere og søsteren min som ringer.",
        "Jeg orker ikke besøk akkurat nå.",
    ),
    "activity_work": (
        "Det var godt å ha noe å stå opp til.",
        "Jeg fikk skryt på verkstedet.",
        "Turgruppa var bra. Jeg ble med helt fram.",
        "Jeg kunne tenke meg å jobbe litt, bare ikke hver dag.",
    ),
    "practical_help": (
        "Takk for at du ble med og bar.",
        "Vaskemaskina går! Endelig.",
        "Jeg fikk det til selv denne gangen.",
    ),
    "accompaniment": (
        "Det var bra du satt der. Da turte jeg å spørre.",
        "NAV var greit i dag, de hørte på meg.",
        "Jeg vil at du er med inn neste gang også.",
    ),
    "conversation": (
        "Det går greit i dag.",
        "Fint at du kom. Jeg hadde nesten gitt opp dagen.",
        "Jeg vil helst være i fred, men kom igjen torsdag.",
        "Litt bedre enn sist.",
        "Det er godt å bli spurt.",
        "Kaffe først, så kan vi snakke.",
    ),
    "plan": (
        "Skriv at jeg vil ringes før dere kommer.",
        "Når det blir for mye, vil jeg at dere sitter stille sammen med meg.",
        "Jeg vil at planen skal få plass på én side.",
    ),
}
SAID_ON_A_BAD_DAY = (
    "I dag er en sånn dag. Det går over.",
    "Jeg har ikke sovet stort siden søndag.",
    "Det er tungt nå, men jeg sier fra hvis det blir for mye.",
    "Jeg orker ikke så mye. Fint at du kom likevel.",
    "Kan du komme igjen i morgen også?",
    "Alt stopper opp når posten kommer.",
)
NOTES_ON_A_BAD_DAY = (
    "Lå mest under pleddet. Drakk te og satt sammen en stund.",
    "Mindre mat og mindre søvn enn sist. Ny tid i morgen.",
    "Ble enige om at vi ringer i kveld.",
    "Ville ikke snakke så mye, men ville ikke at vi gikk heller.",
)
NOTES = {
    "economy": (
        "Åpnet post sammen. To purringer og en søknad som skal inn før den femtende.",
        "Gikk gjennom budsjettet. Strøm og husleie er dekket.",
        "Ringte NAV sammen på høyttaler. Utbetaling kommer fredag.",
        "Fylte ut søknad om bostøtte.",
    ),
    "home": (
        "Ryddet kjøkkenet sammen, 40 minutter. God stemning.",
        "Leiligheten er varm og ryddig. Røykvarsleren er testet.",
        "Meldte fra til vaktmester om tett sluk.",
        "Pose med pant båret ned. Avtalte å ta balkongen neste gang.",
    ),
    "health": (
        "Har time hos fastlegen tirsdag. Ønsker følge.",
        "Målte blodtrykk etter eget ønske. Fint.",
        "Snakket om søvn. Prøver å stå opp til samme tid.",
    ),
    "dental_wounds": ("Skiftet bandasje. Ser rent ut.", "Bestilte tannlege og noterte timen på kjøleskapet."),
    "medication": ("Leverte ukedosett.", "Ville vente med tablettene. Teamets sykepleier er orientert."),
    "lar": ("Fulgte til utlevering.", "Snakket om fast hentested. Tas opp i ansvarsgruppa."),
    "food": ("Handlet sammen. Egen handleliste, holdt budsjettet.", "Laget fiskesuppe. Spiste sammen."),
    "children_family": ("Avtalt samvær lørdag 12–16. Noen er med.", "Snakket om hva ungene bør få vite, og når."),
    "animals": ("Gikk tur med hunden mens vi snakket.", "Fôr til katta skaffet ut måneden."),
    "substance_use": (
        "Delte ut nalokson og gikk gjennom bruken én gang til.",
        "Snakket om helga uten å dømme. Vil trappe ned.",
        "Byttet kanyleboks.",
    ),
    "network": ("Vil gjerne treffe flere. Ble med på kafé.", "Ønsker ikke at søsken ringes nå. Notert på kortet."),
    "activity_work": ("Var på verkstedet to av tre dager. Bra uke.", "Meldt på turgruppa tirsdag."),
    "practical_help": ("Monterte hylle sammen.", "Fikk i gang vaskemaskinen. To vasker."),
    "accompaniment": ("Fulgte til NAV. Ny samtale om tre uker.", "Fulgte til fastlege. Ønsker følge neste gang også."),
    "conversation": (
        "Lang prat på trappa.",
        "Rolig og grei samtale. Ville ikke ha oss inn i dag.",
        "Kort innom, ville hvile.",
        "Gikk en tur rundt kvartalet.",
    ),
    "plan": ("Leste gjennom kriseplanen og strøk to punkter.", "Skrev om «gul»-delen med egne ord."),
}
AGREED = (
    "Jeg tar med meg brevene neste gang.",
    "Vi ringer en halvtime før vi kommer.",
    "Samme tid neste uke.",
    "Vi prøver varmestua sammen på torsdag.",
    "Jeg sender SMS i stedet for å ringe på.",
    "Vi tar ikke opp økonomi neste gang, bare kaffe.",
    "Ringer fastlegen i morgen før ti.",
)
BOMTUR = (
    "Ringte på to ganger, la igjen lapp.",
    "Lys i vinduet, ingen svar.",
    "Ikke hjemme. Naboen hilste.",
    "Ringte fra trappa, telefonen er av.",
    "La lapp i postkassa med ny tid.",
)
HEARD = ("Svarte gjennom døra. Ville sove.", "Ropte «alt bra» fra stua.", "Hørte musikk og fikk svar gjennom døra.")
DECLINED = ("Takk, men ikke i dag.", "Ikke nå. Kom heller i morgen.", "Jeg vil være i fred i dag.")
CALLS = (
    "Avtalte ny tid torsdag.",
    "Ville bare høre en stemme.",
    "Sa at det går greit.",
    "Minnet om timen i morgen.",
    "Snakket i ti minutter om helga.",
)
CALLS_WITH_OTHERS = {
    "nav": "Avklarte utbetaling. Saksbehandler ringer tilbake.",
    "gp": "Fastlegen setter opp time. Beskjed gitt.",
    "landlord": "Avtalt tid for vaktmester. Ikke sagt noe annet.",
    "next_of_kin": "Søsteren spør hvordan det går. Fortalte bare det som er avtalt.",
    "specialist": "DPS bekrefter time neste uke.",
}
HOUSE = (
    "Drakk kaffe på fellesrommet.",
    "Satt ute på benken en stund.",
    "Var med og laget middag.",
    "Kort hilsen i gangen. Sa at alt er greit.",
    "Så på nyhetene sammen.",
    "Hjalp til med klesvask.",
)
STREET = (
    "Frøs. Fikk sokker og kaffe.",
    "Ville vite når varmestua åpner.",
    "Kort prat, hyggelig.",
    "Spurte etter en seng for natta.",
    "Delte ut brukerutstyr.",
)
