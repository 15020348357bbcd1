"""The Gaussian copula, and the marginals that trees draw from as well."""

from skcollapse.synthesizers._copula._gaussian_copula import GaussianCopulaSynthesizer
from skcollapse.synthesizers._copula._marginals import Step, distinct_masses, fit_numeric

__all__ = ["GaussianCopulaSynthesizer", "Step", "distinct_masses", "fit_numeric"]
