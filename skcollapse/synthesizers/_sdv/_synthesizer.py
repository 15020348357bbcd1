"""Any single-table synthesizer of SDV, seeded, weighted and silent."""

import logging
import threading
import warnings
from contextlib import contextmanager

import numpy as np
from sklearn.utils._param_validation import HasMethods, StrOptions

from skcollapse._utils._random import draw_entropy
from skcollapse._utils._rows import rows_in_proportion
from skcollapse.synthesizers._base import BaseSynthesizer
from skcollapse.synthesizers._sdv._codecs import ConstantCodec, make_codec
from skcollapse.synthesizers._sdv._metadata import (
    column_names,
    complete_kwargs,
    is_numeric,
    read_metadata,
    rename_distributions,
)

__all__ = ["SDVSynthesizer"]

_NAMES = {
    "GaussianCopulaSynthesizer",
    "CTGANSynthesizer",
    "TVAESynthesizer",
    "CopulaGANSynthesizer",
}
_KWARGS_PREFIX = "synthesizer_kwargs__"
_TABLE = "rows"

# SDV seeds numpy's and torch's global generators while it works: one fit or draw at a time.
_LOCK = threading.RLock()


class SDVSynthesizer(BaseSynthesizer):
    """Learn rows with a single-table synthesizer of the Synthetic Data Vault (SDV).

    Needs the extra ``skcollapse[sdv]``. SDV 2, with its parts rdt, copulas and ctgan, is under the
    Business Source License 1.1, which is no open source licence: read its terms before use. The
    native :class:`GaussianCopulaSynthesizer` needs none of it, takes exact weights and is many
    times faster than SDV's.

    Parameters
    ----------
    synthesizer : {"GaussianCopulaSynthesizer", "CTGANSynthesizer", "TVAESynthesizer", \
            "CopulaGANSynthesizer"} or class, default="GaussianCopulaSynthesizer"
        Name of the SDV class, or the class itself, such as a subclass of your own.
    metadata : sdv.metadata.Metadata, dict or None, default=None
        Statements about columns by name, as in SDV, such as
        ``{"columns": {"grade": {"sdtype": "ordinal", "range_values": ["low", "high"]}}}``.
        Columns without a text name are called x0, x1, ... by position, and the target y. Every
        column of X needs an entry; the target, if it has none, is stated by its dtype, and other
        entries are left aside. Used are the sdtype (numerical, categorical, ordinal, boolean,
        datetime) and the order in `range_values` of ordinal columns. None states every column by
        its dtype, under neutral names.
    synthesizer_kwargs : dict or None, default=None
        Arguments of SDV's constructor. They can be set one by one:
        ``set_params(synthesizer_kwargs__epochs=10)``. Unless given,
        ``default_distribution="norm"`` and ``enable_gpu=False`` are used where the class takes
        them. The keys of `numerical_distributions` are column names as in `metadata`.
    random_state : int, RandomState instance or None, default=None
        Determines everything random in `fit`. Pass an int for reproducible results.

    Attributes
    ----------
    synthesizer_ : object or None
        The fitted SDV synthesizer; None if no column varies.
    n_features_in_ : int
        Number of columns of X seen in `fit`.
    feature_names_in_ : ndarray of shape (`n_features_in_`,)
        Names of the columns, if all are text.

    See Also
    --------
    GaussianCopulaSynthesizer : Native, exactly weighted, without SDV.

    Notes
    -----
    *Randomness.* SDV has no parameter for it: after every fit it sets its generator to the same
    constant. Samples of models fitted on independent rows are then made of the same latent draws,
    and over generations their errors point the same way instead of averaging out. Missing values
    come from further generators, seeded by a hash of the data. Here, every fit and every call of
    `sample` seeds all of them, and numpy's and torch's global ones while SDV works; the
    global state is put back afterwards. A lock lets one thread in at a time.

    *Metadata.* SDV's detection replaces columns that are named like a place or a number plate, or
    that look like a key, by made-up values, and it stores ranges that reject next month's rows.
    Here each column is numerical or categorical by its dtype. Integers and dates are counted in
    whole steps above their smallest value and never leave the observed range. Constant columns
    and columns that are missing throughout are put back without SDV.

    *Weights.* SDV takes none. Weights with a small common measure are turned into repeated rows
    exactly, others into ``2 * n_samples`` systematically drawn rows, and the rows are shuffled,
    since SDV's fit depends on their order. Integer weights therefore do not give the same fit as
    repeated rows bit for bit.

    *Stored rows.* CTGAN's index of training rows by category is removed after the fit. Marginals
    of type "gaussian_kde" are made of the training values, so `stores_rows` is True with them,
    and with classes that are not SDV's own. Synthetic data has no privacy guarantee either way.

    *Range.* SDV clips drawn numbers to the observed range (`enforce_min_max_values`). In a chain
    of models fitted to each other's rows this shortens the tails again and again: with 200 rows a
    generation and no fresh ones, the standard deviation falls to 0.68 after 20 generations, as
    against 0.93 without clipping. With thousands of rows or fresh real ones it hardly matters.

    *Work.* One torch thread, no worker processes, no output and no warnings, unless you set
    ``verbose=True`` in `synthesizer_kwargs`.

    References
    ----------
    .. [1] N. Patki, R. Wedge, K. Veeramachaneni. "The Synthetic Data Vault". IEEE International
       Conference on Data Science and Advanced Analytics, 2016.
    .. [2] L. Xu, M. Skoularidou, A. Cuesta-Infante, K. Veeramachaneni. "Modeling Tabular Data
       using Conditional GAN". Advances in Neural Information Processing Systems 32, 2019.

    Examples
    --------
    >>> import numpy as np
    >>> from skcollapse.synthesizers import SDVSynthesizer
    >>> X = np.random.default_rng(0).normal(size=(200, 3))
    >>> synthesizer = SDVSynthesizer(random_state=0).fit(X)
    >>> synthesizer.sample(5, random_state=1).shape
    (5, 3)
    >>> synthesizer = SDVSynthesizer("TVAESynthesizer", synthesizer_kwargs={"epochs": 2})
    >>> synthesizer.set_params(synthesizer_kwargs__batch_size=100).fit(X).sample(5).shape
    (5, 3)
    """

    _parameter_constraints = {
        "synthesizer": [StrOptions(_NAMES), type],
        "metadata": [dict, HasMethods(["to_dict"]), None],
        "synthesizer_kwargs": [dict, None],
        "random_state": ["random_state"],
    }

    def __init__(
        self,
        synthesizer="GaussianCopulaSynthesizer",
        *,
        metadata=None,
        synthesizer_kwargs=None,
        random_state=None,
    ):
        self.synthesizer = synthesizer
        self.metadata = metadata
        self.synthesizer_kwargs = synthesizer_kwargs
        self.random_state = random_state

    @property
    def stores_rows(self):
        """Tell if the fitted object keeps training values; see the notes of the class."""
        kwargs = self.synthesizer_kwargs or {}
        marginals = [*(kwargs.get("numerical_distributions") or {}).values()]
        marginals.append(kwargs.get("default_distribution"))
        is_foreign = getattr(self.synthesizer, "__name__", self.synthesizer) not in _NAMES
        return is_foreign or "gaussian_kde" in marginals

    def get_params(self, deep=True):
        """Get the parameters.

        Parameters
        ----------
        deep : bool, default=True
            If True, each entry of `synthesizer_kwargs` is also listed by itself, as
            ``synthesizer_kwargs__<name>``.

        Returns
        -------
        params : dict
            Values by parameter name.
        """
        params = super().get_params(deep=deep)
        if deep and isinstance(self.synthesizer_kwargs, dict):
            params.update({_KWARGS_PREFIX + k: v for k, v in self.synthesizer_kwargs.items()})
        return params

    def set_params(self, **params):
        """Set parameters.

        Parameters
        ----------
        **params : dict
            Values by parameter name. ``synthesizer_kwargs__<name>`` sets one argument of SDV's
            constructor and leaves the others; whether SDV knows it is checked in `fit`.

        Returns
        -------
        self : object
            This synthesizer.
        """
        single = {key for key in params if key.startswith(_KWARGS_PREFIX)}
        super().set_params(**{key: params[key] for key in params if key not in single})
        if single:
            changed = {key.removeprefix(_KWARGS_PREFIX): params[key] for key in single}
            # A new dict: the present one may be shared with the clone's original.
            self.synthesizer_kwargs = {**(self.synthesizer_kwargs or {}), **changed}
        return self

    def _begin_fit(self, specs, target):
        sdv_class = self._load_class()
        self._user_names = column_names(specs, target)
        self._stated = read_metadata(self.metadata, self._user_names, specs, target)
        self._sdv_names = self._user_names
        if self.metadata is None:
            self._sdv_names = ["y" if j == target else f"x{j}" for j in range(len(specs))]
        self._constructor_kwargs(sdv_class, [is_numeric(stated) for stated in self._stated])

    def _fit(self, columns, sample_weight, target):
        entropy = draw_entropy(self.random_state)
        for_rows, for_fit, for_sampling = np.random.SeedSequence(entropy).spawn(3)
        generator = np.random.default_rng(for_rows)
        rows = rows_in_proportion(sample_weight, generator)
        if not np.array_equal(rows, np.arange(len(sample_weight))):
            rows = generator.permutation(rows)
            columns = [column.take(rows) for column in columns]
        self._codecs = [make_codec(c, s) for c, s in zip(columns, self._stated, strict=True)]
        self.synthesizer_ = None
        if any(self._is_modelled()):
            with self._session(for_fit):
                self.synthesizer_ = self._fit_sdv(columns)
                _seed(self.synthesizer_, for_sampling)

    def _sample(self, n_samples, generator):
        if self.synthesizer_ is None:
            return [codec.repeat(n_samples) for codec in self._codecs]
        for_session, for_sampling = np.random.SeedSequence(
            generator.integers(2**32, size=4)
        ).spawn(2)
        with self._session(for_session):
            self._keep_on_cpu()
            _seed(self.synthesizer_, for_sampling)
            drawn = self.synthesizer_.sample(n_samples)[_TABLE]
        if len(drawn) != n_samples:
            raise RuntimeError(f"SDV drew {len(drawn)} rows instead of {n_samples}.")
        return [
            codec.decode(drawn[name]) if modelled else codec.repeat(n_samples)
            for name, codec, modelled in zip(
                self._sdv_names, self._codecs, self._is_modelled(), strict=True
            )
        ]

    def _is_modelled(self):
        return [not isinstance(codec, ConstantCodec) for codec in self._codecs]

    def _load_class(self):
        """Return the SDV class; raise if sdv is missing or the class is of another kind."""
        single_table = _import_sdv()
        if isinstance(self.synthesizer, str):
            return getattr(single_table, self.synthesizer)
        if not issubclass(self.synthesizer, single_table.base.BaseSingleTableSynthesizer):
            raise ValueError(
                f"synthesizer must be one of {sorted(_NAMES)} or a single-table synthesizer class "
                f"of SDV; got the class {self.synthesizer.__name__}."
            )
        return self.synthesizer

    def _constructor_kwargs(self, sdv_class, numeric):
        """Return checked arguments for SDV's constructor, all but the metadata."""
        kwargs = complete_kwargs(sdv_class, self.synthesizer_kwargs)
        if kwargs.get("numerical_distributions"):
            kwargs["numerical_distributions"] = rename_distributions(
                kwargs["numerical_distributions"], self._user_names, self._sdv_names, numeric
            )
        return kwargs

    def _fit_sdv(self, columns):
        """Fit a new SDV synthesizer on the columns that vary."""
        import pandas as pd
        from sdv.metadata import Metadata

        parts = zip(self._sdv_names, self._codecs, columns, self._is_modelled(), strict=True)
        modelled = [(name, codec, column) for name, codec, column, varies in parts if varies]
        frame = pd.DataFrame({name: codec.encode(column) for name, codec, column in modelled})
        numeric = [
            None if isinstance(codec, ConstantCodec) else is_numeric(stated)
            for codec, stated in zip(self._codecs, self._stated, strict=True)
        ]
        table = {"columns": {name: codec.statement for name, codec, _ in modelled}}
        metadata = Metadata.load_from_dict(
            {"tables": {_TABLE: table}, "relationships": [], "METADATA_SPEC_VERSION": "V2"}
        )
        sdv_class = self._load_class()
        synthesizer = sdv_class(metadata, **self._constructor_kwargs(sdv_class, numeric))
        synthesizer._print_warning = _say_nothing
        try:
            synthesizer.fit({_TABLE: frame})
        except Exception as error:
            error.add_note(f"SDV was given the columns {self._user_names} as {self._sdv_names}.")
            raise
        del synthesizer._print_warning
        _forget_rows(synthesizer)
        return synthesizer

    def _on_gpu(self):
        return bool((self.synthesizer_kwargs or {}).get("enable_gpu"))

    def _keep_on_cpu(self):
        """Undo the move to a GPU that SDV makes whenever one of its deep models is unpickled."""
        model = self.synthesizer_._model
        if hasattr(model, "set_device") and not self._on_gpu():
            model.set_device("cpu")

    @contextmanager
    def _session(self, seed):
        """Let SDV work alone: seeded, in one thread, in silence. Everything is restored."""
        import joblib
        import torch

        number = int(seed.generate_state(1)[0])
        gpus = range(torch.cuda.device_count()) if self._on_gpu() else []
        with (
            _LOCK,
            _silence(),
            torch.random.fork_rng(gpus),
            # ctgan asks for all cores, also inside a worker of a grid search.
            joblib.parallel_config(backend="sequential"),
        ):
            n_threads, numpy_state = torch.get_num_threads(), np.random.get_state()  # noqa: NPY002
            try:
                np.random.seed(number)  # noqa: NPY002
                (torch if self._on_gpu() else torch.default_generator).manual_seed(number)
                torch.set_num_threads(1)
                yield
            finally:
                torch.set_num_threads(n_threads)
                np.random.set_state(numpy_state)  # noqa: NPY002


def _import_sdv():
    """Return `sdv.single_table`, or say how to get it."""
    advice = (
        'SDVSynthesizer needs SDV 2: pip install "skcollapse[sdv]". Install the build of torch '
        "that suits the machine before it, or pip fetches the large one for GPUs."
    )
    with _LOCK, _silence():
        try:
            import sdv
        except ImportError as error:
            raise ImportError(f"{advice} ({error})") from error
        if int(sdv.__version__.split(".")[0]) < 2:
            raise ImportError(f"{advice} Found sdv {sdv.__version__}.")
        import sdv.single_table

    return sdv.single_table


@contextmanager
def _silence():
    loggers = [logging.getLogger(name) for name in ("sdv", "rdt", "copulas", "ctgan")]
    levels = [logger.level for logger in loggers]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.setLevel(logging.ERROR)
        try:
            yield
        finally:
            for logger, level in zip(loggers, levels, strict=True):
                logger.setLevel(level)


def _seed(synthesizer, seed):
    """Seed every generator that SDV draws rows from; the only use of its private hooks.

    The model's own generator is reset to a constant by each fit. Those of the column transformers
    decide which values are missing; they would give the same mask for every seed.
    """
    for_model, for_columns = seed.spawn(2)
    synthesizer._set_random_state(int(for_model.generate_state(1)[0] >> 1))
    transformers = [t for t in synthesizer.get_transformers().values() if t is not None]
    for transformer, state in zip(transformers, for_columns.spawn(len(transformers)), strict=True):
        generator = np.random.RandomState(np.random.MT19937(state))
        transformer.set_random_state(generator, "reverse_transform")


def _forget_rows(synthesizer):
    """Drop CTGAN's list of row numbers by category level, from which rows could be read back."""
    sampler = getattr(synthesizer._model, "_data_sampler", None)
    if sampler is not None:
        sampler._rid_by_cat_cols = []


def _say_nothing(data):
    """Stand in for the alert that CTGAN prints about wide tables."""
