"""What a user would write instead of `hpsoft search --sampler`: plain Optuna around one model at a
time.

The sampler and the pruner are the same objects, with the same seeds and options, that hpsoft
makes, and see hyperparameters alike, as places in the lists of values. float32, NumPy.
"""

import time
from dataclasses import dataclass, field

import numpy as np
import optuna
from threadpoolctl import threadpool_limits

from hpsoft.engine.evaluate import evaluate
from hpsoft.study.identity import NONE
from hpsoft.tuning.prepared import Prepared
from hpsoft.tuning.samplers import make_pruner, make_sampler


@dataclass
class Objective:
    """Trains one model from zero, and reports at the listed values of epochs."""

    prepared: Prepared
    passes: int = field(default=0, init=False)  # trained so far

    def __post_init__(self) -> None:
        self.setting, self.space = self.prepared.setting, self.prepared.grid.space
        n_classes = self.setting.n_classes
        (self.fold,) = self.setting.folds
        self.one_hot = np.eye(n_classes, dtype=np.float32)[self.fold.labels]

    def __call__(self, trial: optuna.Trial) -> float:
        # In hpsoft's order: the same seed then draws the same random points.
        places = {n: trial.suggest_int(n, 0, len(self.space[n]) - 1) for n in sorted(self.space)}
        params = {name: self.space[name][place] for name, place in places.items()}
        shape = self.fold.X.shape[1], self.setting.n_classes
        weights, bias = np.zeros(shape, np.float32), np.zeros(shape[1], np.float32)
        cost = np.inf
        for epoch in range(int(params["epochs"])):
            self._pass(weights, bias, epoch, params)
            self.passes += 1
            if epoch + 1 in self.space["epochs"]:
                cost = self._cost(weights, bias)
                trial.report(cost, epoch + 1)
                if trial.should_prune():
                    raise optuna.TrialPruned
        return cost

    def _pass(
        self, weights: np.ndarray, bias: np.ndarray, epoch: int, params: dict[str, float]
    ) -> None:
        order, size = self.setting.problem.order(epoch), int(params["batch_size"])
        rate, alpha = np.float32(params["learning_rate"]), np.float32(params["alpha"])
        for first in range(0, len(order), size):
            batch = order[first : first + size]
            X = self.fold.X[batch]
            logits = X @ weights + bias
            p = np.exp(logits - logits.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            error = (p - self.one_hot[batch]) / np.float32(len(batch))
            weights -= rate * (X.T @ error + alpha * weights)
            bias -= rate * error.sum(axis=0)

    def _cost(self, weights: np.ndarray, bias: np.ndarray) -> float:
        state = {"weights": weights[:, :, None], "bias": bias[:, None]}
        X, labels = self.fold.X_validation, self.fold.labels_validation
        return float(evaluate(X, labels, self.setting.n_classes, state).cross_entropy[0])


def search(
    prepared: Prepared, sampler: str, pruner: str, n_trials: int, seed: int, threads: int | None
) -> tuple[float, float, int]:
    """Return seconds, best validation cost and passes; `threads` None: as many as BLAS takes."""
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    rungs = tuple(int(value) for value in prepared.grid.space["epochs"])
    study = optuna.create_study(
        study_name="plain",  # Hyperband deals trials to its brackets by it
        sampler=make_sampler(sampler, {}, seed),
        pruner=make_pruner(pruner, {}, rungs) if pruner != NONE else optuna.pruners.NopPruner(),
    )
    objective = Objective(prepared)
    began = time.perf_counter()
    with threadpool_limits(threads), np.errstate(all="ignore"):  # some points diverge
        study.optimize(objective, n_trials=n_trials)
    return time.perf_counter() - began, study.best_value, objective.passes
