"""Named search spaces. A preset is a constant; `presets()` lists them."""

from collections.abc import Container
from dataclasses import dataclass, field

from hpsoft.errors import SpaceError, unknown
from hpsoft.optimizers.protocol import Space


@dataclass(frozen=True)
class Preset:
    """A search space with a name."""

    name: str
    description: str
    space: Space
    made_for: str = "sgd"  # which optimizers have these hyperparameters
    source: str = ""  # where the values are published
    C: tuple[float, ...] = ()  # strengths of L2 as scikit-learn has them: see space/strength.py
    beside: Space = field(default_factory=dict)  # of hyperparameters that some optimizers lack

    def values(self, known: Container[str]) -> Space:
        """Return the space for an optimizer's hyperparameters, strengths that are C's as `C`."""
        strengths = {"C": self.C} if self.C else {}
        beside = {name: values for name, values in self.beside.items() if name in known}
        return {**self.space, **strengths, **beside}


_BATCH_SIZES = (8, 16, 32, 64, 128, 256, 512, 1024)


def _exact(
    name: str, description: str, C: tuple[float, ...], source: str, iterations: int = 1000
) -> Preset:
    """Return a preset of strengths, each to the optimum of its cost."""
    return Preset(
        name,
        description,
        {"iterations": (iterations,)},
        made_for="newton or lbfgs",
        source=source,
        C=C,
        beside={"damping": (0.0,), "memory": (10,)},
    )


_SENTEVAL = (
    "Each to the optimum, at most 100 iterations; features as they are, --scale raw; --metric "
    "accuracy chooses as the original does. What differs: one softmax, where scikit-learn of its "
    "time fitted each class against the rest and counted the bias among what L2 shrinks."
)
_SENTEVAL_SOURCE = (
    "Conneau, Kiela, SentEval (arXiv 1803.05449), and senteval/tools/validation.py of "
    "facebookresearch/SentEval"
)
_PRESETS = (
    Preset(
        "fashion-mnist",
        "The reference's grid, sgd on raw pixels 0..255: 8 values each, 4096 trials.",
        {
            "epochs": (5, 10, 15, 20, 25, 30, 35, 40),
            "batch_size": _BATCH_SIZES,
            "learning_rate": (1e-8, 2e-8, 5e-8, 1e-7, 2e-7, 5e-7, 1e-6, 2e-6),
            "alpha": (1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3, 1e4),
        },
    ),
    Preset(
        "fashion-mnist-unit",
        "About the same models, sgd on pixels scaled to 0..1 (--scale unit): 4096 trials.",
        {  # learning rates times 255^2, strengths over 255^2
            "epochs": (5, 10, 15, 20, 25, 30, 35, 40),
            "batch_size": _BATCH_SIZES,
            "learning_rate": (5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1),
            "alpha": (1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1),
        },
    ),
    Preset(
        "fashion-mnist-small",
        "A first look, sgd on raw pixels 0..255: 81 trials around the best of the full grid.",
        {
            "epochs": (5, 10, 20),
            "batch_size": (32, 128, 512),
            "learning_rate": (1e-7, 2e-7, 5e-7),
            "alpha": (1.0, 1e1, 1e2),
        },
    ),
    Preset(
        "dinov2-linear",
        "DINOv2's linear evaluation: 13 learning rates, without L2. Name its four feature sets by "
        "--feature-set: the class token of the last block, of the last four, and each with the "
        "mean of the last block's patch tokens behind it; features as they are, --scale raw; "
        "--metric accuracy chooses as the original does. The learning rates are those for 256 "
        "samples a step, which the original multiplies by its samples a step over 256. What "
        "differs: there they fall along a cosine, here they are constant; there images are cropped "
        "and mirrored anew in every pass, and 10 epochs are 12,500 steps, here 10 passes over "
        "stored features; there weights begin at random (standard deviation 0.01), here at zero.",
        {
            "epochs": (10,),
            "batch_size": (256,),
            "learning_rate": (
                *(1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3),
                *(2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 1e-1),
            ),
            "alpha": (0.0,),
        },
        made_for="momentum or sgd",
        source="Oquab et al., DINOv2 (arXiv 2304.07193), and dinov2/eval/linear.py of "
        "facebookresearch/dinov2: momentum 0.9, weight decay 0, 1 or 4 blocks, with and without "
        "avgpool",
        beside={"momentum": (0.9,), "nesterov": (0,)},
    ),
    _exact(
        "dinov2-logreg",
        "DINOv2's logistic regression: 45 strengths of L2, C from 1e-6 to 1e5, each to the "
        "optimum, at most 1000 iterations; features as they are, --scale raw. The original "
        "chooses by accuracy (--metric accuracy) on a tenth of the training part (--val-fraction "
        "0.1; drawn at random there, class by class here), in float64 (--dtype float64).",
        tuple(10 ** (-6 + 11 * k / 44) for k in range(45)),
        "dinov2/eval/log_regression.py of facebookresearch/dinov2: C = 10^linspace(-6, 5, 45), "
        "cuML's L-BFGS, max_iter 1000, tol 1e-12",
    ),
    _exact(
        "clip",
        "CLIP's linear probe: strengths of L2 from 1e-6 to 1e6 in 96 steps, 8 a decade, each to "
        "the optimum, at most 1000 iterations, chosen on the validation part; features as they "
        "are, --scale raw. What differs: the original tries every second power of ten first and "
        "then halves the interval around the best down to an eighth of a decade, here all 97 are "
        "tried; it chooses by the metric of each data set, mostly accuracy (--metric accuracy). "
        "Its lambda is read as scikit-learn's C, or as 1 / C: the values are the same.",
        tuple(10 ** (k / 8) for k in range(-48, 49)),
        "Radford et al., Learning transferable visual models from natural language supervision "
        "(arXiv 2103.00020), appendix A.3: scikit-learn's L-BFGS, max_iter 1000",
    ),
    _exact(
        "senteval",
        f"SentEval's logistic regression where a validation part is given or, without a test "
        f"part, folds within folds choose: 6 strengths of L2, C from 2^-2 to 2^3. {_SENTEVAL}",
        tuple(2.0**t for t in range(-2, 4)),
        f"{_SENTEVAL_SOURCE} (SplitClassifier, InnerKFoldClassifier): C = 2^t, t = -2 .. 3, "
        "without usepytorch",
        iterations=100,
    ),
    _exact(
        "senteval-cv",
        f"SentEval's logistic regression where there is a test part and no validation part: 7 "
        f"strengths of L2, C from 2^-1 to 2^5, chosen by 5 folds, --cv 5. {_SENTEVAL}",
        tuple(2.0**t for t in range(-1, 6)),
        f"{_SENTEVAL_SOURCE} (KFoldClassifier): C = 2^t, t = -1 .. 5, without usepytorch",
        iterations=100,
    ),
)


def presets() -> tuple[Preset, ...]:
    """Return every named search space."""
    return _PRESETS


def find_preset(name: str) -> Preset:
    """Return a preset.

    Raises:
        SpaceError: no preset has that name.
    """
    by_name = {preset.name: preset for preset in _PRESETS}
    if name not in by_name:
        raise SpaceError(unknown("preset", name, by_name))
    return by_name[name]


def preset_space(name: str) -> Space:
    """Return the space of a preset, as far as it is the same for all data. Raises likewise."""
    return find_preset(name).space
