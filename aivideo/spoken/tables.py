"""What the rules of speaking look up: characters, units, currencies, abbreviations, names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final


def table(text: str) -> dict[str, str]:
    """A table of pairs, written ``key value`` and parted by ``;`` or the end of the line."""
    pairs = (pair.strip() for pair in re.split(r"[;\n]", text))
    return dict(pair.split(" ", 1) for pair in pairs if pair)


def list_of(text: str) -> list[str]:
    """Words parted by blanks."""
    return text.split()


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


# --- Characters: what no one hears is dropped, what has a plain twin becomes it. ---

UNSAYABLE: Final = {"Cc", "Cf", "Cn", "Co", "Cs", "Me", "Sk", "Sm", "So"}
INVISIBLE: Final = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068"
    "\u2069\ufe0e\ufe0f\ufeff"
)
CLEAN: Final = {
    **dict.fromkeys(map(ord, INVISIBLE)),
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2212\ufe63"), "-"),
    **dict.fromkeys(map(ord, "\u2044\u2215"), "/"),
    **{full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)},
    **{low: low - 0x2080 + ord("0") for low in range(0x2080, 0x208A)},
    ord("\u0130"): "I",  # its small letter is two characters, which the front end cannot take
    ord("\u2015"): "\u2014",
    ord("\u00b5"): "\u03bc",
    ord("℃"): "°C",
    ord("℉"): "°F",
    ord("№"): "No.",
}
BRACKETS: Final = str.maketrans("[]{}", "()()")

# --- Tables. ---

UNITS: Final = table("""
    kg kilogram; g gram; mg milligram; lb pound; lbs pound; oz ounce; km kilometer; m meter
    cm centimeter; mm millimeter; μm micrometer; nm nanometer; mi mile; ft foot/feet; yd yard
    mph mile per hour/miles per hour; kph kilometer per hour/kilometers per hour; L liter; l liter
    ml milliliter; mL milliliter; km² square kilometer; m² square meter; cm² square centimeter
    m³ cubic meter; cm³ cubic centimeter; ha hectare; Hz hertz/hertz; kHz kilohertz/kilohertz
    MHz megahertz/megahertz; GHz gigahertz/gigahertz; W watt; kW kilowatt; MW megawatt
    GW gigawatt; kWh kilowatt hour; V volt; mAh milliampere hour; KB kilobyte; kB kilobyte
    MB megabyte; GB gigabyte; TB terabyte; Mbps megabit per second/megabits per second
    Gbps gigabit per second/gigabits per second; ms millisecond; min minute; sec second
    hr hour; hrs hour; h hour; px pixel; dB decibel; kcal kilocalorie; cal calorie; J joule
    kJ kilojoule; Pa pascal; kPa kilopascal; fps frame per second/frames per second
    rpm revolution per minute/revolutions per minute; °C degree Celsius/degrees Celsius
    °F degree Fahrenheit/degrees Fahrenheit; °N degree north/degrees north
    °S degree south/degrees south; °E degree east/degrees east; °W degree west/degrees west
    ° degree
""")
PER: Final = {
    **UNITS,
    **table("s² second squared; s second; d day; day day; week week; month month; year year"),
}
CURRENCIES: Final = table("""
    ¥ yen; ₹ rupees; ₩ won; ₽ rubles; ₺ lira; ₫ dong; ₴ hryvnias; ₪ shekels; ₦ naira; ₱ pesos
    ฿ baht; ₿ bitcoin
""")
MAGNITUDES: Final = table("k thousand; K thousand; m million; M million; b billion; B billion")
MAGNITUDES.update(table("bn billion; tn trillion; T trillion"))
PARTS: Final = table("""
    2 half; 3 third; 4 quarter; 5 fifth; 6 sixth; 7 seventh; 8 eighth; 9 ninth; 10 tenth
    12 twelfth; 16 sixteenth; 20 twentieth; 32 thirty-second; 50 fiftieth; 100 hundredth
""")
MONTHS: Final = list_of("""
    January February March April May June July August September October November December
""")
BEFORE_NAMES: Final = table("""
    Prof Professor; Gen General; Sen Senator; Gov Governor; Rev Reverend; Capt Captain
    Lt Lieutenant; Col Colonel; Sgt Sergeant; Maj Major; Cmdr Commander; Hon Honorable
    Pres President; Rep Representative; St Saint; Mt Mount; Ft Fort
""")
ELSEWHERE: Final = table("""
    St Street; Ave Avenue; Blvd Boulevard; Rd Road; Jr Junior; Sr Senior; Inc Incorporated
    Ltd Limited; Corp Corporation; Co Company; Bros Brothers; Dept Department; Univ University
    approx approximately; Approx Approximately; etc etc; vs versus; misc miscellaneous
""")
BEFORE_NUMBERS: Final = table("""
    No number; no number; Nos numbers; pp pages; p page; Vol volume; vol volume; Ch chapter
    ch chapter; Fig figure; fig figure; Sec section; sec section; Art article; ca circa; c circa
""")
DAYS: Final = table("""
    Mon Monday; Tue Tuesday; Tues Tuesday; Wed Wednesday; Thu Thursday; Thur Thursday
    Thurs Thursday; Fri Friday; Sat Saturday; Sun Sunday
""")
MONTH_STARTS: Final = {month[:3]: month for month in MONTHS} | {"Sept": "September"}
SIGNS: Final = table("""
    & and; + plus; = equals; @ at; \u00d7 times; ÷ divided·by; ± plus·or·minus; ≈ about; - —
    \u2013 —; < is·less·than; > is·greater·than; ≤ is·at·most; ≥ is·at·least; ≠ is·not; → to
    % percent
""")
GREEK: Final = table("""
    \u03b1 alpha; β beta; \u03b3 gamma; δ delta; ε epsilon; θ theta; λ lambda; μ mu; π pi
    \u03c3 sigma; φ phi; ω omega; Δ delta; Σ sigma; Ω omega
""")
ADDRESS_SIGNS: Final = table("""
    . dot; / slash; - dash; _ underscore; ? question mark; = equals; & and; # hash; : colon
    @ at; % percent; ~ tilde; + plus
""")
ENDINGS: Final = (
    "com|org|net|edu|gov|info|app|dev|io|ai|tv|me|co|uk|us|ca|de|fr|es|it|nl|eu|au|nz|in|jp|ch|at"
)
SAID_AS_WORDS: Final = {"co", "me"}
RULERS: Final = (
    "Alexander|Alfonso|Amenhotep|Benedict|Boniface|Catherine|Charles|Christian|Clement|"
    "Constantine|Cyrus|Darius|Edward|Elizabeth|Ferdinand|Francis|Frederick|George|Gregory|Gustav|"
    "Haakon|Harald|Henry|Innocent|Ivan|James|John|Joseph|Julius|Justinian|Leo|Leopold|Louis|"
    "Margrethe|Mary|Maximilian|Mehmed|Murad|Napoleon|Nicholas|Otto|Paul|Pedro|Peter|Philip|Pius|"
    "Ptolemy|Rameses|Ramesses|Ramses|Richard|Robert|Sixtus|Theodosius|Thutmose|Umberto|Urban|"
    "Victoria|Wilhelm|William|Xerxes"
)
NUMBERED: Final = (
    "Act|Apollo|Appendix|Article|Book|Chapter|Class|Episode|Figure|Game|Grade|Level|Mark|Part|"
    "Phase|Section|Stage|Table|Title|Type|Volume|War"
)
NOT_NAMES: Final = list_of("""
    A An And At But For He Her His In It My No Of On Our She That The Their They This We Your
""")
ORDINALS: Final = list_of("""
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
    fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first
    twenty-second twenty-third
""")
ROMAN: Final = {"I": 1, "V": 5, "X": 10, "L": 50}
NUMERAL: Final = r"(?=[IVXL]{2})(?:XL|L?X{0,3})(?:IX|IV|V?I{0,3})"
"""A Roman numeral of two letters or more, below 90."""
SIZES: Final = ("XL", "XXL", "XXXL", "XLL")
"""Of clothes: they look like numerals, and are spelt."""
FILES: Final = (
    "csv|docx?|exe|gif|html?|jpe?g|js|json|md|mov|mp[34]|pdf|png|pptx?|py|svg|txt|wav|webm|xlsx?|"
    "xml|ya?ml|zip"
)
FORMULAS: Final = "CH4|CO2|H2O|H2|N2O|NO2|O2|O3|SO2"
CUE: Final = (
    r"(?:(?:ambient|background|calm|dramatic|epic|gentle|happy|intro|light|long|loud|outro|sad|"
    r"short|soft|tense|theme|upbeat) )*"
    r"(?:applause|beat|cheering|gasps?|laugh(?:s|ter|ing)?|music|pause|silence|sighs?|"
    r"sound effects?)"
    r"(?: (?:begins|continues|ends|fades|in|out|plays|playing|starts|stops|swells))*"
)
NUMBER: Final = r"\d[\d,]*(?:\.\d+)?"
MANY: Final = r"(?: (?:hundred|thousand|million|billion|trillion))?"
