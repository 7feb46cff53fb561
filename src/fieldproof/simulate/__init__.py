"""Made-up districts with a known truth. Shares no model with the audit that is tested on them."""
