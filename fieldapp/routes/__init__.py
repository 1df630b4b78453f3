"""Routes: parse, authorise, call one function, render. Every module here that answers requests is named once below."""

from fieldapp.routes import (
    account,
    admin,
    alert_figures,
    alert_reasons,
    alerts,
    api_access,
    api_alerts,
    api_push,
    api_session,
    api_sync,
    cases,
    client_limits,
    client_teams,
    duty,
    emergency,
    field,
    office,
    opening,
    partner,
    partner_links,
    static,
    system,
    team,
)

BLUEPRINTS = tuple(
    module.bp
    for module in (
        static,
        system,
        api_session,
        api_sync,
        api_push,
        api_alerts,
        api_access,
        account,
        field,
        office,
        client_teams,
        client_limits,
        emergency,
        partner_links,
        partner,
        alerts,
        alert_reasons,
        alert_figures,
        cases,
        duty,
        team,
        opening,
        admin,
    )
)
"""In the order they are registered."""
