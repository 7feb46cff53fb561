"""Does the record hold; how reliable is the batch."""

from fieldproof.audit.batch import BatchFigure, batch_figure
from fieldproof.audit.evidence import RecordEvidence, build_evidence, gather
from fieldproof.audit.ground import FindInput, Ground, SearchInput
from fieldproof.audit.prior import PRIORS, REFERENCE, Prior
from fieldproof.audit.status import Thresholds
from fieldproof.audit.verdict import Verdict, judge, judge_under, not_judged

__all__ = [
    "PRIORS", "REFERENCE", "BatchFigure", "FindInput", "Ground", "Prior", "RecordEvidence",
    "SearchInput", "Thresholds", "Verdict", "batch_figure", "build_evidence", "gather", "judge",
    "judge_under", "not_judged",
]
