"""The default schema: every table that a file of the field can fill, in the terms of IMAS.

Two kinds of time stand on every statement and so in no table: `known_on` (when its maker knew)
and `valid_from`/`valid_to` (when it holds). A file may carry them as columns of any table.
"""

from __future__ import annotations

from typing import Final

from fieldproof.model import codes as _codes  # noqa: F401  (fills CODE_LISTS)
from fieldproof.model.schema import (
    Field,
    GeometryKind,
    Table,
    boolean,
    code,
    date,
    integer,
    located,
    number,
    text,
)

#: Columns of any file that say when and by whom a row was stated; they override the import's own.
STATEMENT_FIELDS: Final[tuple[Field, ...]] = (
    date("known_on", "When the maker of the statement knew it (IMSMA: date of information).",
         "date_of_information", "statement_date", "info_date"),
    date("valid_from", "First day on which it holds."),
    date("valid_to", "Last day on which it holds."),
    text("stated_by", "Who states it.", "publisher", "source", "reported_by"),
)

ORGANISATIONS: Final = Table(
    "organisations", "Organisations", "A party, authority, operator, monitor, donor or paper.",
    ("organisation_id",),
    (
        text("organisation_id", "Short unique name.", "org_id", required=True, example="OP-1"),
        text("name", "Full name.", required=True),
        code("kind", "organisation_kind", "What it is in the work.", example="operator"),
        text("accreditation", "Accreditation number, where there is one."),
    ),
)

BATCHES: Final = Table(
    "batches", "Batches", "One hand-over of records from one party to another.",
    ("batch_id",),
    (
        text("batch_id", "Unique name of the hand-over.", required=True, example="B-2021-1"),
        text("from_party", "Who handed over.", "giving_party"),
        text("to_party", "Who received.", "receiving_party"),
        date("handed_over_on", "Day of the hand-over."),
        text("channel", "How it went, for example through a third state."),
        integer("records_stated", "How many records the giver says it holds."),
        text("remarks", "Anything else."),
    ),
)

MINEFIELD_RECORDS: Final = Table(
    "minefield_records", "Minefield records",
    "One minefield record: the form, its custody and what it says of the field as a whole.",
    ("record_id",),
    (
        text("record_id", "Unique name of the record.", "form_id", "minefield_id",
             required=True, example="R-001"),
        text("batch_id", "The hand-over that it came in.", "batch"),
        text("form_number", "Number on the form.", "№ формуляра"),
        text("form_type", "Kind of form.", example="soviet_minefield_form"),
        text("language", "Language of the form, ISO 639.", example="ru"),
        code("legal_duty", "legal_duty", "The duty under which it was made.", required=True,
             example="none_stated"),
        # custody
        text("given_by", "Party that gave it."),
        text("received_by", "Party that received it."),
        date("received_on", "Day of receipt."),
        text("copy_number", "Which copy of the form this is.", "экз. №"),
        integer("copies_known", "How many copies are known."),
        text("scan_sha256", "SHA-256 of the scan of the form."),
        text("transcribed_by", "Initials or role of who typed it in."),
        date("transcribed_on", "When it was typed in."),
        boolean("transcription_checked", "A second person compared it with the scan."),
        # author
        text("laid_by_unit", "Unit that laid the field.", "unit", "подразделение"),
        text("commander", "Name of the commander who signed.", personal=True),
        # reading conventions: never guessed
        code("angle_unit", "angle_unit", "Unit of every angle on the form.", required=True,
             example="mil_6000"),
        code("north_reference", "north_reference", "North of every angle on the form.",
             required=True, example="magnetic"),
        code("angle_sense", "angle_sense", "Turning sense of the angles.", example="clockwise"),
        code("coordinate_system", "coordinate_system", "Frame of the form's coordinates.", "crs",
             required=True, example="sk42_gk6"),
        code("declination_source", "declination_source", "Where the declination comes from.",
             example="model_at_laying_date"),
        number("declination_deg", "Declination printed on the map margin, degrees, east positive.",
               minimum=-180, maximum=180),
        text("map_sheet", "Map sheet that the form names.", "sheet"),
        integer("map_scale", "Denominator of the map's scale.", example="50000"),
        # content
        date("laid_on", "Day the field was laid (first day).", "date_laid", "дата установки"),
        date("laid_until", "Last day of laying."),
        code("laying_method", "laying_method", "How it was laid.", example="hand"),
        number("front_m", "Length along the front in metres.", "front"),
        number("depth_m", "Depth in metres.", "depth"),
        integer("rows", "Number of rows.", "ряды"),
        number("spacing_m", "Distance between devices in a row, metres.", "шаг"),
        integer("devices_total", "Devices that the form states in all.", "всего мин"),
        text("marking", "Fences and signs.", "ограждение"),
        text("changes_after_laying", "Lifted, exploded, relaid, handed to another unit."),
        text("terrain_note", "Slope, water, soil: what may have moved devices."),
        text("remarks", "Anything else on the form."),
    ),
    parents={"batch_id": "batches"},
    imas="CCW APII technical annex 1(a); IMSMA Mine/ERW records",
)

RECORD_POINTS: Final = Table(
    "record_points", "Points of records",
    "A landmark or a turning point that a record gives by coordinates.",
    ("record_id", "point_id"),
    located((
        text("record_id", "The record.", required=True),
        text("point_id", "Name of the point on the form.", required=True, example="LM-1"),
        code("point_type", "point_type", "What the point is.", required=True, example="landmark"),
        integer("part", "Part of a record in several pieces, from 1.", minimum=1, example="1"),
        integer("sequence", "Order of a turning point along the edge, from 1.", minimum=1),
        text("description", "What stands there, as the form says."),
        boolean("surveyed", "The landmark was found on the ground and measured with GNSS."),
    )),
    GeometryKind.POINT,
    parents={"record_id": "minefield_records"},
)

RECORD_LEGS: Final = Table(
    "record_legs", "Legs of records",
    "An azimuth and a distance on a form: a tie from a landmark, or a side of the perimeter.",
    ("record_id", "part", "kind", "sequence"),
    (
        text("record_id", "The record.", required=True),
        integer("part", "Part of a record in several pieces, from 1.", required=True, minimum=1,
                example="1"),
        code("kind", "leg_kind", "Tie or perimeter.", required=True, example="perimeter"),
        integer("sequence", "Order of the leg, from 1.", required=True, minimum=1, example="1"),
        text("from_point", "Point it starts from (a tie: the landmark's point_id).",
             example="LM-1"),
        text("to_point", "Point it leads to."),
        number("azimuth", "Angle as written, in the record's unit.", "azimut", "азимут",
               required=True, minimum=None, example="52.10"),
        number("distance_m", "Distance in metres.", "distance", "расстояние", required=True,
               example="450"),
        number("distance_sigma_m", "1 sigma of the distance, where known."),
    ),
    parents={"record_id": "minefield_records"},
)

RECORD_DEVICES: Final = Table(
    "record_devices", "Devices of records", "What a record lists, by model and row.",
    ("record_id", "line"),
    (
        text("record_id", "The record.", required=True),
        integer("line", "Line of the list, from 1.", required=True, minimum=1, example="1"),
        code("device_class", "device_class", "Class.", required=True, example="ap_mine"),
        text("model", "Model as written.", example="ПМН-2"),
        integer("quantity", "How many.", required=True, example="60"),
        integer("part", "Part of the record, from 1.", minimum=1),
        integer("row", "Row of the field, from 1.", minimum=1),
        integer("anti_handling", "How many cannot be lifted (anti-handling)."),
        text("fuze", "Fuze."),
        number("depth_cm", "Depth of laying in centimetres."),
        integer("self_destruct_days", "Life time in days, where the device has one."),
    ),
    parents={"record_id": "minefield_records"},
)

SEARCHES: Final = Table(
    "searches", "Searches",
    "Ground that was looked at: by whom, how, when, how deep, and how surely.",
    ("search_id",),
    (
        text("search_id", "Unique name.", "survey_id", "polygon_id", required=True,
             example="S-014"),
        text("activity_id", "Activity that it is part of."),
        text("organisation", "Who searched.", "operator"),
        code("method", "search_method", "How it was searched.", required=True,
             example="manual_clearance"),
        code("device_class", "device_class", "Class that it can find, where it is limited to one."),
        number("pod", "Probability of detection, 0 to 1: share of the devices there that the "
               "search finds.", "detection_probability", minimum=0, maximum=1, example="0.95"),
        text("pod_source", "Where the POD comes from."),
        date("started_on", "First day.", "start_date", "date_start"),
        date("ended_on", "Last day.", "end_date", "date_end", "date"),
        number("depth_m", "Depth to which it was searched, metres.", example="0.2"),
        number("area_m2", "Area as the source states it, square metres.", "area"),
        text("remarks", "Anything else."),
    ),
    GeometryKind.AREA,
)

FINDS: Final = Table(
    "finds", "Finds", "An item of explosive ordnance found, with its fate.",
    ("find_id",),
    located((
        text("find_id", "Unique name.", "item_id", "id", required=True, example="F-00321"),
        text("search_id", "Search that found it."),
        text("organisation", "Who found it.", "operator"),
        date("found_on", "Day it was found.", "date", "date_found", required=True),
        code("device_class", "device_class", "Class.", "class", "type", required=True,
             example="ap_mine"),
        text("model", "Model.", example="PMN-2"),
        integer("quantity", "How many at this place.", "qty", minimum=1, example="1"),
        number("depth_cm", "Depth in centimetres.", "depth"),
        text("condition", "Condition."),
        code("fate", "find_fate", "What became of it.", example="destroyed_in_situ"),
        integer("production_year", "Year of production on the item.", minimum=1900, maximum=2100),
        text("lot", "Production lot."),
        text("remarks", "Anything else."),
    )),
    GeometryKind.POINT,
    parents={"search_id": "searches"},
    imas="GICHD MDR, land release product",
)

ACCIDENTS: Final = Table(
    "accidents", "Accidents", "An accident with explosive ordnance.",
    ("accident_id",),
    located((
        text("accident_id", "Unique name.", required=True, example="A-07"),
        date("occurred_on", "Day.", "date", required=True),
        code("accident_class", "accident_class", "Class.", required=True, example="mine"),
        code("device_class", "device_class", "Class of the device.", example="ap_mine"),
        text("place", "Place in words."),
        text("activity", "What was being done."),
        boolean("marked", "The ground was marked."),
        text("remarks", "Anything else."),
    )),
    GeometryKind.POINT,
    imas="GICHD MDR, accident; IMAS 10.60",
)

VICTIMS: Final = Table(
    "victims", "Victims", "A person killed or injured in an accident.",
    ("victim_id",),
    (
        text("victim_id", "Unique name without meaning.", required=True, example="V-07-1"),
        text("accident_id", "The accident.", required=True),
        code("outcome", "victim_outcome", "Killed or injured.", required=True, example="injured"),
        code("sex", "sex", "Sex.", "gender", example="unknown"),
        code("age_group", "age_group", "Child or adult.", example="adult"),
        code("status", "victim_status", "Civilian, deminer or military.", example="civilian"),
        text("activity", "Activity at the time."),
        text("name", "Name.", personal=True),
        date("date_of_birth", "Date of birth.", "dob", personal=True),
        text("address", "Address.", personal=True),
    ),
    parents={"accident_id": "accidents"},
    imas="GICHD MDR, victim; IMAS 13.10",
)

HAZARD_AREAS: Final = Table(
    "hazard_areas", "Hazard areas", "A suspected or confirmed hazardous area.",
    ("hazard_id",),
    (
        text("hazard_id", "Unique name.", "land_id", required=True, example="H-3"),
        text("name", "Name."),
        code("land_class", "land_class", "SHA, CHA or other class.", "class", "type",
             required=True, example="sha"),
        code("land_status", "land_status", "Status.", "status", example="open"),
        date("status_on", "Day of the status."),
        code("evidence", "evidence", "Evidence of contamination.", example="indirect"),
        code("direct_evidence", "direct_evidence", "Kind of direct evidence."),
        code("indirect_evidence", "indirect_evidence", "Kind of indirect evidence."),
        code("information_reliability", "information_reliability", "1 to 6."),
        code("source_reliability", "source_reliability", "A to F."),
        code("device_class", "device_class", "Class suspected or confirmed."),
        number("area_m2", "Area as stated, square metres.", "area"),
        integer("beneficiaries", "People who would gain."),
        text("record_id", "Minefield record that it rests on."),
        text("remarks", "Anything else."),
    ),
    GeometryKind.AREA,
    imas="IMAS 08.10; GICHD MDR, contaminated area",
)

ACTIVITIES: Final = Table(
    "activities", "Activities", "Survey, clearance, EOD or a report of their outcome.",
    ("activity_id",),
    (
        text("activity_id", "Unique name.", required=True, example="ACT-9"),
        code("activity_type", "activity_type", "Type.", "type", required=True,
             example="completion_report"),
        code("activity_status", "activity_status", "Status.", "status"),
        text("organisation", "Who does it.", "operator"),
        text("hazard_id", "Land that it is about."),
        text("asset", "Asset deployed."),
        date("started_on", "First day.", "start_date"),
        date("ended_on", "Last day.", "end_date"),
        number("cancelled_m2", "Land cancelled by non-technical survey, square metres."),
        number("reduced_m2", "Land reduced by technical survey, square metres."),
        number("cleared_m2", "Land cleared, square metres."),
        number("depth_m", "Depth cleared, metres."),
        number("hours", "Hours spent."),
        text("remarks", "Anything else."),
    ),
    GeometryKind.AREA,
    parents={"hazard_id": "hazard_areas"},
    imas="IMAS 07.11; GICHD MDR, activity",
)

QUALITY_VISITS: Final = Table(
    "quality_visits", "Quality management", "A quality assurance or control visit.",
    ("visit_id",),
    (
        text("visit_id", "Unique name.", required=True, example="QM-2"),
        code("kind", "qm_kind", "Assurance or control.", required=True, example="control"),
        text("activity_id", "Activity inspected.", required=True),
        date("visited_on", "Day.", "date", required=True),
        text("organisation_inspected", "Who was inspected."),
        text("inspecting_organisation", "Who inspected."),
        text("non_conformity", "What did not conform."),
        code("severity", "severity", "Severity."),
        text("measures", "Measures taken."),
    ),
    GeometryKind.AREA,
    parents={"activity_id": "activities"},
    imas="GICHD MDR, QA visit",
)

PROGRESS_FIGURES: Final = Table(
    "progress_figures", "Progress figures",
    "A figure stated in public for a period: land, items, casualties. Contradictions are kept.",
    ("figure_id",),
    (
        text("figure_id", "Unique name; made from file and row where absent.", required=True),
        date("period_start", "First day covered."),
        date("period_end", "Last day covered.", required=True),
        code("scope", "figure_scope", "Kind of period.", required=True, example="monthly"),
        text("operator_scope", "Whose work it covers, where not all.", "agency"),
        text("area", "Place it covers, where not all.", "district"),
        text("land_use", "Land use it covers, where not all."),
        number("hectares_cleared", "Land cleared, hectares."),
        integer("ap_mines", "AP mines found."),
        integer("at_mines", "AV (anti-tank) mines found.", "av_mines"),
        integer("uxo", "UXO found."),
        integer("items", "Items of all kinds found, where not split.", "items_found"),
        integer("killed", "People killed."),
        integer("injured", "People injured."),
        integer("casualties", "Killed and injured together, as stated."),
        text("source_url", "Page on which it was stated.", "url"),
        text("note", "What is odd about it."),
    ),
)

INFORMATION_EVENTS: Final = Table(
    "information_events", "Sharing of information",
    "A hand-over, announcement or assessment of minefield information, as somebody states it.",
    ("event_id",),
    (
        text("event_id", "Unique name; made from file and row where absent.", required=True),
        date("event_on", "Day.", "date", required=True),
        code("kind", "exchange_event", "What happened.", required=True, example="hand_over"),
        text("from_party", "Who gave or speaks."),
        text("to_party", "To whom."),
        text("area", "Area concerned."),
        integer("records", "Records or forms."),
        integer("mines_recorded", "Mines on those records, as stated."),
        text("statement", "What is stated, in short."),
        text("source_url", "Page on which it was stated.", "url"),
    ),
)

FINDINGS: Final = Table(
    "findings", "Findings", "A verdict of an audit on a record. Written by Fieldproof alone.",
    ("finding_id",),
    (
        text("finding_id", "Unique name.", required=True),
        text("record_id", "The record judged.", required=True),
        code("status", "record_status", "Verdict.", required=True),
        text("probabilities", "Posterior of each status, JSON.", required=True),
        text("thresholds", "Thresholds in force, JSON.", required=True),
        text("basis", "Ledger head, model and seed that the verdict rests on, JSON.",
             required=True),
    ),
    parents={"record_id": "minefield_records"},
)

#: All tables, parents before children.
TABLES: Final[dict[str, Table]] = {
    table.name: table
    for table in (
        ORGANISATIONS, BATCHES, MINEFIELD_RECORDS, RECORD_POINTS, RECORD_LEGS, RECORD_DEVICES,
        SEARCHES, FINDS, ACCIDENTS, VICTIMS, HAZARD_AREAS, ACTIVITIES, QUALITY_VISITS,
        PROGRESS_FIGURES, INFORMATION_EVENTS, FINDINGS,
    )
}
