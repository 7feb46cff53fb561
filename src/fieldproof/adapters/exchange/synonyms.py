"""Other words for codes and columns, in the languages that files of the field come in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final


def plain(text: str) -> str:
    """A word without case, accents, punctuation and blanks, for comparison only."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "", letters)


CODE_SYNONYMS: Final[dict[str, dict[str, str]]] = {
    "device_class": {
        "AP": "ap_mine", "APM": "ap_mine", "anti-personnel": "ap_mine",
        "anti-personnel mine": "ap_mine", "противопехотная": "ap_mine", "ПП": "ap_mine",
        "piyada əleyhinə": "ap_mine", "AV": "av_mine", "AT": "av_mine", "ATM": "av_mine",
        "AVM": "av_mine", "anti-tank": "av_mine", "anti-vehicle": "av_mine",
        "anti-tank mine": "av_mine", "anti-vehicle mine": "av_mine", "противотанковая": "av_mine",
        "ПТ": "av_mine", "tank əleyhinə": "av_mine", "НРБ": "uxo", "PHS": "uxo",
        "submunition": "cluster_munition_remnant", "CMR": "cluster_munition_remnant",
    },
    "land_class": {"suspected hazardous area": "sha", "confirmed hazardous area": "cha"},
    "activity_type": {"NTS": "non_technical_survey", "TS": "technical_survey",
                      "BAC": "battle_area_clearance"},
    "search_method": {"manual": "manual_clearance", "mechanical": "mechanical_clearance",
                      "MDD": "mdd_clearance", "dogs": "mdd_clearance", "TS": "technical_survey",
                      "BAC": "battle_area_clearance", "clearance": "manual_clearance"},
    "angle_unit": {"deg": "degree", "degrees": "degree", "градусы": "degree", "°": "degree",
                   "тысячные": "mil_6000", "soviet mil": "mil_6000", "nato mil": "mil_6400",
                   "grad": "gon"},
    "north_reference": {"магнитный": "magnetic", "истинный": "true", "дирекционный": "grid"},
    "coordinate_system": {"WGS84": "wgs84", "WGS-84": "wgs84", "EPSG:4326": "wgs84",
                          "lat/lon": "wgs84", "UTM": "wgs84_utm", "СК-42": "sk42_gk6",
                          "SK-42": "sk42_gk6", "Pulkovo 1942": "sk42_geographic",
                          "квадрат": "sk42_square"},
    "sex": {"f": "female", "m": "male", "woman": "female", "man": "male"},
    "victim_outcome": {"dead": "killed", "wounded": "injured"},
    "age_group": {"boy": "child", "girl": "child"},
}

#: Parts of headings under which people's data stands; such a column never reaches the ledger.
PEOPLE: Final = (
    "surname", "firstname", "lastname", "fullname", "fathersname", "patronymic", "victimname",
    "deminername", "telephone", "phone", "email", "passport", "nationalid", "idcard",
    "dateofbirth", "birthdate", "homeaddress", "soyad", "telefon", "фамилия", "фио", "отчество",
    "паспорт", "датарождения", "адрес",
)
MADE_UP: Final = frozenset({"simulated", "synthetic", "madeup"})


def held_back(columns: Iterable[str], *, people: bool) -> tuple[str, ...]:
    """Columns without a field that stay in the kept file alone.

    Of a table on people these are all: nobody has said what such a column holds. Of any other
    they are those whose headings speak of people.
    """
    words = tuple(plain(word) for word in PEOPLE)  # plain() also takes the breve off й
    return tuple(c for c in columns if people or any(word in plain(c) for word in words))


def is_made_up_column(column: str) -> bool:
    """Whether a column says of each row if it is simulated."""
    return plain(column) in MADE_UP
