"""Invented people: first names as common in Norway now, surnames of farms and places that do not exist."""

from collections.abc import Iterator

from fieldapp.demo.dice import Dice


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _names(
    """
    Aina Anders Anette Anita Arne Asbjørn Astrid Aud Bente Berit Bjarne Bjørg Bodil Brede Børge Camilla Cato Dag
    Ellinor Einar Elin Elise Erlend Even Finn Frode Geir Gerd Grete Gro Gunnar Guro Halvor Harald Heidi Helge
    Hilde Hågen Ida Idar Iselin Ivar Jan-Erik Jarle Jenny Jorunn Jørn Kai Karianne Kjell Kjersti Knut Laila
    Lasse Lillian Liv Magne Magnhild Maiken Marit Mathias Merete Mette Morten Nina Oddvar Ole-Martin Oskar Per-Ivar
    Petter Ragnhild Randi Reidun Roar Ruben Rune Sander Sigrid Silje Sindre Siv Snorre Solfrid Stein Stian
    Svein Synnøve Sølvi Terje Thea Tom-Erik Tone Tore Torhild Trond Trygve Tuva Unni Vegard Vidar Wenche Yngve
    Åge Åse Øystein
    """
)
_FIRST_FROM_ELSEWHERE = _names(
    """
    Abdi Agnieszka Ahmed Amina Andrius Asha Bashir Daniela Dariusz Edita Farah Fatima Goran Hamza Hassan Ilze
    Jelena Kamal Khadija Leyla Linh Marek Mehmet Milan Mohamed Nadia Omar Piotr Rasa Rukhsana Samira Selam
    Sivakumar Tadesse Tariq Thuy Yonas Yusuf Zainab Zofia
    """
)
_LAST = _names(
    """
    Brattvoll Dalhaug Djupmyr Eiklund Engsvær Fagerstø Fjellvåg Fossmyr Furuskog Granmo Grønlid Haugstrøm
    Heimlid Holmsvik Kaldnes Kleivmo Krokhaug Kveldstad Langmyr Lauvstrand Lidahl Lyngmo Markhus Moldvær Myrstad
    Nesvoll Nordlid Oksvåg Ospelund Ramsmyr Rognlid Sandvoll Selvær Skarlid Skogvær Smedhaug Solbrekk Steinlid
    Storvær Sundmyr Svartnes Sætervik Tangvoll Tindlid Torsmyr Trollvær Tverrbekk Ulvmo Varmyr Vikslett Vindstad
    Ytterhaug Øvermyr Åslid
    """
)
_LAST_FROM_ELSEWHERE = _names(
    """
    Abdirahim Adomaitis Balasunder Cerkez Dobrowicz Duale Farooqi Gashaw Haidari Ibraheem Jansonis Karimzade Le-Van
    Markovski Nurmagan Osmanaj Petrulis Rahimzai Sahalov Tekleab Warsameh Yildirhan Zelinka
    """
)

_FROM_ELSEWHERE = 0.24
"""Share with names from other countries; about as in a Norwegian town."""


def full_names(dice: Dice) -> Iterator[str]:
    """Full names, never the same twice, and first names not the same twice before all have been used."""
    used: set[str] = set()
    while True:
        elsewhere = dice.chance(_FROM_ELSEWHERE)
        first = dice.choice(_FIRST_FROM_ELSEWHERE if elsewhere else _FIRST)
        last = dice.choice(_LAST_FROM_ELSEWHERE if elsewhere and dice.chance(0.85) else _LAST)
        name = f"{first} {last}"
        if name in used or (first in used and len(used) < 150):
            continue
        used |= {name, first}
        yield name


def username(name: str, taken: set[str]) -> str:
    """The first name in small letters a–z, with a number when somebody has it."""
    plain = name.split()[0].casefold().replace("æ", "ae").translate(str.maketrans("øå", "oa", "-"))
    wanted, number = plain, 1
    while wanted in taken:
        number += 1
        wanted = f"{plain}{number}"
    taken.add(wanted)
    return wanted
