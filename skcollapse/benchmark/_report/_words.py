"""The plain words of a report: what the numbers say about one table."""

from __future__ import annotations

from collections.abc import Iterable

from skcollapse.benchmark._options import DEFAULTS
from skcollapse.benchmark._report._comparisons import Comparison, Difference, Setting, count_noun
from skcollapse.benchmark._streams import METRIC_LABELS

__all__ = ["answers", "describe", "lead"]

_REAL_ONLY, _ALL_REAL = Setting("real_only"), Setting("all_real")
_RULE = str(DEFAULTS["lam"])
_NAIVE = "proportional"
# Longer lists are in the tables.
_MOST_NAMED = 3


def lead(comparisons: list[Comparison]) -> list[str]:
    """Sum up all comparisons in a few sentences."""
    with_reference = [x for x in comparisons if _REAL_ONLY in x.final_scores]
    verdicts = [(comparison, _default(comparison)) for comparison in with_reference]
    judged = [(comparison, setting) for comparison, setting in verdicts if setting is not None]
    if not judged:
        return ["There is no run with both RecursiveMix and real_only, so nothing to compare."]
    differences = [comparison.difference(setting, _REAL_ONLY) for comparison, setting in judged]
    gains = sum(each.is_gain for each in differences)
    losses = [x for (x, _), each in zip(judged, differences, strict=True) if each.is_loss]
    behind = f"in {len(losses)}: {_listed(x.name for x in losses)}" if losses else "in none"
    return [
        f"RecursiveMix is ahead of a model of the newest batch alone in {gains} of "
        f"{count_noun(len(judged), 'comparison')}, and behind {behind}.",
        "A difference counts here when it is larger than two standard errors over the streams "
        "that were cut from a table. A best setting was chosen on the rows that it is judged by, "
        "which flatters it a little.",
    ]


def answers(comparison: Comparison) -> list[tuple[str, str]]:
    """Return questions and answers about one comparison."""
    if _REAL_ONLY not in comparison.final_scores or not comparison.default_settings:
        return [("Where did it fail?", _failures(comparison))]
    return [
        ("How many synthetic rows are safe?", _safe(comparison)),
        ("Which lam?", _which_lam(comparison)),
        ("What does it cost?", _cost(comparison)),
        ("Where did it fail?", _failures(comparison)),
    ]


def _default(comparison: Comparison) -> Setting | None:
    """Return the setting that a user gets, or the best one where it was not tried."""
    settings = comparison.default_settings
    by_rule = [setting for setting in settings if setting.lam == _RULE] or settings
    wanted = f"{DEFAULTS['n_synthetic']:g}"
    by_number = [setting for setting in by_rule if setting.n_synthetic == wanted] or by_rule
    return max(by_number, key=comparison.mean, default=None)


def _safe(comparison: Comparison) -> str:
    found = []
    rules = dict.fromkeys(setting.lam for setting in comparison.default_settings)
    rule = _RULE if _RULE in rules else max(comparison.default_settings, key=comparison.mean).lam
    for lam in dict.fromkeys((rule, _NAIVE)):
        settings = [setting for setting in comparison.default_settings if setting.lam == lam]
        tried = sorted(settings, key=lambda setting: setting.n_per_real)
        if tried:
            found.append(_safe_under(comparison, lam, tried))
    return " ".join(found)


def _safe_under(comparison: Comparison, lam: str, tried: list[Setting]) -> str:
    losses = [comparison.difference(setting, _REAL_ONLY) for setting in tried]
    first_bad = next((i for i, loss in enumerate(losses) if loss.is_loss), None)
    how = "without weights (lam=proportional)" if lam == _NAIVE else f"with lam={lam}"
    if first_bad is None:
        most = _number_of_rows(tried[-1])
        return f"{_upper(how)}: {most}, the most that was tried, {_is(tried[-1])} safe."
    loss = (
        f"with {_number_of_rows(tried[first_bad])} the score is {_plain(losses[first_bad])} below"
    )
    if first_bad == 0:
        return f"{_upper(how)}: no number that was tried is safe; {loss} the newest batch alone."
    safe = tried[first_bad - 1]
    return (
        f"{_upper(how)}: {_number_of_rows(safe)} {_is(safe)} safe; {loss} the newest batch alone."
    )


def _which_lam(comparison: Comparison) -> str:
    best = max(comparison.default_settings, key=comparison.mean)
    score = f"{comparison.mean(best):.3f}"
    metric = METRIC_LABELS[comparison.metric]
    text = f"lam={best.lam} with {_number_of_rows(best)} has the best {metric}, {score}."
    rules = [setting for setting in comparison.default_settings if setting.lam == _RULE]
    if best.lam == _RULE or not rules:
        return text
    rule = max(rules, key=comparison.mean)
    behind = comparison.difference(rule, best)
    if behind.is_loss:
        return f"{text} The default, lam={_RULE}, is {_plain(behind)} behind, which is not noise."
    return (
        f"{text} The default, lam={_RULE}, is {_plain(behind)} behind, which is within the noise: "
        "keep the default."
    )


def _cost(comparison: Comparison) -> str:
    setting = _default(comparison)
    if setting is None or _ALL_REAL not in comparison.final_scores:
        return "all_real did not run, so there is nothing to compare with."
    mine, kept, newest = comparison.means(setting, _ALL_REAL, _REAL_ONLY)
    lost = comparison.difference(setting, _ALL_REAL)
    gap = comparison.difference(_ALL_REAL, _REAL_ONLY)
    name = f"lam={setting.lam} with {_number_of_rows(setting)}"
    if not gap.is_gain:
        text = (
            f"Deleting rows costs nothing that shows here: a model of every row scores "
            f"{kept:.3f}, one of the newest batch {newest:.3f}, and {name} "
            f"{mine:.3f}."
        )
    else:
        share = 100 * (mine - newest) / (kept - newest)
        text = (
            f"A model of every row ever seen scores {kept:.3f}, one of the newest batch "
            f"{newest:.3f}, and {name} {mine:.3f}: {_against(lost)}, "
            f"{share:.0f}% of the gap recovered."
        )
    return f"{text} {_time(comparison, setting)}"


def _time(comparison: Comparison, setting: Setting) -> str:
    mine, theirs = comparison.seconds[setting], comparison.seconds[_ALL_REAL]
    ratio = mine / theirs if theirs > 0 else float("nan")
    return (
        f"All fits of a stream take {_seconds(mine)}, {ratio:.2g} times those of the model of "
        "every row."
    )


def _failures(comparison: Comparison) -> str:
    failed = comparison.rows[comparison.rows["error"] != ""]
    sentences = []
    if len(failed):
        names = failed["error"].str.split(":").str[0].value_counts()
        kinds = ", ".join(f"{name} ({count})" for name, count in names.items())
        sentences.append(
            f"{count_noun(len(failed), 'cell')} failed: {kinds}; see the table of errors."
        )
    else:
        sentences.append("No cell failed.")
    if _REAL_ONLY in comparison.final_scores:
        worse = {
            setting: comparison.difference(setting, _REAL_ONLY)
            for setting in comparison.final_scores
            if setting.method == "recursive_mix"
        }
        bad = sorted((s for s, loss in worse.items() if loss.is_loss), key=lambda s: worse[s].mean)
        if bad:
            named = _listed(f"{describe(s)} ({_plain(worse[s])})" for s in bad)
            sentences.append(
                f"{count_noun(len(bad), 'setting')} of {len(worse)} "
                f"{'is' if len(bad) == 1 else 'are'} worse than the newest batch alone: {named}."
            )
        elif worse:
            sentences.append("No setting is worse than the newest batch alone beyond the noise.")
    return " ".join(sentences)


def describe(setting: Setting) -> str:
    """Name a setting."""
    if setting.method != "recursive_mix":
        return setting.method
    workflow = "" if setting.workflow == "fresh" else setting.workflow
    fields = (f"lam={setting.lam}", workflow, setting.labels, setting.synthesizer)
    return ", ".join([*(text for text in fields if text), f"m = {setting.n_synthetic} n"])


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    more = len(names) - _MOST_NAMED
    shown = "; ".join(names[:_MOST_NAMED])
    return f"{shown}; and {more} more" if more > 0 else shown


def _number_of_rows(setting: Setting) -> str:
    if setting.n_synthetic.endswith("rows"):
        return f"{setting.n_synthetic.split()[0]} synthetic rows a batch"
    plural = "" if setting.n_synthetic == "1" else "s"
    return f"{setting.n_synthetic} synthetic row{plural} for each real one"


def _is(setting: Setting) -> str:
    return "is" if setting.n_synthetic == "1" else "are"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _plain(difference: Difference) -> str:
    size = abs(difference.mean)
    error = f" ± {difference.error:.3f}" if difference.error == difference.error else ""
    return "less than 0.001" if size < 0.0005 else f"{size:.3f}{error}"


def _against(lost: Difference) -> str:
    if abs(lost.mean) < 0.0005:
        return "the same as with every row"
    return f"{_plain(lost)} {'less' if lost.mean < 0 else 'more'} than with every row"


def _seconds(value: float) -> str:
    return f"{value:.2g} s" if value < 100 else f"{value / 60:.1f} min"
