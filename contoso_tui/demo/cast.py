"""The invented staff of a demo database, for `contoso demo` and `--as`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DemoUser:
    """One member of staff: the roles are rules' names, the team is led by its only manager.

    Customers of the states in `territory` go to its people first.
    """

    login: str
    name: str
    roles: tuple[str, ...]
    team: str
    territory: str = ""


DEFAULT_LOGIN = "ana.wu"
_WEST = "Washington,Oregon,California,Nevada,Arizona,Utah,Colorado,New Mexico,Idaho,Hawaii,Alaska"


CAST = (
    DemoUser("ana.wu", "Ana Wu", ("executive", "representative"), "West", _WEST),
    DemoUser("bo.lee", "Bo Lee", ("representative",), "West", _WEST),
    DemoUser("el.novak", "El Novak", ("representative",), "West", _WEST),
    DemoUser("uma.reyes", "Uma Reyes", ("consultant",), "West"),
    DemoUser("gil.ortega", "Gil Ortega", ("manager",), "West"),
    DemoUser("cy.diaz", "Cy Diaz", ("executive",), "East"),
    DemoUser("di.okoro", "Di Okoro", ("representative",), "East"),
    DemoUser("ivo.hart", "Ivo Hart", ("consultant",), "East"),
    DemoUser("mia.sorel", "Mia Sorel", ("manager",), "East"),
    DemoUser("sol.brandt", "Sol Brandt", ("service",), "East"),
    DemoUser("ona.quinn", "Ona Quinn", ("operations",), "East"),
)
