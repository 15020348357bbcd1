"""A synthesizer in one file: rows are drawn around the centres of clusters."""

import numpy as np
from sklearn.cluster import KMeans

from skcollapse.synthesizers import BaseSynthesizer, Column


class ClusterSynthesizer(BaseSynthesizer):
    """Draw a centre by its weight, then a normal deviation of every column around it."""

    def __init__(self, n_clusters=8, random_state=None):
        self.n_clusters = n_clusters
        self.random_state = random_state

    def _begin_fit(self, specs, target):
        for spec in specs:
            if spec.kind != "number":
                raise ValueError(f"Column {spec.name!r} must hold real numbers.")

    def _fit(self, columns, sample_weight, target, previous=None):
        matrix = np.column_stack([column.values for column in columns])
        start = "k-means++"
        if previous is not None and previous.centres_.shape == (self.n_clusters, matrix.shape[1]):
            start = previous.centres_  # KMeans copies it
        kmeans = KMeans(self.n_clusters, init=start, n_init=1, random_state=self.random_state)
        cluster = kmeans.fit_predict(matrix, sample_weight=sample_weight)
        weights = np.eye(self.n_clusters)[cluster] * sample_weight[:, None]
        masses, squares = weights.sum(axis=0), (matrix - kmeans.cluster_centers_[cluster]) ** 2
        # Three small arrays: the fitted object does not grow with the rows or the generations.
        self.centres_ = kmeans.cluster_centers_
        self.shares_ = masses / masses.sum()
        self.spreads_ = np.sqrt(weights.T @ squares / masses[:, None])

    def _sample(self, n_samples, generator):
        drawn = generator.choice(self.n_clusters, n_samples, p=self.shares_)
        normal = generator.standard_normal((n_samples, self.centres_.shape[1]))
        matrix = self.centres_[drawn] + self.spreads_[drawn] * normal
        return [Column("number", values, np.isnan(values)) for values in matrix.T]
