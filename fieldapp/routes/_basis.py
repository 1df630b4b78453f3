"""What a form says about the right to share: a consent, a law, a danger, or the same service."""

from typing import Any

from fieldapp.routes._office import Form
from fieldapp.texts import N_, gettext
from sync.codes import ShareBasis


def basis_in(form: Form) -> dict[str, Any]:
    """The fields of the body; what is missing is named in the form."""
    basis = form.text("basis", required=True)
    if basis not in list(ShareBasis):
        return {}
    if basis == ShareBasis.consent:
        agreement_id = form.uuid("agreement_id")
        if agreement_id is None:
            form.errors["agreement_id"] = gettext(N_("Velg samtykket. Er det ikke ført, fører dere det først."))
        return {"basis": basis, "agreement_id": str(agreement_id)}
    needs_words = basis != ShareBasis.same_service
    words = form.text("basis_words")
    if needs_words and words is None:
        form.errors["basis_words"] = gettext(N_("Skriv hvilken lov eller hvilken fare."))
    return {"basis": basis, "basis_words": words} if words and needs_words else {"basis": basis}
