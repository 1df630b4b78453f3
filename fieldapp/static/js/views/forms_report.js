/**
 * The form that logs a judged duty to report, with a guide to each: what the law asks, whom it binds, where it is reported.
 * Sett shows and logs, and sends nothing. A row of the table in forms.js.
 */

const GUIDES = {
  child:
    "Har du grunn til å tro at et barn blir mishandlet eller utsatt for alvorlig omsorgssvikt, skal du melde uten ugrunnet opphold, også det du har taushetsplikt om. Plikten er din egen. Den gjelder alle som arbeider for kommunen (barnevernsloven § 13-2) og alt helsepersonell (hpl § 33). Meld til barnevernstjenesten, utenom kontortid til barnevernsvakta. Haster det: ring 112.",
  pregnancy:
    "Har du grunn til å tro at en gravid bruker rusmidler slik at barnet overveiende sannsynlig blir født med skade, skal helsepersonell melde, også det de har taushetsplikt om (hpl § 32, hol § 10-3). Meld til kommunens helse- og omsorgstjeneste. Er du ikke helsepersonell, snakk med leder.",
  avert_crime:
    "Alle skal avverge visse alvorlige lovbrudd, uansett taushetsplikt, når det er sikkert eller mest sannsynlig at de skjer og de ennå kan hindres: drap, grov kroppsskade, mishandling i nære relasjoner, voldtekt, overgrep mot barn, menneskehandel, tvangsekteskap (straffeloven § 196). Å la være kan straffes. Ring 112, eller hindre det på annen måte.",
  emergency:
    "Ring først: 113, 112 eller 110. Alle skal hjelpe den som er i åpenbar fare for å miste livet eller få stor skade på kropp eller helse (straffeloven § 287). Helsepersonell skal gi øyeblikkelig hjelp (hpl § 7), og varsle politi og brannvesen når det trengs for å hindre alvorlig skade på person eller eiendom (hpl § 31).",
  animal:
    "Dette er en rett, ikke en plikt. Har helsepersonell grunn til å tro at dyr blir mishandlet eller lider av alvorlig mangel på tilsyn og stell, kan de si fra uten hinder av taushetsplikten (hpl § 34 b). Si fra til Mattilsynet eller politiet.",
  serious_event:
    "Si fra til leder med en gang: det er virksomheten som varsler. Døde noen eller ble alvorlig skadet, uventet ut fra påregnelig risiko, skal statsforvalteren og Ukom varsles så snart som mulig og innen 5 virkedager, lørdag regnet med. En redegjørelse sendes innen 3 måneder (hol § 12-3 a). Personen eller de nærmeste får tilbud om et møte innen 10 dager (pbrl § 3-2).",
};

export const REPORT_FORMS = [
  {
    type: "duty_to_report_noted",
    title: "Meldeplikt vurdert",
    icon: "bang",
    who: "client",
    hint: "Sett sender ingenting. Meldingen går i tjenestens egen kanal, og teksten i den skal ikke stå her. Sett viser og logger, jurist avgjør.",
    save: "Lagre vurderingen",
    saved: "vurderingen er ført, og ingenting er sendt fra Sett",
    fields: [
      { name: "kind", kind: "one", list: "report_kind", label: "Hva gjelder det?", required: true, says: GUIDES },
      { name: "decided", kind: "one", list: "report_decision", label: "Er det meldt?", required: true },
      {
        name: "reason",
        kind: "text",
        label: "Hvorfor, eller hvorfor ikke?",
        hint: "det du så og hørte, og hvem du har drøftet det med",
        required: true,
      },
    ],
    moreLabel: "notat",
    more: [{ name: "note", kind: "text", label: "Notat" }],
  },
];
