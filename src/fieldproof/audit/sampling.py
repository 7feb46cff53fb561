"""Exact statistics of a random sample from an isolated lot: one hand-over, a finite number.

No normal approximation and no series of lots: the hypergeometric distribution itself
[cochran-1977]. Acceptance schemes for a continuing series (ISO 2859-1) do not fit a hand-over.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import hypergeom

from fieldproof.audit.mine_ledger import exact
from fieldproof.errors import ModelError


def exact_interval(
    found: int, sampled: int, lot: int, level: float = 0.95
) -> tuple[float, float]:
    """Shares of the lot that the sample does not contradict at `level`, both ends.

    Args:
        found: members of the class in the sample.
        sampled: sample size, drawn at random without replacement.
        lot: size of the lot.
        level: confidence; each tail takes half of the rest.

    Returns:
        Lowest and highest share.

    """
    if not 0 <= found <= sampled <= lot or sampled == 0:
        raise ModelError(f"{found} of {sampled} from {lot} is no sample of a lot")
    tail = (1.0 - level) / 2
    members = np.arange(found, lot - (sampled - found) + 1)
    at_least = hypergeom.sf(found - 1, lot, members, sampled)
    at_most = hypergeom.cdf(found, lot, members, sampled)
    fits = members[(at_least > tail) & (at_most > tail)]
    return float(fits[0] / lot), float(fits[-1] / lot)


def worst_case_bounds(found: int, others: int, lot: int) -> tuple[float, float]:
    """Shares possible with no assumption on records that were not decided [manski-2003].

    Args:
        found: records decided to be of the class.
        others: records decided not to be.
        lot: all records.

    """
    if found < 0 or others < 0 or found + others > lot:
        raise ModelError(f"{found} and {others} of {lot} are no shares of a lot")
    return found / lot, (lot - others) / lot


def sample_size(lot: int, half_width: float, share: float = 0.25, level: float = 0.95) -> int:
    """Smallest random sample whose exact interval is as narrow as wanted, at the share expected.

    Args:
        lot: size of the lot.
        half_width: wanted half of the interval's width, as a share.
        share: share expected; 0.5 asks for the most.
        level: confidence.

    """
    if lot < 1 or not 0.0 < half_width < 0.5:
        raise ModelError(f"lot {lot}, half width {half_width}: a lot of 1 or more and a half width "
                         "between 0 and 0.5 would be right")
    for sampled in range(1, lot):
        low, high = exact_interval(round(share * sampled), sampled, lot, level)
        if (high - low) / 2 <= half_width:
            return sampled
    return lot


def zero_failure_size(lot: int | None, bad_share: float, level: float = 0.95) -> int:
    """Smallest sample that, if it holds nothing wrong, shows that at most `bad_share` is wrong.

    Args:
        lot: size of the lot; None: without end.
        bad_share: largest share of wrong records that would do.
        level: confidence.

    """
    if (lot is not None and lot < 1) or not 0.0 < bad_share < 1.0:
        raise ModelError(f"lot {lot}, bad share {bad_share}: a lot of 1 or more and a share "
                         "between 0 and 1 would be right")
    if lot is None:
        return int(np.ceil(np.log(1.0 - level) / np.log(1.0 - bad_share)))
    bad = int(exact(bad_share) * lot) + 1  # the least that would be too many
    for sampled in range(1, lot):
        if hypergeom.pmf(0, lot, bad, sampled) <= 1.0 - level:
            return sampled
    return lot
