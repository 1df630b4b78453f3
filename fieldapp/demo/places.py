"""A town that does not exist: its streets, its meeting places, and the names of its teams."""

from fieldapp.demo.dice import Dice

TOWN = "Lyngvik"

STREETS = (
    "Bakergata", "Bergstien", "Bjørkealleen", "Brattbakken", "Fjordgløttveien", "Furulia", "Gamle Møllevei",
    "Garveristien", "Havnegata", "Hegglundveien", "Kaibakken", "Kirkesvingen", "Kvernveien", "Lodveien",
    "Lyngveien", "Nordre Bryggegate", "Reperbanen", "Rognestien", "Rundkleiva", "Selvågveien", "Skippersmuget",
    "Solbakktunet", "Søndre Bryggegate", "Tangveien", "Teglverksveien", "Tjernlia", "Torgbakken", "Ugleveien",
    "Vestre Strandvei", "Ørretveien",
)  # fmt: skip
OUTDOORS = (
    "Havna",
    "Torget",
    "Bussterminalen",
    "Parken ved biblioteket",
    "Undergangen ved stasjonen",
    "Kaikanten",
    "Utenfor varmestua",
    "Kiosken i Havnegata",
    "Brua ved Kverna",
)
HOSPITALS = ("Lyngvik sykehus", "DPS Fjordgløtt", "Avrusningen på Tjernlia")
TEAM_NAMES = {
    "fact": ("FACT Lyngvik", "FACT Fjordsida", "FACT Innlandet"),
    "staffed_housing": ("Fyrhuset botiltak", "Solbakktunet botiltak", "Kaibakken botiltak"),
    "tenancy_support": ("Booppfølging sentrum", "Booppfølging nord", "Booppfølging vest"),
    "outreach": ("Uteteamet", "Uteteamet Havna", "Uteteamet øst"),
    "housing_first": ("Housing First Lyngvik", "Housing First Strandsida", "Housing First nord"),
    "act": ("ACT Lyngvik", "ACT Ytre fjord", "ACT Heia"),
    "night": ("Natteamet", "Natteamet nord", "Natteamet sør"),
    "safety_fact": ("Sikkerhets-FACT", "Sikkerhets-FACT nord", "Sikkerhets-FACT sør"),
}
STAFFED_HOUSE = "Fyrveien 3"


def address(dice: Dice) -> str:
    """A street with a number; blocks of flats have an entrance and a floor."""
    street = dice.choice(STREETS)
    number = f"{dice.randint(1, 64)}{dice.choice(('', '', '', ' A', ' B'))}"
    flat = f", oppgang {dice.choice('ABC')}, {dice.randint(1, 5)}. etg." if dice.chance(0.5) else ""
    return f"{street} {number}{flat}"


def flat_in_house(number: int) -> str:
    """A flat in the staffed house."""
    return f"{STAFFED_HOUSE}, leilighet {number}"


def phone(dice: Dice) -> str:
    """A number nobody can have: no Norwegian number begins with 000."""
    return f"000 {dice.randint(10, 99)} {dice.randint(100, 999)}"
