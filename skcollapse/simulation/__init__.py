"""Monte Carlo twins of the formulas in `skcollapse.theory`."""

from skcollapse.simulation._regression import simulate_regression
from skcollapse.simulation._risk import simulate_risk

__all__ = ["simulate_regression", "simulate_risk"]
