"""Made-up districts with a known truth. Shares no model with the audit that is tested on them."""

from fieldproof.simulate.district import District, simulate_district

__all__ = ["District", "simulate_district"]
