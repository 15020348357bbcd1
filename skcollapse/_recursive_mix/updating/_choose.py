"""Which update a recursion uses."""

from skcollapse._recursive_mix.fitting import weight_parameter
from skcollapse._recursive_mix.labelling import Corrected
from skcollapse._recursive_mix.updating._correct import Correct
from skcollapse._recursive_mix.updating._mixed import Mixed
from skcollapse._recursive_mix.updating._refit import Refit
from skcollapse.workflows import Fresh

__all__ = ["UPDATES", "choose_update"]

UPDATES = {"refit": Refit, "correct": Correct}

# Losses, by parameter, whose predictions are no conditional means.
_LOSS_PARAMETERS = ("loss", "criterion", "objective", "loss_function")
_NOT_MEANS = ("quantile", "absolute", "mae", "huber", "epsilon_insensitive")
# Losses whose targets must not be negative, as residuals are.
_NOT_NEGATIVE = ("poisson", "gamma", "tweedie")


def choose_update(name, workflow, labeller, settings, task):
    """Return the update of a name. "auto" mixes both where that is possible and else refits.

    Raises ValueError if labels are to be corrected and cannot be.
    """
    if name == "refit":
        return Refit()
    reason = why_refit(workflow, labeller, settings.estimator, task)
    if name == "auto":
        return Refit() if reason else Mixed()
    if reason:
        raise ValueError(
            f"update={name!r} cannot be used: {reason}. Use update='auto', which then refits."
        )
    return UPDATES[name]()


def why_refit(workflow, labeller, estimator, task):
    """Return why labels cannot be corrected where they are, or an empty text."""
    if estimator is None:
        return "there is no estimator"
    if type(workflow) is not Fresh:
        return "the workflow keeps batches or takes no new rows"
    if not isinstance(labeller, Corrected):
        return "labels are made in another way"
    if weight_parameter(estimator) is None:
        return "the estimator takes no sample_weight"
    if task.classes is not None and not hasattr(estimator, "predict_proba"):
        return "the classifier has no predict_proba"
    if task.classes is not None or not hasattr(estimator, "get_params"):
        return ""
    for parameter, value in estimator.get_params().items():
        reason = _why_refit_loss(parameter.rsplit("__", 1)[-1], value)
        if reason:
            return f"{parameter}={value!r} {reason}"
    return ""


def _why_refit_loss(parameter, value):
    if parameter == "quantile" and value is not None:
        return "predicts no mean"
    if parameter not in _LOSS_PARAMETERS:
        return ""
    text = str(value).lower()
    if any(word in text for word in _NOT_MEANS):
        return "predicts no mean"
    return "takes no residuals" if any(word in text for word in _NOT_NEGATIVE) else ""
