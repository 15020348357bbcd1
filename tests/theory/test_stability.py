"""Statements about retraining near the best model, with infinite samples."""

import numpy as np
import pytest

from skcollapse.theory import retraining_jacobian, stability_condition

DEGREES = 4  # of freedom of the Student model that is retrained below


def random_pair(seed, n_parameters=4):
    """A positive definite and a singular positive semidefinite matrix."""
    rng = np.random.default_rng(seed)
    root, low = rng.standard_normal((2, n_parameters, n_parameters))
    low[:, 0] = 0
    return root @ root.T + 0.1 * np.eye(n_parameters), low @ low.T


# Expectations over a standard Student law: points sinh(y), exact to about 1e-12.
Y = np.linspace(-14, 14, 1401)
STUDENT = np.sinh(Y)
STUDENT_MASS = (1 + STUDENT**2 / DEGREES) ** (-(DEGREES + 1) / 2) * np.cosh(Y)
STUDENT_MASS /= STUDENT_MASS.sum()

# The real law: two Gaussians, far from any Student law.
REAL = np.linspace(-10, 14, 1201)
REAL_MASS = 0.6 * np.exp(-((REAL + 1.5) ** 2) / 2) + 0.4 * np.exp(-((REAL - 3) ** 2) / 0.72) / 0.6
REAL_MASS /= REAL_MASS.sum()


def negative_log_likelihood(theta, points, mass):
    location, scale = theta[0], np.exp(theta[1])
    z = (points - location) / scale
    return theta[1] + mass @ np.log1p(z**2 / DEGREES) * (DEGREES + 1) / 2


def best_student(points, mass, theta, n_steps=400):
    """Location and log scale of the best Student law, by EM from `theta`."""
    location, scale = theta[0], np.exp(theta[1])
    for _ in range(n_steps):
        pull = mass * (DEGREES + 1) / (DEGREES + ((points - location) / scale) ** 2)
        moved = pull @ points / pull.sum()
        scale, before = np.sqrt(pull @ (points - moved) ** 2 / mass.sum()), (location, scale)
        location = moved
        if np.hypot(location - before[0], scale - before[1]) < 1e-14:
            break
    return np.array([location, np.log(scale)])


def retrain(theta, lam):
    """Maximise the likelihood of the real law plus lam times that of the model at theta."""
    own = theta[0] + np.exp(theta[1]) * STUDENT
    points, mass = np.hstack([REAL, own]), np.hstack([REAL_MASS, lam * STUDENT_MASS])
    return best_student(points, mass, theta)


def hessian(theta, points, mass, step=1e-3):
    """Second differences of the negative log-likelihood."""
    moves = step * np.eye(2)

    def nll(move):
        return negative_log_likelihood(theta + move, points, mass)

    return np.array(
        [[nll(a + b) - nll(a - b) - nll(b - a) + nll(-a - b) for b in moves] for a in moves]
    ) / (4 * step**2)


@pytest.fixture(scope="module")
def student():
    """The best model with the Hessian and the Fisher information there."""
    best = best_student(REAL, REAL_MASS, np.zeros(2), n_steps=5000)
    own = best[0] + np.exp(best[1]) * STUDENT
    return best, hessian(best, REAL, REAL_MASS), hessian(best, own, STUDENT_MASS)


def numerical_jacobian(best, lam, step=1e-3):
    """Central differences of one retraining at the best model."""
    moves = step * np.eye(2)
    ends = [retrain(best + move, lam) - retrain(best - move, lam) for move in moves]
    return np.transpose(ends) / (2 * step)


def test_condition_by_hand():
    # kappa = 1 + 0.5 * 2 / 4 = 1.25.
    condition = stability_condition(0.2, error=0.5, lipschitz=2.0, curvature=4.0)
    assert condition.kappa == 1.25
    assert condition.lam_max == 0.4
    assert condition.satisfied
    assert condition.rate_bound == pytest.approx(0.25 / 0.75, rel=1e-15)
    assert condition.rate == pytest.approx(0.25 / 1.25, rel=1e-15)


def test_well_specified_model_has_the_published_threshold_of_one_half():
    condition = stability_condition([0.4, 0.5, 1.0, 4.0], 0.0, 3.0, 1.0)
    assert condition.satisfied.tolist() == [True, False, False, False]
    assert condition.lam_max == 0.5
    assert condition.rate_bound == pytest.approx([2 / 3, 1, np.inf, np.inf])
    assert condition.rate == pytest.approx([0.2857, 0.3333, 0.5, 0.8], abs=5e-5)


def test_condition_is_the_point_where_the_published_bound_reaches_one():
    kappa = stability_condition(0.0, 2.0, 3.0, 5.0).kappa
    lam = np.linspace(0, 0.99 / kappa, 50)
    condition = stability_condition(lam, 2.0, 3.0, 5.0)
    np.testing.assert_array_equal(condition.satisfied, condition.rate_bound < 1)
    assert np.all(condition.rate <= condition.rate_bound)


def test_every_finite_lam_has_a_rate_below_one():
    condition = stability_condition([0.0, 1.0, 1e3, np.inf], 1.0, 1.0, 1.0)
    assert condition.rate[0] == 0.0
    assert np.all(condition.rate[:-1] < 1)
    assert condition.rate[-1] == 1.0
    assert condition.rate_bound[-1] == np.inf


def test_jacobian_by_hand():
    # lam = 2, P = diag(1, 2), F = [[1, 0], [0, 4]]: J = diag(2 / 3, 8 / 10).
    retraining = retraining_jacobian(np.diag([1.0, 2.0]), np.diag([1.0, 4.0]), 2.0)
    np.testing.assert_allclose(retraining.jacobian, np.diag([2 / 3, 0.8]), rtol=1e-14)
    assert retraining.spectral_radius == pytest.approx(0.8, rel=1e-14)


@pytest.mark.parametrize("lam", [0.0, 0.3, 5.0, 100.0])
def test_spectral_radius_is_the_largest_eigenvalue_and_below_one(lam):
    for seed in range(5):
        P, F = random_pair(seed)
        retraining = retraining_jacobian(P, F, lam)
        largest = np.abs(np.linalg.eigvals(retraining.jacobian)).max()
        assert retraining.spectral_radius == pytest.approx(largest, rel=1e-9, abs=1e-12)
        assert retraining.spectral_radius < 1
        direct = lam * np.linalg.inv(P + lam * F) @ F
        np.testing.assert_allclose(retraining.jacobian, direct, atol=1e-10)


def test_equal_information_shrinks_every_direction_alike():
    P, _ = random_pair(0)
    retraining = retraining_jacobian(P, P, 4.0)
    np.testing.assert_allclose(retraining.jacobian, 0.8 * np.eye(4), atol=1e-12)
    well_specified = stability_condition(4.0, 0.0, 1.0, 1.0)
    assert retraining.spectral_radius == pytest.approx(well_specified.rate, rel=1e-12)


def test_linear_retraining_follows_its_jacobian_exactly():
    # Quadratic log-likelihoods: the maximiser solves (P + lam F) theta' = lam F theta.
    P, F = random_pair(3)
    theta = np.arange(4.0)
    step = np.linalg.solve(P + 0.7 * F, 0.7 * F @ theta)
    np.testing.assert_allclose(retraining_jacobian(P, F, 0.7).jacobian @ theta, step, rtol=1e-9)


@pytest.mark.parametrize("lam", [0.1, 1.0, 4.0])
def test_retraining_of_a_misspecified_student_model_has_this_jacobian(student, lam):
    # Population iteration by quadrature and EM: no random numbers; agreement to 1e-4.
    best, P, F = student
    found = numerical_jacobian(best, lam)
    np.testing.assert_allclose(found, retraining_jacobian(P, F, lam).jacobian, atol=1e-4)
    # The check can fail: the Jacobian of a lam one percent larger is caught.
    wrong = retraining_jacobian(P, F, 1.01 * lam).jacobian
    assert np.abs(found - wrong).max() > 3e-4


def test_retrained_student_models_near_the_best_one_at_the_spectral_radius(student):
    best, P, F = student
    theta = best + np.array([0.05, 0.05])
    distances = []
    for _ in range(40):
        theta = retrain(theta, 1.0)
        distances.append(np.linalg.norm(theta - best))
    rate = distances[20] / distances[19]
    assert rate == pytest.approx(retraining_jacobian(P, F, 1.0).spectral_radius, rel=2e-3)
    assert distances[-1] < 1e-9


def test_misspecified_student_model_is_stable_where_the_condition_fails(student):
    _, P, F = student
    curvature = np.linalg.eigvalsh(P)[0]
    # The least error * L that (P, F) allow, since F <= P + error L.
    excess = np.linalg.eigvalsh(F - P)[-1]
    condition = stability_condition(1.0, max(excess, 0.0), 1.0, curvature)
    assert not condition.satisfied
    radius = retraining_jacobian(P, F, 1.0).spectral_radius
    assert radius <= condition.rate + 1e-9 < 1


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: stability_condition(-1, 0, 1, 1), "lam"),
        (lambda: stability_condition(1, -1, 1, 1), "error"),
        (lambda: stability_condition(1, 0, np.inf, 1), "lipschitz"),
        (lambda: stability_condition(1, 0, 1, 0), "curvature"),
        (lambda: retraining_jacobian(np.ones(3), np.eye(3), 1), "hessian must be a square"),
        (lambda: retraining_jacobian([[1, 2], [0, 1]], np.eye(2), 1), "hessian must be symm"),
        (lambda: retraining_jacobian(np.zeros((2, 2)), np.eye(2), 1), "hessian must be positive"),
        (lambda: retraining_jacobian(np.eye(2), -np.eye(2), 1), "fisher must have no negative"),
        (lambda: retraining_jacobian(np.eye(2), np.eye(3), 1), "fisher must have the shape"),
        (lambda: retraining_jacobian(np.eye(2), np.full((2, 2), np.nan), 1), "fisher must be fin"),
        (lambda: retraining_jacobian(np.eye(2), np.eye(2), np.inf), "lam must be finite"),
        (lambda: retraining_jacobian(np.eye(2), np.eye(2), [1.0, 2.0]), "lam must be one"),
    ],
)
def test_invalid_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()
