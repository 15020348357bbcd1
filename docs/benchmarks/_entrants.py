"""Synthesizers that the speed and fidelity scripts compare: fit a frame, draw a frame."""

import warnings

from skcollapse.synthesizers import GaussianCopulaSynthesizer

TARGET = "target"


class Native:
    """skcollapse's Gaussian copula."""

    name = "native"

    def fit(self, frame):
        columns = frame.drop(columns=TARGET, errors="ignore")
        self.joint = TARGET in frame
        y = frame[TARGET].to_numpy() if self.joint else None
        self.synthesizer = GaussianCopulaSynthesizer().fit(columns, y)
        return self

    def sample(self, n_samples, seed):
        drawn = self.synthesizer.sample(n_samples, random_state=seed)
        if not self.joint:
            return drawn
        X, y = drawn
        return X.assign(**{TARGET: y})


class SDV:
    """SDV's Gaussian copula used directly, with metadata from the dtypes and neutral names."""

    def __init__(self, distribution):
        self.distribution = distribution
        self.name = f"sdv {distribution}"

    def fit(self, frame):
        from sdv.metadata import Metadata
        from sdv.single_table import GaussianCopulaSynthesizer as SDVGaussianCopula

        self.columns = list(frame.columns)
        renamed = frame.set_axis([f"x{j}" for j in range(len(self.columns))], axis=1)
        kinds = {
            name: {"sdtype": "numerical" if dtype.kind in "iuf" else "categorical"}
            for name, dtype in renamed.dtypes.items()
        }
        metadata = Metadata.load_from_dict(
            {
                "tables": {"t": {"columns": kinds}},
                "relationships": [],
                "METADATA_SPEC_VERSION": "V2",
            }
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.synthesizer = SDVGaussianCopula(metadata, default_distribution=self.distribution)
            self.synthesizer.fit({"t": renamed})
        return self

    def sample(self, n_samples, seed):
        # SDV starts every fitted model with the same constant; this is its only seed.
        self.synthesizer._set_random_state(seed)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            drawn = self.synthesizer.sample(n_samples)["t"]
        return drawn.set_axis(self.columns, axis=1)


def make_entrants():
    """Return the native entrant and, where sdv is installed, SDV's default and `norm`."""
    try:
        import sdv.single_table  # noqa: F401
    except ImportError:
        print("sdv is not installed: only the native synthesizer runs.")
        return [Native()]
    return [Native(), SDV("beta"), SDV("norm")]
