"""Monte Carlo twins of the formulas in `skcollapse.theory`."""

from skcollapse.simulation._frequencies import simulate_frequencies
from skcollapse.simulation._gaussian import simulate_gaussian
from skcollapse.simulation._kernel_density import simulate_kde
from skcollapse.simulation._location import simulate_location
from skcollapse.simulation._regression import simulate_regression
from skcollapse.simulation._risk import simulate_risk

__all__ = [
    "simulate_frequencies",
    "simulate_gaussian",
    "simulate_kde",
    "simulate_location",
    "simulate_regression",
    "simulate_risk",
]
