"""Does the record hold; how reliable is the batch."""

from fieldproof.audit.batch import BatchFigure, batch_figure
from fieldproof.audit.evidence import FindInput, RecordEvidence, SearchInput, build_evidence
from fieldproof.audit.prior import PRIORS, REFERENCE, Prior
from fieldproof.audit.status import Thresholds
from fieldproof.audit.verdict import Verdict, judge, judge_under, not_judged

__all__ = [
    "PRIORS", "REFERENCE", "BatchFigure", "FindInput", "Prior", "RecordEvidence", "SearchInput",
    "Thresholds", "Verdict", "batch_figure", "build_evidence", "judge", "judge_under",
    "not_judged",
]
