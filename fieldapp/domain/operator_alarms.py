"""The alarms that only an operator can end: the one table of their codes, each with what to do about it.

Whoever raises an alarm takes it from here, and `fieldapp doctor` says its advice: there is none without.
"""

from enum import Enum


class Alarm(Enum):
    """A code as it stands in the database and the logs, and the advice of `fieldapp doctor`."""

    PUSH_REFUSED = (
        "push_refused",
        "push-tjenesten avviser nøkkelen vår: se etter FIELDAPP_VAPID_SUBJECT, klokka og «fieldapp keys»",
    )
    EMAIL_REFUSED = "email_refused", "e-posttjeneren avviser oss: se etter FIELDAPP_SMTP_URL og avsenderen"
    WEBHOOK_REFUSED = (
        "webhook_refused",
        "SMS-tjenesten avviser oss: se etter FIELDAPP_WEBHOOK_URL og nøkkelen fra «fieldapp keys»",
    )
    PUSH_TOO_LARGE = (
        "push_too_large",
        "push-tjenesten tar ikke imot selv den korteste meldingen: meld det til den som lager Sett",
    )
    EMAIL_TOO_LARGE = (
        "email_too_large",
        "e-posttjeneren tar ikke imot selv den korteste meldingen: se etter grensen hos den som drifter den",
    )
    WEBHOOK_TOO_LARGE = (
        "webhook_too_large",
        "SMS-tjenesten tar ikke imot selv den korteste meldingen: se etter grensen hos den som drifter den",
    )
    ADDRESS_REFUSED = (
        "address_refused",
        "en ansatt har en e-postadresse som ikke finnes: be den det gjelder rette den under Min konto",
    )
    SENDING_CRASHED = (
        "sending_crashed",
        "en sending stanset hos oss selv og prøves igjen: se loggen etter «channel_crashed»",
    )
    CLIENT_ASIDE = (
        "client_aside",
        "varselet om en bruker lot seg ikke åpne og prøves igjen: se loggen, og kjør «fieldapp verify»",
    )
    ALERT_ASIDE = (
        "alert_aside",
        "et varsel lot seg ikke trappe opp og prøves igjen: se loggen, og kjør «fieldapp verify»",
    )
    REMINDER_ASIDE = (
        "line_aside",
        "en linje (fravær, frist) lot seg ikke åpne og prøves igjen: se loggen, og kjør «fieldapp verify»",
    )
    TEAMS_ASIDE = (
        "teams_aside",
        "datoene for en brukers team lot seg ikke snu og prøves igjen: se loggen, og kjør «fieldapp verify»",
    )
    VISIT_ASIDE = (
        "visit_aside",
        "en ansatt over tida på besøk lot seg ikke spørre, og det prøves igjen: se etter vedkommende, se loggen, "
        "og kjør «fieldapp verify»",
    )
    DELIVERY_ASIDE = (
        "delivery_aside",
        "en sending lot seg ikke føre og prøves igjen: se loggen, og kjør «fieldapp verify»",
    )

    def __init__(self, code: str, advice: str) -> None:
        if not code or not advice:
            raise ValueError(f"{self.name} has no code, or no advice")
        self.code = code
        self.advice = advice

    @classmethod
    def refused_by(cls, channel: str) -> "Alarm":
        """A channel's other end says no to us."""
        return _BY_CODE[f"{channel}_refused"]

    @classmethod
    def too_large_for(cls, channel: str) -> "Alarm":
        """A channel's other end takes not even the shortest message."""
        return _BY_CODE[f"{channel}_too_large"]


_BY_CODE = {alarm.code: alarm for alarm in Alarm}


def advice_about(code: str) -> str:
    """What to do about an alarm that stands in the database; another version may have raised it."""
    return _BY_CODE[code].advice if code in _BY_CODE else "en annen utgave av Sett meldte dette: se loggen"
