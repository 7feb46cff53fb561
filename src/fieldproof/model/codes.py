"""The code lists of the field: land, evidence, activities, devices, casualties, records.

Spellings are lower-case with underscores; the label of the source stands in the docstring or is
the same words. IMSMA lists follow the public IMSMA wiki; they are to be adapted to the national
standard, because what is direct evidence in one programme can be indirect in another.
"""

from __future__ import annotations

from enum import StrEnum

from fieldproof.model.codelist import code_list

IMSMA_WIKI = "IMSMA wiki (GICHD), mwiki.gichd.org"
MDR = "GICHD draft minimum data requirements, 2018 (github.com/GICHD/mdr)"
OWN = "Fieldproof"


@code_list("land_class", source=f"{IMSMA_WIKI}, Land Summary Window", verified=True)
class LandClass(StrEnum):
    """Classification of a piece of land."""

    INDICATION = "indication"
    SHA = "sha"
    CHA = "cha"
    AMMUNITION_STORAGE = "ammunition_storage"
    EOD_SPOT_TASK = "eod_spot_task"


@code_list("land_status", source=f"{IMSMA_WIKI}, Symbology", verified=True)
class LandStatus(StrEnum):
    """Status of a piece of land."""

    OPEN = "open"
    WORKED_ON = "worked_on"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@code_list("evidence", source=f"{IMSMA_WIKI}, Evidence of Contamination", verified=True)
class Evidence(StrEnum):
    """Evidence of contamination."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    NONE = "none"
    NOT_SPECIFIED = "not_specified"


@code_list("direct_evidence", source=f"{IMSMA_WIKI}, Evidence of Contamination", verified=True)
class DirectEvidence(StrEnum):
    """Kinds of direct evidence; they support a confirmed hazardous area."""

    DETONATIONS = "detonations"
    ACCIDENTS_KNOWN_LOCATION = "accidents_known_location"
    RECORDS_HIGH_RELIABILITY = "records_high_reliability"
    SIGNS_OR_FENCING = "signs_or_fencing"
    VISUAL_OBSERVATION = "visual_observation"
    NOT_SPECIFIED = "not_specified"


@code_list("indirect_evidence", source=f"{IMSMA_WIKI}, Evidence of Contamination", verified=True)
class IndirectEvidence(StrEnum):
    """Kinds of indirect evidence; they support a suspected hazardous area."""

    OLD_SURVEY = "old_survey"
    FORMER_COMBATANT_ZONE = "former_combatant_zone"
    ACCIDENTS_UNKNOWN_LOCATION = "accidents_unknown_location"
    RECORDS_LOW_RELIABILITY = "records_low_reliability"
    PRODUCTIVE_LAND_NOT_IN_USE = "productive_land_not_in_use"
    VERBAL_REPORT = "verbal_report"
    NOT_SPECIFIED = "not_specified"


@code_list(
    "information_reliability", source=f"{IMSMA_WIKI}, Information Classification", verified=True
)
class InformationReliability(StrEnum):
    """Reliability of the information, 1 (confirmed) to 6 (not to be evaluated)."""

    CONFIRMED = "1"
    POSSIBLE = "2"
    LESS_POSSIBLE = "3"
    DOUBTABLE = "4"
    IMPROBABLE = "5"
    NOT_EVALUATED = "6"


@code_list("source_reliability", source=f"{IMSMA_WIKI}, Information Classification", verified=True)
class SourceReliability(StrEnum):
    """Reliability of the source, A (reliable) to F (cannot be valued)."""

    RELIABLE = "A"
    IN_GENERAL_RELIABLE = "B"
    SUFFICIENTLY_RELIABLE = "C"
    NOT_ALWAYS_RELIABLE = "D"
    LESS_RELIABLE = "E"
    NOT_VALUABLE = "F"


@code_list("activity_type", source=f"{IMSMA_WIKI}, Activity Summary Window", verified=True)
class ActivityType(StrEnum):
    """Type of a mine action activity or of its report."""

    BATTLE_AREA_CLEARANCE = "battle_area_clearance"
    CANCELLATION_REPORT = "cancellation_report"
    CLEARANCE = "clearance"
    COMPLETION_REPORT = "completion_report"
    EOD_SPOT_TASK = "eod_spot_task"
    HANDOVER_CERTIFICATE = "handover_certificate"
    NON_TECHNICAL_SURVEY = "non_technical_survey"
    POST_CLEARANCE = "post_clearance"
    PROGRESS_REPORT = "progress_report"
    ROAD_ASSESSMENT = "road_assessment"
    ROAD_CLEARANCE = "road_clearance"
    ROAD_VERIFICATION = "road_verification"
    STOCKPILE_DESTRUCTION = "stockpile_destruction"
    TECHNICAL_SURVEY = "technical_survey"


@code_list("activity_status", source=MDR, verified=False)
class ActivityStatus(StrEnum):
    """Status of an activity."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    UNKNOWN = "unknown"


@code_list("search_method", source="IMAS 07.11 land release terms", verified=False)
class SearchMethod(StrEnum):
    """How ground was searched."""

    MANUAL_CLEARANCE = "manual_clearance"
    MECHANICAL_CLEARANCE = "mechanical_clearance"
    MDD_CLEARANCE = "mdd_clearance"
    TECHNICAL_SURVEY = "technical_survey"
    BATTLE_AREA_CLEARANCE = "battle_area_clearance"
    VISUAL_SEARCH = "visual_search"
    DRONE_OR_SENSOR = "drone_or_sensor"
    OTHER = "other"
    UNKNOWN = "unknown"


@code_list("device_class", source="IMAS 04.10 terms for explosive ordnance", verified=False)
class DeviceClass(StrEnum):
    """Class of explosive ordnance."""

    AP_MINE = "ap_mine"
    AV_MINE = "av_mine"
    UXO = "uxo"
    AXO = "axo"
    CLUSTER_MUNITION_REMNANT = "cluster_munition_remnant"
    IED = "ied"
    BOOBY_TRAP = "booby_trap"
    OTHER = "other"
    UNKNOWN = "unknown"


@code_list("find_fate", source=OWN, verified=False)
class FindFate(StrEnum):
    """What became of an item found."""

    DESTROYED_IN_SITU = "destroyed_in_situ"
    REMOVED = "removed"
    DETONATED_ACCIDENTALLY = "detonated_accidentally"
    LEFT_MARKED = "left_marked"
    UNKNOWN = "unknown"


@code_list("accident_class", source=f"{IMSMA_WIKI}, Accident Summary Window", verified=True)
class AccidentClass(StrEnum):
    """Class of an accident."""

    DEMINING_ACCIDENT = "demining_accident"
    CLUSTER = "cluster"
    IED = "ied"
    MINE = "mine"
    STORED_AMMUNITION = "stored_ammunition"
    UXO_AXO = "uxo_axo"
    OTHER = "other"
    UNKNOWN = "unknown"


@code_list("victim_outcome", source=MDR, verified=False)
class VictimOutcome(StrEnum):
    """What happened to a victim."""

    KILLED = "killed"
    INJURED = "injured"
    UNKNOWN = "unknown"


@code_list("sex", source=f"{MDR}; SADD", verified=False)
class Sex(StrEnum):
    """Sex, for sex and age disaggregated data."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


@code_list("age_group", source="SADD", verified=False)
class AgeGroup(StrEnum):
    """Age group, for sex and age disaggregated data."""

    CHILD = "child"
    ADULT = "adult"
    UNKNOWN = "unknown"


@code_list("victim_status", source=MDR, verified=False)
class VictimStatus(StrEnum):
    """Civil status of a victim."""

    CIVILIAN = "civilian"
    DEMINER = "deminer"
    MILITARY = "military"
    UNKNOWN = "unknown"


@code_list("qm_kind", source=f"{IMSMA_WIKI}, QM Summary Window", verified=True)
class QualityKind(StrEnum):
    """Quality assurance looks at the process, quality control at the product."""

    ASSURANCE = "assurance"
    CONTROL = "control"


@code_list("severity", source=MDR, verified=False)
class Severity(StrEnum):
    """Severity of a non-conformity."""

    NONE = "none"
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"
    UNKNOWN = "unknown"


@code_list("organisation_kind", source=OWN, verified=False)
class OrganisationKind(StrEnum):
    """What an organisation is in the work."""

    PARTY = "party"
    AUTHORITY = "authority"
    OPERATOR = "operator"
    MONITOR = "monitor"
    DONOR = "donor"
    PRESS = "press"
    OTHER = "other"
    UNKNOWN = "unknown"


@code_list(
    "legal_duty", source="Technical annexes of CCW Protocol II, 1980 and 1996", verified=True
)
class LegalDuty(StrEnum):
    """The duty under which a record says it was made."""

    CCW_PROTOCOL_II_1980 = "ccw_protocol_ii_1980"
    CCW_AMENDED_PROTOCOL_II_1996 = "ccw_amended_protocol_ii_1996"
    NATIONAL_REGULATION = "national_regulation"
    NONE_STATED = "none_stated"
    UNKNOWN = "unknown"


@code_list("angle_unit", source=OWN, verified=False)
class AngleUnit(StrEnum):
    """Unit in which a record's angles are written."""

    DEGREE = "degree"
    MIL_6000 = "mil_6000"
    MIL_6400 = "mil_6400"
    GON = "gon"
    UNKNOWN = "unknown"


@code_list("north_reference", source=OWN, verified=False)
class NorthReference(StrEnum):
    """The north from which a record's angles are counted."""

    MAGNETIC = "magnetic"
    GRID = "grid"
    TRUE = "true"
    UNKNOWN = "unknown"


@code_list("angle_sense", source=OWN, verified=False)
class AngleSense(StrEnum):
    """The turning sense in which a record's angles are counted."""

    CLOCKWISE = "clockwise"
    ANTICLOCKWISE = "anticlockwise"
    UNKNOWN = "unknown"


@code_list("declination_source", source=OWN, verified=False)
class DeclinationSource(StrEnum):
    """Where the declination for a magnetic azimuth comes from."""

    MODEL_AT_LAYING_DATE = "model_at_laying_date"
    MAP_MARGIN = "map_margin"
    NONE = "none"
    UNKNOWN = "unknown"


@code_list("coordinate_system", source="EPSG register; IMSMA wiki, Point Types", verified=True)
class CoordinateSystem(StrEnum):
    """How a pair of coordinates is written and in which frame."""

    WGS84 = "wgs84"                    # latitude, longitude in degrees (decimal, DM or DMS)
    WGS84_UTM = "wgs84_utm"            # zone, easting, northing
    MGRS = "mgrs"
    SK42_GK6 = "sk42_gk6"              # Gauss-Krüger, 6° zones, X north, Y east with zone
    SK42_GK3 = "sk42_gk3"              # Gauss-Krüger, 3° zones
    SK42_GK6_SHORT = "sk42_gk6_short"  # 5+5 digits, repeats every 100 km; needs the sheet
    SK42_SQUARE = "sk42_square"        # kilometre square, and its ninth: "0845, 5"; needs the sheet
    SK42_GEOGRAPHIC = "sk42_geographic"
    UNKNOWN = "unknown"


@code_list("point_type", source=f"{IMSMA_WIKI}, Point Types", verified=True)
class PointType(StrEnum):
    """What a point of a record is."""

    LANDMARK = "landmark"              # IMSMA: reference point
    BENCHMARK = "benchmark"
    START_POINT = "start_point"
    TURNING_POINT = "turning_point"
    INTERMEDIATE_POINT = "intermediate_point"
    END_POINT = "end_point"
    DEVICE = "device"


@code_list("leg_kind", source=OWN, verified=False)
class LegKind(StrEnum):
    """A tie leads from a landmark to the area; a perimeter leg runs along its edge."""

    TIE = "tie"
    PERIMETER = "perimeter"


@code_list(
    "laying_method", source="Re-created Soviet form; CCW APII technical annex", verified=False
)
class LayingMethod(StrEnum):
    """How devices were emplaced."""

    HAND = "hand"
    MECHANISED = "mechanised"
    REMOTE = "remote"
    UNKNOWN = "unknown"


@code_list("figure_scope", source=OWN, verified=False)
class FigureScope(StrEnum):
    """The kind of period that a stated figure covers."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    ANNUAL = "annual"
    CUMULATIVE = "cumulative"
    OTHER = "other"


@code_list("exchange_event", source=OWN, verified=False)
class ExchangeEvent(StrEnum):
    """What happened in the sharing of minefield information."""

    HAND_OVER = "hand_over"
    ANNOUNCEMENT = "announcement"
    ASSESSMENT = "assessment"
    CLAIM = "claim"


@code_list("record_status", source="Fieldproof design; ISO 19157 vocabulary", verified=True)
class RecordStatus(StrEnum):
    """The verdict on a record: a region of its posterior."""

    ACCURATE = "accurate"
    DISPLACED = "displaced"
    INCOMPLETE = "incomplete"
    DEPLETED = "depleted"
    UNSUPPORTED = "unsupported"
    NOT_YET_VERIFIABLE = "not_yet_verifiable"
