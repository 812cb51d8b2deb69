"""Word pools, and the invented people, companies and streets made of them; for this package only."""

import unicodedata
from dataclasses import dataclass
from random import Random


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WOMEN = _words(
    """
    Ada Adaeze Aiko Alma Amina Anneliese Ayla Beatriz Britt Carmen Chiara Cleo Dagny Delphine Dorotea
    Eila Elif Eloise Esra Fenna Fiadh Freya Gudrun Hanae Ilse Imani Ines Iris Jorunn Juno Kaia Kamala
    Katya Keiko Lakshmi Leilani Linnea Lucía Łucja Mabel Maren Meera Mika Nadia Noémie Nora Odile Oksana
    Ottilie Paloma Pilar Priya Quenby Rania Rosalind Saoirse Šárka Signe Solveig Sunniva Tamsin Thandi
    Tove Ulla Vida Wanda Xochitl Yara Zoë Zuri
    """
)
MEN = _words(
    """
    Abel Ahmed Alasdair Ambrose Anders Aurel Bastian Björn Caspian Chidi Cormac Cyrus Dario Desmond
    Dmitri Eamon Edvard Emre Enzo Farid Felix Gaspar Georgi Hakon Hamish Hiro Idris Ignacio Ilya Ivo
    Jabari Jarek Javier Jens Jonah José Kasper Kenji Kofi Kwame Lachlan Leif Linus Mateo Milo Nikhil
    Niko Octavio Omar Oskar Otto Paavo Pascal Rafael Rohan Ruben Rurik Santiago Sepp Søren Stellan Tariq
    Teo Tobias Umberto Viggo Waldo Yusuf Zeno André
    """
)

_SURNAME_PARTS = (
    (
        "Alder Bramble Brack Copper Dapple Ember Fallow Fern Gorse Hazel Juniper Lark Marl Nettle Otter "
        "Pebble Quill Rook Sedge Tansy Thistle Umber Wicker Wren Yarrow",
        "beck bourne combe dale fleet gate ham ley marsh mere shaw thwaite wick wright",
    ),
    (
        "Bel Cald Dor Fer Gal Lor Mar Monte Pal Quint Ros Sant Val Zam",
        "ardo azuelo enza era etti idero olino ucci",
    ),
    (
        "Bor Cher Drag Gor Kal Lub Mil Nov Pav Rad Stan Tret Vol Zor",
        "aczyk anski enko escu ichka inov ovsky ulin",
    ),
    ("Ada Chi Eke Kwa Ndi Oko Olu Uche Zuba", "bunma dike kwesi lade mensa nwosa sande wale"),
    ("Aka Fuji Hira Kawa Mori Naka Oki Shima Taka Yama", "date kura mizu nabe sato shiro tomi zawa"),
    ("Anand Bhar Chand Dev Gan Kesh Nar Raj Sur Vish", "akar apati ewala iyan oraj umani"),
)
_SPECIAL_SURNAMES = (
    "Ñandú", "O'Brannock", "O'Quillan", "D'Almerra", "Vega Larrañaga", "de la Fontera", "van der Marle",
    "Okoro-Lindt", "Wrenham-Póvoa", "Müllerstein", "Grøndalsen", "Çelikara", "Lefèbvrard", "Żurawinek",
    "St. Ambly", "Li", "Wu", "Ek",
)  # fmt: skip
SURNAMES = (
    *(
        head + tail
        for heads, tails in _SURNAME_PARTS
        for head in heads.split()
        for tail in tails.split()
        if head[-1] != tail[0]  # a doubled letter at the joint reads like a typing error
    ),
    *_SPECIAL_SURNAMES,
)

_COMPANY_HEADS = _words(
    """
    Amberlight Bluefinch Brightmoor Cedarline Cinderpath Cloverdeck Coralstone Dovetail Driftwood
    Eastermoor Fernhollow Firecrest Foxglade Glimmerbay Goldenrod Greywether Harrowgate Hollowpine
    Indigobird Ironbark Juniperhill Kestrelway Lanternrock Larkmeadow Lowtide Maplecove Marigold
    Meadowsweet Mistlebrook Moonwell Northlantern Oakenshore Ottermill Palegrove Pepperfield Pinewhistle
    Quartzbend Quillwater Ravenglass Redthistle Rivermint Saltmarsh Silverreed Snowberry Starfallow
    Stillwater Sunweaver Tidewhistle Umberfield Velvetoak Wavecrest Whitepepper Willowrun Windlass
    Wintermere Wolfberry Yellowgorse Zephyrdale
    """
)
_COMPANY_KINDS = _words(
    """
    Apartments Bakery Boatyard Books Brewing Capital Clinics Dental Foods Freight Furniture Gardens
    Hospice Hotels Insurance Joinery Kitchens Laboratories Laundry Libraries Logistics Manor Motors
    Museum Nurseries Optics Pharmacy Print Properties Realty Retail Roofing Schools Storage Studios
    Theatres Timber Veterinary Vineyards Warehousing
    """
)

_STREET_HEADS = _words(
    """
    Acornfall Bellwether Butterchurn Candlewick Copperkettle Dragonfly Featherstone Ginger Halfmoon
    Honeycomb Inkwell Jackdaw Kingfisher Lamplighter Marmalade Nutmeg Old-Orchard Parsnip Pocketwatch
    Quince Rainbarrel Saddler Teapot Thimble Umbrella Velveteen Whirligig Woolsack
    """
)
_STREET_KINDS = _words(
    """
    Avenue Bend Circle Court Crossing Drive Hill Lane Loop Parkway Passage Place Plaza Road Row Street
    """
)

MAIL_DOMAINS = tuple(
    f"{name}.example"
    for name in _words(
        """
        acornmail bluepigeon carrierowl dovepost envelo fernpost gullmail heronbox inkandquill jaymail
        kitepost larkbox mailotter northpost owlnet paperplane quickheron ravenpost sealingwax
        teapotmail
        """
    )
)


@dataclass(frozen=True, slots=True)
class Town:
    """A city and state with the first three digits of its postcodes; `name` as a source file has it."""

    name: str
    state: str
    postcode_prefix: str


# The first eleven have the stores. Two carry the trailing space and one the lost en dash of such exports.
TOWNS = tuple(
    Town(*line.split("|"))
    for line in (
        "Denver|Colorado|802", "Seattle|Washington|981", "Chicago|Illinois|606", "Austin|Texas|787",
        "Phoenix|Arizona|850", "Atlanta|Georgia|303", "Portland|Oregon|972", "Minneapolis|Minnesota|554",
        "Nashville|Tennessee|372", "San Diego|California|921", "Philadelphia|Pennsylvania|191",
        "Boulder |Colorado|803", "Tacoma|Washington|984", "Evanston |Illinois|602", "Waco|Texas|767",
        "Tucson|Arizona|857", "Savannah|Georgia|314", "Eugene|Oregon|974", "Duluth|Minnesota|558",
        "Memphis|Tennessee|381", "Fresno|California|937", "Wilkes?Barre|Pennsylvania|187",
        "Albuquerque|New Mexico|871", "Anchorage|Alaska|995", "Asheville|North Carolina|288",
        "Baltimore|Maryland|212", "Billings|Montana|591", "Birmingham|Alabama|352", "Boise|Idaho|837",
        "Charleston|South Carolina|294", "Cheyenne|Wyoming|820", "Columbus|Ohio|432",
        "Des Moines|Iowa|503", "Detroit|Michigan|482", "Fargo|North Dakota|581", "Honolulu|Hawaii|968",
        "Indianapolis|Indiana|462", "Kansas City|Missouri|641", "Las Vegas|Nevada|891",
        "Little Rock|Arkansas|722", "Louisville|Kentucky|402", "Madison|Wisconsin|537",
        "Miami|Florida|331", "New Orleans|Louisiana|701", "Norfolk|Virginia|235",
        "Oklahoma City|Oklahoma|731", "Omaha|Nebraska|681", "Rapid City|South Dakota|577",
        "Rochester|New York|146", "Salt Lake City|Utah|841", "Wichita|Kansas|672",
        "Jackson|Mississippi|392", "Wheeling|West Virginia|260", "Dover|Delaware|199",
    )
)  # fmt: skip
STORE_TOWNS = TOWNS[:11]

_LETTERS_WITHOUT_PARTS = str.maketrans({"ø": "o", "ł": "l", "Ø": "O", "Ł": "L", "ß": "ss", "đ": "d"})


def fold(text: str) -> str:
    """Give the lower-case ASCII letters and digits of a name, for an email address or a domain."""
    parts = unicodedata.normalize("NFKD", text.translate(_LETTERS_WITHOUT_PARTS))
    return "".join(letter for letter in parts if letter.isascii() and letter.isalnum()).lower()


class Shuffled:
    """The numbers 0..size-1 in a mixed order that needs no memory: each comes once in every `size` turns."""

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self._half_bits = ((size - 1).bit_length() + 1) // 2
        rng = Random(seed)
        self._keys = tuple((rng.getrandbits(31) | 1, rng.getrandbits(31)) for _ in range(4))

    def __getitem__(self, turn: int) -> int:
        # A Feistel network maps the next larger square of two one to one; walk on until inside `size`.
        mask, bits = (1 << self._half_bits) - 1, self._half_bits
        number = turn % self.size
        while True:
            left, right = number >> bits, number & mask
            for factor, offset in self._keys:
                left, right = right, left ^ ((right * factor + offset) >> 11 & mask)
            number = left << bits | right
            if number < self.size:
                return number


class PersonNames:
    """Given name, surname and gender of person number n; no pair comes twice in the first `size` people."""

    def __init__(self, seed: int) -> None:
        self._given = (*WOMEN, *MEN)
        self._order = Shuffled(len(self._given) * len(SURNAMES), seed)
        self.size = self._order.size

    def __getitem__(self, number: int) -> tuple[str, str, str]:
        surname, given = divmod(self._order[number], len(self._given))
        return self._given[given], SURNAMES[surname], "Female" if given < len(WOMEN) else "Male"


class CompanyNames:
    """Name of company number n; beyond the pool's size a town is added, so names never come twice."""

    def __init__(self, seed: int) -> None:
        self._order = Shuffled(len(_COMPANY_HEADS) * len(_COMPANY_KINDS), seed)

    def __getitem__(self, number: int) -> str:
        round_, turn = divmod(number, self._order.size)
        head, kind = divmod(self._order[turn], len(_COMPANY_KINDS))
        name = f"{_COMPANY_HEADS[head]} {_COMPANY_KINDS[kind]}"
        if not round_:
            return name
        again, town = divmod(round_ - 1, len(TOWNS))
        return f"{name} {TOWNS[town].name.strip().replace('?', '-')}" + (f" {again + 1}" if again else "")


def street(head: float, kind: float, number: float, unit: float) -> str:
    """Make a street address of four numbers from 0 up to 1; about half have a suite or an apartment."""
    text = (
        f"{1 + int(number * 9900)} {_STREET_HEADS[int(head * len(_STREET_HEADS))]} "
        f"{_STREET_KINDS[int(kind * len(_STREET_KINDS))]}"
    )
    if unit < 0.25:
        return f"{text} Suite {100 + int(unit * 3600)}"
    if unit < 0.5:
        return f"{text} Apt. {100 + int((unit - 0.25) * 3600)}"
    return text
