"""What `fieldapp restore` says afterwards: what is gone, who has access no longer, and what to look at."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from fieldapp.services.operations.restoring import PHONES_HOLD, Lost, Reapplied


def lines(lost: Lost, reapplied: Reapplied, kept: Path | None) -> Iterator[str]:
    """One finding a line. `kept`: where what was replaced lies, None when the database was empty."""
    if kept is None:
        yield (
            "Databasen var tom: det er ikke kjent hvem som hadde mistet tilgangen etter sikkerhetskopien. "
            "Gå gjennom «fieldapp staff list»."
        )
        return
    yield from _of_entries(lost, kept)
    if reapplied.ended:
        yield f"Hadde mistet tilgangen etter sikkerhetskopien, og har den ikke nå heller: {_all(reapplied.ended)}."
    if reapplied.left_a_team:
        yield f"Var gått ut av et team etter sikkerhetskopien, og er ute nå også: {_all(reapplied.left_a_team)}."
    if reapplied.new_passwords:
        yield f"Passord eller kode ny etter sikkerhetskopien: {reapplied.new_passwords}. Det nye gjelder."
    if reapplied.unknown_staff:
        yield f"Lagt til etter sikkerhetskopien, må legges til igjen: {_all(reapplied.unknown_staff)}."
    if reapplied.unknown_teams:
        yield f"Team laget etter sikkerhetskopien, må lages igjen: {_all(reapplied.unknown_teams)}."


def _of_entries(lost: Lost, kept: Path) -> Iterator[str]:
    if not lost.entries:
        yield "Ingen oppføringer var kommet etter sikkerhetskopien."
        return
    yield f"Kommet etter sikkerhetskopien, og borte herfra: {lost.entries} oppføringer."
    if lost.phones_may_hold:
        yield (
            f"  {lost.phones_may_hold} kom fra telefoner de siste {PHONES_HOLD.days} døgnene. "
            "Har telefonene dem fortsatt, sender de dem igjen."
        )
    if gone := lost.entries - lost.phones_may_hold:
        yield f"  {gone} har ingen telefon (ført på kontoret, eller for lenge siden). De finnes bare i {kept}."


def _all(names: Sequence[str]) -> str:
    return ", ".join(names)
