"""Monte Carlo twins of the formulas in `skcollapse.theory`."""

from skcollapse.simulation._risk import simulate_risk

__all__ = ["simulate_risk"]
