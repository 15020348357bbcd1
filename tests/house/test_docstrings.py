"""Every public class, function and method is documented in full, by numpydoc's own checks."""

import importlib
import inspect

import pytest

validate = pytest.importorskip("numpydoc.validate").validate

# No object is exempt from a check. Left out are the checks of numpydoc that are matters of taste
# (GL01: summary on a line of its own) or that scikit-learn does not follow either (extended
# summary, See Also for everything, leading verb).
CHECKS = {
    "GL03",  # double blank lines
    "GL05",  # tabs
    "GL06",  # unknown section
    "GL07",  # sections out of order
    "GL08",  # no docstring
    "PR01",  # parameters not documented
    "PR02",  # unknown parameters documented
    "PR03",  # parameters in another order
    "PR04",  # parameter without type
    "PR07",  # parameter without description
    "PR10",  # missing space before the colon
    "RT03",  # return value without description
    "SS01",  # no summary
    "SS03",  # summary does not end with a period
    "SS05",  # summary does not start with a verb in the infinitive
    "SS06",  # summary longer than a line
    "YD01",  # no Yields section
}
CHECKS_OF_CALLABLES = CHECKS | {"RT01"}  # no Returns section
EXAMPLE = {"EX01"}  # no Examples section


def _public_objects():
    import pkgutil

    import skcollapse

    names = [part.name for part in pkgutil.iter_modules(skcollapse.__path__, "skcollapse.")]
    for module_name in ["skcollapse", *names]:
        if module_name.rsplit(".", 1)[-1].startswith("_"):
            continue
        module = importlib.import_module(module_name)
        for name in getattr(module, "__all__", []):
            item = getattr(module, name)
            if inspect.isclass(item) or inspect.isfunction(item):
                yield f"{module_name}.{name}", item


def _own_methods(path, cls):
    """Public methods written in this package; what scikit-learn adds is scikit-learn's."""
    for name, member in inspect.getmembers(cls):
        if name.startswith("_") or not callable(member) or inspect.isclass(member):
            continue
        if getattr(inspect.unwrap(member), "__module__", "").startswith("skcollapse"):
            yield f"{path}.{name}", member


PUBLIC = dict(_public_objects())
CLASSES = {path: item for path, item in PUBLIC.items() if inspect.isclass(item)}
FUNCTIONS = {path: item for path, item in PUBLIC.items() if not inspect.isclass(item)}
METHODS = {p: m for path, cls in CLASSES.items() for p, m in _own_methods(path, cls)}


def _overridden(cls, name):
    """Return the path and the function of the docstring that an override inherits, or None."""
    for base in cls.__mro__:
        function = vars(base).get(name)
        if getattr(function, "__doc__", None):
            return f"{base.__module__}.{base.__qualname__}.{name}", function
    return None


def _complaints_of_method(cls, path, method):
    """Return what numpydoc says; an override without docstring is documented by its base."""
    if method.__doc__ or not (overridden := _overridden(cls, path.rsplit(".", 1)[1])):
        return _complaints(path, CHECKS_OF_CALLABLES)
    there, function = overridden
    own, inherited = (list(inspect.signature(f).parameters) for f in (method, function))
    if own != inherited:
        return [f"GL08: parameters {own} are not those that {there} documents, {inherited}"]
    return _complaints(there, CHECKS_OF_CALLABLES)


def _complaints(path, checks):
    found = validate(path)["errors"]
    return [f"{code}: {text}" for code, text in found if code in checks]


@pytest.mark.parametrize("path", CLASSES)
def test_class(path):
    assert _complaints(path, CHECKS | EXAMPLE) == []


@pytest.mark.parametrize("path", FUNCTIONS)
def test_function(path):
    assert _complaints(path, CHECKS_OF_CALLABLES | EXAMPLE) == []


@pytest.mark.parametrize("path", METHODS)
def test_method(path):
    assert _complaints_of_method(CLASSES[path.rsplit(".", 1)[0]], path, METHODS[path]) == []


@pytest.mark.parametrize("path", PUBLIC)
def test_example_runs_code(path):
    assert ">>>" in (PUBLIC[path].__doc__ or "")


@pytest.mark.parametrize("path", [p for p, cls in CLASSES.items() if hasattr(cls, "fit")])
def test_class_with_fit_documents_attributes(path):
    assert "Attributes\n" in inspect.getdoc(CLASSES[path])


def test_public_objects_are_found():
    assert "skcollapse.RecursiveMixRegressor" in CLASSES
    assert "skcollapse.RecursiveMixRegressor.fit" in METHODS
    assert FUNCTIONS


@pytest.fixture
def planted():
    """A function with one of everything wrong, placed where numpydoc can import it."""
    import skcollapse

    def unlucky(a, b):
        """summary without a period

        Parameters
        ----------
        b : int

        c : int
            Not a parameter.
        """
        return a + b

    skcollapse._unlucky = unlucky
    yield "skcollapse._unlucky"
    del skcollapse._unlucky


def test_gaps_are_reported(planted):
    codes = {text.split(":")[0] for text in _complaints(planted, CHECKS_OF_CALLABLES | EXAMPLE)}
    assert {"PR01", "PR02", "PR07", "RT01", "SS03", "EX01"} <= codes


class _Base:
    def documented(self, a):
        """Return a number.

        Parameters
        ----------
        a : int
            A number.

        Returns
        -------
        a : int
            The number.
        """

    def undocumented(self, a):
        return a


class _Override(_Base):
    def documented(self, a):
        return a

    def undocumented(self, a):
        return a


class _OtherParameters(_Base):
    def documented(self, a, b):
        return a + b


@pytest.mark.parametrize(
    ("cls", "name", "found"),
    [
        (_Override, "documented", []),
        (_Override, "undocumented", ["GL08"]),
        (_OtherParameters, "documented", ["GL08"]),
    ],
)
def test_an_override_may_inherit_its_docstring(cls, name, found, monkeypatch):
    import skcollapse

    for planted in (_Base, cls):
        monkeypatch.setattr(skcollapse, planted.__name__, planted, raising=False)
        monkeypatch.setattr(planted, "__module__", "skcollapse")
    path = f"skcollapse.{cls.__name__}.{name}"
    complaints = _complaints_of_method(cls, path, getattr(cls, name))
    assert [text.split(":")[0] for text in complaints] == found
