"""The invented staff of a demo database, for `contoso demo` and `--as`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One member of staff: the roles are rules' names, the team is led by its only manager."""

    login: str
    name: str
    roles: tuple[str, ...]
    team: str


DEFAULT_LOGIN = "ana.wu"

CAST = (
    DemoUser("ana.wu", "Ana Wu", ("executive", "representative"), "West"),
    DemoUser("bo.lee", "Bo Lee", ("representative",), "West"),
    DemoUser("el.novak", "El Novak", ("representative",), "West"),
    DemoUser("uma.reyes", "Uma Reyes", ("consultant",), "West"),
    DemoUser("gil.ortega", "Gil Ortega", ("manager",), "West"),
    DemoUser("cy.diaz", "Cy Diaz", ("executive",), "East"),
    DemoUser("di.okoro", "Di Okoro", ("representative",), "East"),
    DemoUser("ivo.hart", "Ivo Hart", ("consultant",), "East"),
    DemoUser("mia.sorel", "Mia Sorel", ("manager",), "East"),
    DemoUser("sol.brandt", "Sol Brandt", ("service",), "East"),
    DemoUser("ona.quinn", "Ona Quinn", ("operations",), "East"),
)
